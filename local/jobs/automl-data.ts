import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AutoMLRequest } from './automl-request.ts'
import { seededRandom } from './checks/seeded-random.ts'
import { type Cell, csvCell, numberIn, readCsvTable, type Table } from './checks/table.ts'
import type { StepRun } from './job-runner.ts'
import { joinS3Uri, parseS3Uri } from './s3-uri.ts'
import { stageData } from './stage-data.ts'
import { ClientFault } from './step-fault.ts'

/** The channels of an AutoML job, the target as the last column. */
export interface AutoMLTables {
  readonly training: Table
  readonly validation?: Table
  readonly target: readonly Cell[]
}

/** A part of the data set and where it is stored. */
interface StoredPart {
  readonly uri: string
  readonly table: Table
}

/** The data set of an AutoML job, parted and stored. */
export interface AutoMLData {
  readonly training: StoredPart
  readonly validation: StoredPart
}

/**
 * Reads the channels: CSV with a header, numeric features, a target without gaps.
 *
 * @throws ClientFault when the data set cannot be learned locally.
 */
export async function readAutoMLTables(run: StepRun, request: AutoMLRequest): Promise<AutoMLTables> {
  const tables = new Map<string, Table>()
  for (const [index, channel] of request.InputDataConfig.entries()) {
    const { S3DataType, S3Uri } = channel.DataSource.S3DataSource
    const folder = join(run.world.jobs.folder(run.jobName), `input-${index}`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await stageData(run.world.store, { uri: S3Uri, type: S3DataType }, [folder])
    const table = await readCsvTable(folder, true)
    tables.set(channel.ChannelType ?? 'training', checked(table, channel.TargetAttributeName, S3Uri))
  }
  const training = tables.get('training') as Table
  const validation = tables.get('validation')
  const target = training.rows.map(row => row.at(-1) ?? null)
  return { training, target, ...(validation !== undefined && { validation }) }
}

/** Source: API reference, AutoMLDataSplitConfig. */
const defaultFraction = 0.2

/**
 * Stores what candidates train on and are judged by below `<S3OutputPath>/<job>/preprocessed-data/`. Without a validation channel
 * a part of every class is held out.
 *
 * @throws ClientFault when nothing can be held out.
 */
export async function storeAutoMLData(run: StepRun, request: AutoMLRequest, tables: AutoMLTables): Promise<AutoMLData> {
  const fraction = request.AutoMLJobConfig?.DataSplitConfig?.ValidationFraction ?? defaultFraction
  const [training, validation] =
    tables.validation === undefined ? holdOut(tables.training, fraction) : [tables.training, tables.validation]
  const store = async (part: string, table: Table): Promise<StoredPart> => {
    const uri = joinS3Uri(request.OutputDataConfig.S3OutputPath, run.jobName, 'preprocessed-data', part)
    const place = parseS3Uri(joinS3Uri(uri, 'data.csv'))
    if (place === undefined) throw new ClientFault(`${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix`)
    await run.world.store.put(place.bucket, place.key, Buffer.from(csvOf(table)))
    return { uri: `${uri}/`, table }
  }
  return { training: await store('train', training), validation: await store('validation', validation) }
}

/** The table with the target as its last column. */
function checked(table: Table, name: string, uri: string): Table {
  const target = table.columns.indexOf(name)
  if (target < 0)
    throw new ClientFault(
      `The data set ${uri} has no column ${JSON.stringify(name)} — its header is ${table.columns.join(', ')} — correct TargetAttributeName.`,
    )
  const features = [...table.columns.keys()].filter(index => index !== target)
  if (features.length === 0 || table.rows.length < 2)
    throw new ClientFault(
      `The data set ${uri} has ${features.length} features and ${table.rows.length} records — candidates need at least one and two — give more data.`,
    )
  for (const [row, cells] of table.rows.entries()) {
    const wrong = features.find(index => numberIn(cells[index] ?? null) === undefined)
    if (wrong !== undefined)
      throw new ClientFault(
        `Record ${row + 1} of ${uri} has ${JSON.stringify(cells[wrong])} in column ${table.columns[wrong]} — local candidates take numbers only — encode the column and fill gaps.`,
      )
    if ((cells[target] ?? null) === null)
      throw new ClientFault(
        `Record ${row + 1} of ${uri} has no ${name} — every record needs its target — leave it out or fill it in.`,
      )
  }
  const order = [...features, target]
  return {
    columns: order.map(index => table.columns[index] as string),
    rows: table.rows.map(row => order.map(index => row[index] ?? null)),
  }
}

/** Holds out a fraction of each class, by chance with a fixed seed; a class with one record stays in the training. */
function holdOut(table: Table, fraction: number): [Table, Table] {
  const random = seededRandom(table.rows.length)
  const classes = new Map<Cell, number[]>()
  for (const [index, row] of table.rows.entries()) {
    const label = row.at(-1) ?? null
    const known = classes.get(label)
    if (known === undefined) classes.set(label, [index])
    else known.push(index)
  }
  const held = new Set<number>()
  for (const indices of classes.values()) {
    const keyed = indices.map(index => ({ index, key: random() })).sort((a, b) => a.key - b.key)
    const count = indices.length < 2 ? 0 : Math.max(1, Math.round(indices.length * fraction))
    for (const { index } of keyed.slice(0, Math.min(count, indices.length - 1))) held.add(index)
  }
  if (held.size === 0)
    throw new ClientFault(
      'Every class of the target has one record — a candidate cannot be judged by what it has seen — give more data.',
    )
  const part = (isHeld: boolean): Table => ({
    ...table,
    rows: table.rows.filter((_, index) => held.has(index) === isHeld),
  })
  return [part(false), part(true)]
}

const csvOf = ({ columns, rows }: Table): string =>
  [columns, ...rows].map(row => `${row.map(csvCell).join(',')}\n`).join('')
