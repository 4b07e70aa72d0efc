import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { PipelineDefinition } from '../schemas/definition.ts'
import { UserError } from '../schemas/problem.ts'
import { type Clients, uploadFile } from '../pipeline/service/index.ts'

/** Bucket of the local SageMaker for what the command line uploads. */
export const LOCAL_BUCKET = 'foldwise-local'

/** Characters of the digest in the key: enough that two files of one name never meet by accident. */
const DIGEST_CHARACTERS = 16

/**
 * Checks that every data file exists and belongs to a String parameter, before anything is sent.
 *
 * @param data Absolute paths by parameter name.
 * @throws UserError for the first that does not.
 */
export async function checkLocalData(
  document: PipelineDefinition,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, path] of Object.entries(data)) {
    const parameter = document.Parameters?.find(({ Name }) => Name === name)
    if (parameter === undefined || (parameter.Type ?? 'String') !== 'String') {
      const strings = document.Parameters?.filter(({ Type }) => (Type ?? 'String') === 'String').map(({ Name }) => Name)
      throw new UserError(
        `Data file for "${name}": the pipeline has no String parameter of that name — its String parameters are ${strings?.join(', ') || 'none'} — name one of them.`,
        { exitCode: 2 },
      )
    }
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || !found.isFile()) {
      const what = found === undefined ? 'there is no such file' : 'this is not a file'
      throw new UserError(`Data file for "${name}": ${what} (${path}) — name an existing file.`, { exitCode: 2 })
    }
    if (found.size === 0) {
      throw new UserError(`Data file for "${name}": the file is empty (${path}) — it must hold records.`)
    }
  }
}

/** Uploads data files under a key that names their content. @returns the S3 URI of each by parameter name. */
export async function uploadLocalData(
  clients: Clients,
  data: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const uris: Record<string, string> = {}
  for (const [name, path] of Object.entries(data)) {
    const key = `data/${(await digestOf(path)).slice(0, DIGEST_CHARACTERS)}/${basename(path)}`
    await uploadFile(clients, path, { bucket: LOCAL_BUCKET, key })
    uris[name] = `s3://${LOCAL_BUCKET}/${key}`
  }
  return uris
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
