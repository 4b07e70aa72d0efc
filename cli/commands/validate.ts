import { extname } from 'node:path'
import { formatProblems, problemFormats, type ProblemFormat, validateText } from '../../pipeline/validate/index.ts'
import { allowances, judgePipeline } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { choice, shared } from '../flags.ts'
import { loadPipeline, readPipelineFile } from '../load-pipeline.ts'
import { hasErrors, painter } from '../render/problems.ts'

/** `foldwise validate`: all problems at once; exit 1 when one is an error. */
export const validate = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    allow: shared.allow,
    format: choice('--format <format>', 'how problems are written', Object.keys(problemFormats) as ProblemFormat[]),
  },
  examples: [
    'foldwise validate pipeline.ts',
    'foldwise validate out/Pipeline.json --json',
    'foldwise validate pipeline.ts --format sarif > foldwise.sarif',
    'foldwise validate pipeline.ts --allow FW5001="newer than the service model"',
  ],
  run: async ([file = ''], { format = 'text', allow: given }) => {
    const allow = await allowances(file, given)
    // A definition file is judged as text, so that broken JSON is a problem like any other.
    const problems =
      extname(file) === '.json'
        ? validateText(await readPipelineFile(file), { allow })
        : await judgePipeline(await loadPipeline(file), { allow })
    return {
      data: { problems },
      text: colors => formatProblems(problems, format, { file, paint: painter(colors) }).trimEnd(),
      exitCode: hasErrors(problems) ? 1 : 0,
    }
  },
})
