import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StepOf } from '../../../schemas/definition.ts'
import { parseS3Uri } from '../s3-uri.ts'
import { readAll } from '../stage-data.ts'
import { ClientFault } from '../step-fault.ts'
import { filesBelow } from '../upload-folder.ts'
import { type AnalysisConfig, featureColumns, mustFind, readAnalysisConfig, readDataset } from './analysis-config.ts'
import { analyseBias, type BiasAnalysis, biasViolations } from './bias-analysis.ts'
import { type Check, type CheckInput, checkRunner } from './check-step.ts'
import { attributionViolations, explain, type Explanations, inlineBaseline } from './explainability.ts'
import { type Prediction, type Predictor, startPredictor } from './predictor.ts'
import { type Cell, parseCsv, type Table } from './table.ts'

const bias = (
  table: Table,
  config: AnalysisConfig,
  predictions?: readonly Prediction[],
): Awaited<ReturnType<Check['analyse']>> => {
  const analysis = analyseBias(table, config, predictions)
  return {
    files: { 'analysis.json': { version: '1.0', ...analysis } },
    compare: before => biasViolations(analysis, before.constraints as BiasAnalysis),
  }
}

/** One entry per CheckType. */
const checks = {
  DATA_BIAS: {
    registered: { constraints: ['Bias', 'PreTrainingConstraints'] },
    analyse: async input => {
      const { config, table } = await readInputs(input)
      return bias(table, config)
    },
  },
  MODEL_BIAS: {
    registered: { constraints: ['Bias', 'PostTrainingConstraints'] },
    analyse: async input => {
      const { config, table } = await readInputs(input)
      if (config.predicted_label !== undefined && config.predicted_label !== null) {
        const column = mustFind(table, config.predicted_label, 'predicted_label')
        return bias(
          table,
          config,
          table.rows.map(row => ({ scores: [], label: row[column] ?? null })),
        )
      }
      const columns = featureColumns(table, config)
      const rows = table.rows.map(row => columns.map(index => row[index] ?? null))
      return withPredictor(input, config, async predictor => bias(table, config, await predictor.predict(rows)))
    },
  },
  MODEL_EXPLAINABILITY: {
    registered: { constraints: ['Explainability', 'Constraints'] },
    analyse: async input => {
      const { config, table } = await readInputs(input)
      const baseline = await baselineRows(input, config)
      const { localValues, ...analysis } = await withPredictor(input, config, predictor =>
        explain(table, config, predictor, baseline),
      )
      const isSaved = config.methods.shap?.save_local_shap_values === true
      return {
        files: {
          'analysis.json': { version: '1.0', ...analysis },
          ...(isSaved && { 'explanations_shap/out.csv': `${localValues.map(row => row.join(',')).join('\n')}\n` }),
        },
        compare: before => attributionViolations(analysis, before.constraints as Explanations),
      }
    },
  },
} satisfies Record<string, Check>

/** Bias and explainability, in the files of SageMaker Clarify. */
export const clarifyCheckRunner = checkRunner<StepOf<'ClarifyCheck'>>({
  type: 'ClarifyCheck',
  checks,
  constraintsFile: 'analysis.json',
  violationsVersion: '1.0',
})

async function readInputs(input: CheckInput): Promise<{ config: AnalysisConfig; table: Table }> {
  const folder = input.input('analysis_config')
  const [first] = await filesBelow(folder)
  const named = join(folder, 'analysis_config.json')
  const file = existsSync(named) ? named : first?.file
  if (file === undefined)
    throw new ClientFault(
      'The input analysis_config has no file — it configures the analysis — upload analysis_config.json.',
    )
  const config = await readAnalysisConfig(file)
  return { config, table: await readDataset(input.input('dataset'), config) }
}

async function withPredictor<T>(
  input: CheckInput,
  config: AnalysisConfig,
  work: (predictor: Predictor) => Promise<T>,
): Promise<T> {
  const predictor = await startPredictor(input.run, config, input.modelName)
  try {
    return await work(predictor)
  } finally {
    await predictor.stop()
  }
}

/** The rows of the configuration, of the S3 object that it names, or none. */
async function baselineRows(input: CheckInput, config: AnalysisConfig): Promise<Cell[][] | undefined> {
  const given = config.methods.shap?.baseline
  if (given === undefined || given === null) return undefined
  if (typeof given !== 'string') return inlineBaseline(given, config)
  const place = parseS3Uri(given)
  const object = place === undefined ? undefined : await input.run.world.store.get(place.bucket, place.key)
  if (object === undefined)
    throw new ClientFault(`The baseline ${given} of analysis_config.json does not exist — name an object that does.`)
  return parseCsv(await readAll(object.body), given).map(({ cells }) => cells.map(cell => (cell === '' ? null : cell)))
}
