import { resolve } from 'node:path'
import { definitionHash, renderDefinition } from '../../pipeline/definition/index.ts'
import { defineCommand } from '../command.ts'
import { text, toggle } from '../flags.ts'
import { loadPipeline, shown } from '../load-pipeline.ts'
import { writeFileWhole } from '../write-file.ts'

/** `foldwise synth`: the definition JSON, offline and byte for byte the same on every machine. */
export const synth = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    stdout: toggle('--stdout', 'print the definition instead of writing a file'),
    out: text('--out <dir>', 'folder to write to (default: out)'),
  },
  examples: ['foldwise synth pipeline.ts', 'foldwise synth pipeline.ts --stdout | jq .Steps[].Name'],
  run: async ([file], { stdout, out }) => {
    const loaded = await loadPipeline(file ?? '')
    const definition = renderDefinition(loaded.document)
    if (stdout) return { data: loaded.document, text: () => definition.trimEnd() }
    const path = resolve(out ?? 'out', `${loaded.name}.json`)
    await writeFileWhole(path, definition)
    const bytes = Buffer.byteLength(definition)
    return {
      data: { name: loaded.name, path, bytes, sha256: definitionHash(loaded.document) },
      text: () => `${shown(path)}  ${loaded.document.Steps.length} steps at the top, ${bytes} bytes`,
    }
  },
})
