import { join } from 'node:path'
import { aggregateContainer } from '../../schemas/containers.ts'
import { evaluationSchema } from '../../schemas/evaluation.ts'
import { outerFolds } from '../../schemas/nested-folds.ts'
import { isUserError } from '../../schemas/problem.ts'
import { aggregateFolds } from './aggregate-folds.ts'
import { parseAggregateOptions } from './parse-options.ts'
import { renderPooledPredictions } from './pool-predictions.ts'
import { renderReport } from './render-report.ts'
import { readFoldReport, readInput, writeWhole } from '../json-files.ts'
import { platformPath, reportFailure } from '../platform.ts'

try {
  const options = parseAggregateOptions(process.argv.slice(2))
  const foldReport = outerFolds(await readFoldReport(aggregateContainer.inputs.report, 'aggregation'))
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
  reportFailure(error)
  process.exitCode = isUserError(error) ? 1 : 3
}
