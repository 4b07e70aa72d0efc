import { extname } from 'node:path'
import { formatProblems, problemFormats, type ProblemFormat, validateText } from '../../pipeline/validate/index.ts'
import { judgePipeline } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { choice } from '../flags.ts'
import { loadPipeline, readPipelineFile } from '../load-pipeline.ts'
import { hasErrors, painter } from '../render/problems.ts'

/** `foldwise validate`: all problems at once; exit 1 when one is an error. */
export const validate = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    format: choice('--format <format>', 'how problems are written', Object.keys(problemFormats) as ProblemFormat[]),
  },
  examples: [
    'foldwise validate pipeline.ts',
    'foldwise validate out/Pipeline.json --json',
    'foldwise validate pipeline.ts --format sarif > foldwise.sarif',
  ],
  run: async ([file = ''], { format = 'text' }) => {
    // A definition file is judged as text, so that broken JSON is a problem like any other.
    const problems =
      extname(file) === '.json'
        ? validateText(await readPipelineFile(file))
        : await judgePipeline(await loadPipeline(file))
    return {
      data: { problems },
      text: colors => formatProblems(problems, format, { file, paint: painter(colors) }).trimEnd(),
      exitCode: hasErrors(problems) ? 1 : 0,
    }
  },
})
