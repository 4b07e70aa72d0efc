import type { StepOf } from '../../../schemas/definition.ts'
import { ClientFault } from '../step-fault.ts'
import { type Check, type CheckInput, checkRunner } from './check-step.ts'
import {
  type DataConstraints,
  type DataStatistics,
  dataStatistics,
  dataViolations,
  suggestDataConstraints,
} from './data-quality.ts'
import {
  isProblemType,
  modelStatistics,
  modelViolations,
  type ProblemType,
  type Scored,
  suggestModelConstraints,
} from './model-quality.ts'
import { columnIndex, numberIn, readCsvTable, readJsonLinesTable, type Table } from './table.ts'

/** One entry per CheckType. */
const checks = {
  DATA_QUALITY: {
    registered: { constraints: ['ModelDataQuality', 'Constraints'], statistics: ['ModelDataQuality', 'Statistics'] },
    analyse: async input => {
      const table = await readInput(input)
      const statistics = dataStatistics(table)
      return {
        files: { 'statistics.json': statistics, 'constraints.json': suggestDataConstraints(statistics) },
        compare: before =>
          dataViolations(table, statistics, {
            constraints: before.constraints as DataConstraints,
            statistics: before.statistics as DataStatistics | undefined,
          }),
      }
    },
  },
  MODEL_QUALITY: {
    registered: { constraints: ['ModelQuality', 'Constraints'], statistics: ['ModelQuality', 'Statistics'] },
    analyse: async input => {
      const type = problemType(input)
      const records = scoredRecords(await readInput(input), input, type)
      return {
        files: {
          'statistics.json': modelStatistics(type, records),
          'constraints.json': suggestModelConstraints(type, records),
        },
        compare: before => modelViolations(type, records, before.constraints),
      }
    },
  },
} satisfies Record<string, Check>

/** Data and model quality, in the files of Model Monitor. */
export const qualityCheckRunner = checkRunner<StepOf<'QualityCheck'>>({
  type: 'QualityCheck',
  checks,
  constraintsFile: 'constraints.json',
  statisticsFile: 'statistics.json',
})

/** The job's input that holds the data set. Source: SageMaker Python SDK, `quality_check_step.py`. */
const datasetInput = 'baseline_dataset_input'

interface DatasetFormat {
  readonly csv?: { readonly header?: boolean }
  readonly json?: { readonly lines?: boolean }
}

async function readInput(input: CheckInput): Promise<Table> {
  const { Environment, ProcessingInputs } = input.request
  const scripts = ['record_preprocessor_script', 'post_analytics_processor_script'].filter(name => Environment?.[name])
  if (scripts.length > 0)
    throw new ClientFault(
      `The check has a ${scripts.join(' and a ')} — such scripts are not run locally — take them out for a local run.`,
    )
  const format = parseFormat(Environment?.['dataset_format'])
  const named = ProcessingInputs?.some(({ InputName }) => InputName === datasetInput)
  const folder = input.input(named === true ? datasetInput : (ProcessingInputs?.[0]?.InputName ?? datasetInput))
  const table =
    format.csv !== undefined
      ? await readCsvTable(folder, format.csv.header === true)
      : format.json?.lines === true
        ? await readJsonLinesTable(folder)
        : undefined
  if (table === undefined)
    throw new ClientFault(
      `dataset_format ${Environment?.['dataset_format']} is not read locally — CSV and JSON Lines are — use {"csv": {"header": true}} or {"json": {"lines": true}}.`,
    )
  if (table.rows.length === 0)
    throw new ClientFault('The data set has no records — a check needs some — correct the input.')
  return table
}

function parseFormat(text: string | undefined): DatasetFormat {
  try {
    return text === undefined ? { csv: { header: true } } : (JSON.parse(text) as DatasetFormat)
  } catch {
    throw new ClientFault(
      `The variable dataset_format is ${JSON.stringify(text)} — it must be JSON such as {"csv": {"header": true}} — correct it.`,
    )
  }
}

function problemType(input: CheckInput): ProblemType {
  const type = input.request.Environment?.['problem_type'] ?? ''
  if (!isProblemType(type))
    throw new ClientFault(
      `The variable problem_type is ${JSON.stringify(type)} — Regression, BinaryClassification and MulticlassClassification are known — correct it.`,
    )
  return type
}

const defaultThreshold = 0.5

/** Truth and prediction of every record. Without an inference attribute a binary label comes of the probability. */
function scoredRecords(table: Table, input: CheckInput, type: ProblemType): Scored[] {
  const variable = (name: string): string | undefined => input.request.Environment?.[name]
  const column = (name: string): number | undefined => {
    const value = variable(name)
    if (value === undefined) return undefined
    const index = columnIndex(table, value.replace(/^\$\.?/, ''))
    if (index === undefined)
      throw new ClientFault(
        `The variable ${name} names the column ${JSON.stringify(value)} — the data set has ${table.columns.join(', ')} — name one of them.`,
      )
    return index
  }
  const [truth, inference, probability] = [
    'ground_truth_attribute',
    'inference_attribute',
    'probability_attribute',
  ].map(column)
  if (truth === undefined)
    throw new ClientFault(
      'The variable ground_truth_attribute is missing — metrics compare with the truth — name its column.',
    )
  if (inference === undefined && (probability === undefined || type !== 'BinaryClassification'))
    throw new ClientFault(
      'The variable inference_attribute is missing — metrics need the prediction — name its column.',
    )
  const threshold = Number(variable('probability_threshold_attribute') ?? defaultThreshold)
  return table.rows.map((row, index) => {
    const score = probability === undefined ? undefined : numberIn(row[probability] ?? null)
    const prediction = inference === undefined ? Number((score ?? 0) > threshold) : row[inference]
    const cells = [row[truth], prediction]
    const wrong = cells.some(
      cell => cell === null || cell === undefined || (type === 'Regression' && numberIn(cell) === undefined),
    )
    if (wrong)
      throw new ClientFault(
        `Record ${index + 1} has the truth ${JSON.stringify(row[truth])} and the prediction ${JSON.stringify(prediction)} — ${type === 'Regression' ? 'both must be numbers' : 'neither may be missing'} — correct the data.`,
      )
    return { truth: label(row[truth]), prediction: label(prediction), probability: score }
  })
}

/** `1.0` and `1` are one label. */
const label = (cell: unknown): string => {
  const number = numberIn(cell as string | number | boolean)
  return String(number ?? cell)
}
