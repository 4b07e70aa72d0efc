import { validateDefinition } from '../../pipeline/validate/index.ts'
import { defineCommand } from '../command.ts'
import { loadPipeline, shown } from '../load-pipeline.ts'
import { hasErrors, renderProblems, summarizeProblems } from '../render/problems.ts'

/** `foldwise validate`: all problems at once; exit 1 when one is an error. */
export const validate = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {},
  examples: ['foldwise validate pipeline.ts', 'foldwise validate out/Pipeline.json --json'],
  run: async ([file]) => {
    const loaded = await loadPipeline(file ?? '')
    const problems = validateDefinition(loaded.document, { origins: loaded.origins })
    return {
      data: { problems },
      text: colors =>
        [renderProblems(problems, colors), `${shown(loaded.file)}: ${summarizeProblems(problems)}`]
          .filter(part => part !== '')
          .join('\n'),
      exitCode: hasErrors(problems) ? 1 : 0,
    }
  },
})
