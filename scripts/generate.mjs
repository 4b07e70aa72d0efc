// Writes the generated files, or with --check compares them: node scripts/generate.mjs [--check]
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { definitionTypes } from './generate/definition-types.mjs'
import { errorsDoc } from './generate/errors-doc.mjs'
import { imageUris } from './generate/image-uris.mjs'
import { serviceModel } from './generate/service-model.mjs'

/** Path of each generated file to the function that gives its text. */
const generated = {
  'schemas/generated/definition.ts': definitionTypes,
  'schemas/generated/image-uris.ts': imageUris,
  'schemas/service-model/service-model.json': serviceModel,
  'docs/errors.md': errorsDoc,
}

const check = process.argv.includes('--check')
let stale = 0
for (const [path, render] of Object.entries(generated)) {
  const text = await render()
  const found = await readFile(path, 'utf8').catch(() => undefined)
  if (found === text) continue
  if (check) {
    console.error(`${path} is not what its source gives: run "npm run generate" and commit the result.`)
    stale += 1
  } else {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    console.error(`wrote ${path}`)
  }
}
process.exitCode = stale === 0 ? 0 : 1
