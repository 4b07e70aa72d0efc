import { readJsonPath, parseJsonPath } from '../../engine/json-path.ts'
import { modelContainer } from '../model-container.ts'
import { type ModelServer, startModelServer } from '../model-server.ts'
import type { StepRun } from '../job-runner.ts'
import { ClientFault, CreateRefused } from '../step-fault.ts'
import type { AnalysisConfig } from './analysis-config.ts'
import { type Cell, cellOf, csvCell, numberIn, parseCsv } from './table.ts'

/** What a model says of one record. */
export interface Prediction {
  /** Of every class, or the one score. Empty when the model gives a label only. */
  readonly scores: readonly number[]
  readonly label?: Cell
}

/** A running model that is asked about records. */
export interface Predictor {
  predict(rows: readonly (readonly Cell[])[]): Promise<Prediction[]>
  stop(): Promise<void>
}

/** Keeps requests well below the 6 MB of the service. */
const rowsPerRequest = 500

/**
 * Runs a model's container beside the analysis, as Clarify deploys a shadow endpoint.
 *
 * @param modelName The step's ModelName, else the configuration's `model_name`.
 * @throws ClientFault when there is no such model, or it does not start.
 */
export async function startPredictor(
  run: Pick<StepRun, 'jobName' | 'signal' | 'world'>,
  config: AnalysisConfig,
  modelName: string | undefined,
): Promise<Predictor> {
  const name = modelName ?? config.predictor?.model_name
  if (typeof name !== 'string' || name === '')
    throw new ClientFault(
      'The analysis asks a model — neither the step nor "predictor" of analysis_config.json has its name — give ModelName.',
    )
  const server = await startServer(run, name)
  const format = formatOf(config)
  return {
    stop: () => server.stop(),
    predict: async rows => {
      const predictions: Prediction[] = []
      for (let at = 0; at < rows.length; at += rowsPerRequest) {
        if (run.signal.aborted) throw new ClientFault('The analysis was stopped')
        const part = rows.slice(at, at + rowsPerRequest)
        const answers = format.read(await invoke(server, format, format.write(part)))
        if (answers.length !== part.length)
          throw new ClientFault(
            `The model gave ${answers.length} predictions for ${part.length} records — one line per record is expected — correct its container.`,
          )
        predictions.push(...answers)
      }
      return predictions
    },
  }
}

async function startServer(run: Pick<StepRun, 'jobName' | 'signal' | 'world'>, name: string): Promise<ModelServer> {
  try {
    const container = await modelContainer(run.world, name)
    // A folder of its own: the check's has its data. No job's name has a dot.
    return await startModelServer({ ...run, jobName: `check.${run.jobName}` }, container, {})
  } catch (error) {
    if (error instanceof CreateRefused) throw new ClientFault(error.message)
    throw error
  }
}

interface Format {
  readonly contentType: string
  readonly accept: string
  readonly write: (rows: readonly (readonly Cell[])[]) => string
  readonly read: (text: string) => Prediction[]
}

/** One entry per type of a request. */
const writers: Readonly<Record<string, (config: AnalysisConfig) => Format['write']>> = {
  'text/csv': () => rows => rows.map(row => row.map(csvCell).join(',')).join('\n'),
  'application/jsonlines': config => {
    const template = config.predictor?.content_template ?? '{"features":$features}'
    const typed = (cell: Cell): Cell => numberIn(cell) ?? cell
    return rows => rows.map(row => template.replace('$features', () => JSON.stringify(row.map(typed)))).join('\n')
  },
}

/** One entry per type of an answer. */
const readers: Readonly<Record<string, (config: AnalysisConfig) => Format['read']>> = {
  'text/csv': config => text => parseCsv(text, "The model's answer").map(({ cells }) => ofCells(cells, config)),
  'application/jsonlines': config => text =>
    text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => ofObject(parseAnswer(line), config)),
}

function formatOf(config: AnalysisConfig): Format {
  const contentType = config.predictor?.content_type ?? config.dataset_type ?? 'text/csv'
  const accept = config.predictor?.accept_type ?? contentType
  const [writer, reader] = [
    Object.hasOwn(writers, contentType) ? writers[contentType] : undefined,
    Object.hasOwn(readers, accept) ? readers[accept] : undefined,
  ]
  if (writer === undefined || reader === undefined)
    throw new ClientFault(
      `The content type ${contentType} with accept ${accept} is not spoken locally — text/csv and application/jsonlines are — use them for "predictor".`,
    )
  return { contentType, accept, write: writer(config), read: reader(config) }
}

async function invoke(server: ModelServer, format: Format, body: string): Promise<string> {
  const ended = server.ended.then((): never => {
    throw new ClientFault('The model container ended while it was asked')
  })
  const response = await Promise.race([
    fetch(`${server.url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': format.contentType, accept: format.accept },
      body,
    }),
    ended,
  ])
  const text = await response.text()
  if (!response.ok) throw new ClientFault(`The model container answered ${response.status}: ${text.slice(0, 200)}`)
  return text
}

/** Without positions the first cell is the score, or the label when it is no number. */
function ofCells(cells: readonly string[], config: AnalysisConfig): Prediction {
  const { label, probability } = config.predictor ?? {}
  const at = (position: string | number): string => cells[Number(position)] ?? ''
  const labelled = label === undefined || label === null ? {} : { label: cellOf(at(label)) }
  if (probability !== undefined && probability !== null) return { ...labelled, scores: scoresIn(at(probability)) }
  if ('label' in labelled) return { ...labelled, scores: scoresIn(at(label as string | number)) }
  const scores = scoresIn(cells.join(','))
  return scores.length > 0 ? { scores } : { scores: [], label: cellOf(cells[0]) }
}

/** `0.7`, `0.1,0.9` or `[0.1, 0.9]`; nothing for what is no number. */
function scoresIn(text: string): number[] {
  const scores = text
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(',')
    .map(numberIn)
  return scores.every(score => score !== undefined) ? scores : []
}

function ofObject(answer: unknown, config: AnalysisConfig): Prediction {
  const { label, probability } = config.predictor ?? {}
  const read = (path: string | number): unknown => {
    const steps = parseJsonPath(String(path))
    const found = steps === undefined ? { found: false as const } : readJsonPath(answer, steps)
    if (!found.found)
      throw new ClientFault(
        `The model's answer ${JSON.stringify(answer).slice(0, 200)} has nothing at ${path} — correct "predictor" of analysis_config.json.`,
      )
    return found.value
  }
  const scores = (value: unknown): number[] => scoresIn(Array.isArray(value) ? value.join(',') : String(value))
  const labelled = label === undefined || label === null ? {} : { label: cellOf(read(label)) }
  if (probability !== undefined && probability !== null) return { ...labelled, scores: scores(read(probability)) }
  if ('label' in labelled) return { ...labelled, scores: scores(labelled.label) }
  throw new ClientFault(
    '"predictor" of analysis_config.json names neither "label" nor "probability" — a model of application/jsonlines needs one — add it.',
  )
}

function parseAnswer(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    throw new ClientFault(
      `The model's answer ${JSON.stringify(line.slice(0, 200))} is not JSON — application/jsonlines has one object per line.`,
    )
  }
}
