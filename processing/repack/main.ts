import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { repackContainer } from '../../schemas/containers.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { platformPath, reportFailure } from '../platform.ts'
import { repackModel } from './repack-model.ts'

try {
  const { inputs, outputs, modelFile } = repackContainer
  const counts = await repackModel({
    model: onlyArchive(platformPath(inputs.model), 'the model'),
    code: onlyArchive(platformPath(inputs.code), 'the code'),
    output: join(platformPath(outputs.model), modelFile),
  })
  const replaced = counts.replaced === 0 ? '' : `, in place of ${counts.replaced} that the model brought`
  console.log(`packed ${counts.model} entries of the model with ${counts.code} of code${replaced}`)
} catch (error) {
  reportFailure(error)
  process.exitCode = isUserError(error) ? 1 : 3
}

/** A model's archive has the name that its job gave it. */
function onlyArchive(folder: string, what: string): string {
  const found = readFiles(folder)
  const [only] = found
  if (found.length === 1 && only !== undefined) return join(folder, only)
  const names = found.length === 0 ? 'no file' : `${found.length} files (${found.slice(0, 3).join(', ')})`
  throw new UserError(`${folder}: there is ${names} where ${what} must lie — name the S3 URI of one .tar.gz.`)
}

function readFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder).filter(name => statSync(join(folder, name)).isFile())
}
