import { resolve } from 'node:path'
import { definitionHash } from '../../pipeline/definition/index.ts'
import { renderProgram } from '../../pipeline/import/index.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { text } from '../flags.ts'
import { loadPipeline, shown } from '../load-pipeline.ts'
import { writeFileWhole } from '../write-file.ts'

/** `foldwise import`: a definition JSON as a program that emits the same document. */
export const importDefinition = defineCommand({
  positionals: [{ words: '<definition>', help: 'definition JSON, whoever wrote it' }],
  flags: {
    out: text('--out <file>', 'write the program to this file instead of printing it'),
    name: text('--name <name>', "the pipeline's name, which a definition does not say (default: the file's name)"),
  },
  examples: [
    'foldwise import definition.json --out pipeline.ts',
    'aws sagemaker describe-pipeline --pipeline-name P --query PipelineDefinition --output text > P.json && foldwise import P.json',
  ],
  run: async ([file = ''], { out, name }) => {
    if (!file.endsWith('.json')) {
      throw new UserError(
        `${file}: it is no definition — a definition is a file that ends in .json — name that file.`,
        {
          exitCode: 2,
        },
      )
    }
    const loaded = await loadPipeline(file)
    const pipelineName = name ?? loaded.name
    const program = render(() => renderProgram(loaded.document, { name: pipelineName }), file)
    if (out === undefined) return { data: { name: pipelineName, program }, text: () => program.trimEnd() }
    const path = resolve(out)
    await writeFileWhole(path, program)
    return {
      data: { name: pipelineName, path, sha256: definitionHash(loaded.document) },
      text: () => `${shown(path)}  ${program.split('\n').length - 1} lines`,
    }
  },
})

/** Says of which file a sentence speaks. */
function render(make: () => string, file: string): string {
  try {
    return make()
  } catch (error) {
    throw isUserError(error) ? new UserError(`${file}: ${error.message}`, { cause: error }) : error
  }
}
