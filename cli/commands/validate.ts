import { extname } from 'node:path'
import { validateText } from '../../pipeline/validate/index.ts'
import { judgePipeline } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { loadPipeline, readPipelineFile } from '../load-pipeline.ts'
import { hasErrors, renderProblems, summarizeProblems } from '../render/problems.ts'

/** `foldwise validate`: all problems at once; exit 1 when one is an error. */
export const validate = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {},
  examples: ['foldwise validate pipeline.ts', 'foldwise validate out/Pipeline.json --json'],
  run: async ([file = '']) => {
    // A definition file is judged as text, so that broken JSON is a problem like any other.
    const problems =
      extname(file) === '.json'
        ? validateText(await readPipelineFile(file))
        : await judgePipeline(await loadPipeline(file))
    return {
      data: { problems },
      text: colors =>
        [renderProblems(problems, colors), `${file}: ${summarizeProblems(problems)}`]
          .filter(part => part !== '')
          .join('\n'),
      exitCode: hasErrors(problems) ? 1 : 0,
    }
  },
})
