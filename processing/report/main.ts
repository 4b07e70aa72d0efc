import { readFile, rename, writeFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { aggregateContainer, splitContainer } from '../../schemas/containers.ts'
import { evaluationSchema } from '../../schemas/evaluation.ts'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { aggregateFolds } from './aggregate-folds.ts'
import { parseAggregateOptions } from './parse-options.ts'
import { renderPooledPredictions } from './pool-predictions.ts'
import { renderReport } from './render-report.ts'
import { platformPath, writeExitMessage } from '../platform.ts'

try {
  const options = parseAggregateOptions(process.argv.slice(2))
  const foldReport = await readInput(
    join(platformPath(aggregateContainer.inputs.report), splitContainer.reportFile),
    'a fold report',
    foldReportSchema,
  )
  if (foldReport === undefined) {
    throw new UserError(
      `${platformPath(aggregateContainer.inputs.report)}/${splitContainer.reportFile}: the fold report is missing — give the aggregation the split's report as an input.`,
    )
  }
  const champion = await readInput(
    join(platformPath(aggregateContainer.inputs.champion), aggregateContainer.evaluationFile),
    'an evaluation',
    evaluationSchema,
  )
  const { evaluation, predictions } = await aggregateFolds(options, {
    foldReport,
    champion,
    environment: process.env,
    models: platformPath(aggregateContainer.inputs.models),
  })
  const folder = platformPath(aggregateContainer.outputs.evaluation)
  if (predictions !== undefined) {
    await writeWhole(join(folder, aggregateContainer.predictionsFile), renderPooledPredictions(predictions))
  }
  await writeWhole(join(folder, aggregateContainer.reportFile), renderReport(evaluation, foldReport))
  await writeWhole(join(folder, aggregateContainer.evaluationFile), `${JSON.stringify(evaluation, null, 2)}\n`)
  const { name, mean, std } = evaluation.objective
  console.log(`${name}: mean ${mean}, standard deviation ${std} over ${evaluation.objective.folds.length} folds`)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isUserError(error) || !(error instanceof Error) ? message : error.stack)
  writeExitMessage(message)
  process.exitCode = isUserError(error) ? 1 : 3
}

/** A JSON file of the inputs by its contract; undefined when it is not there. */
async function readInput<Value>(
  path: string,
  what: string,
  contract: { parse(value: unknown): Value },
): Promise<Value | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return contract.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(`${path}: it is not ${what} of this version of Foldwise — write it again.`, { cause: error })
  }
}

/** Whole or not at all: written beside its place, then renamed. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, text)
  await rename(`${path}.partial`, path)
}
