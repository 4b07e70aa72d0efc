import type { HostExchange } from '../../hosts/host-exchange.ts'
import { UserError } from '../../../schemas/problem.ts'
import { compactArray } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import type { ColumnRole, EncodedColumn, Records } from '../strategies/strategy.ts'
import type { Survey } from '../survey.ts'
import { encodedColumn } from '../value-codes.ts'
import { orderFiles } from './order-files.ts'
import type { FileOrder } from './order-files.ts'

/** A column of this host's records. */
export interface OwnColumn {
  readonly role: ColumnRole
  readonly name: string
  /** The text of every code; null when there are more than may be counted. */
  readonly texts: readonly string[] | null
  /** A code per record, in order of first appearance. */
  readonly codes: IndexArray
  /** Whether the plan looks at every record's value, and not only at how many there are. */
  readonly planned: boolean
  readonly most: number
}

export interface OwnSurvey {
  readonly survey: Survey
  readonly columns: readonly OwnColumn[]
  /** The fold of every record by its key, when there are keys; `shared` when the plan needs those of all hosts. */
  readonly keyedFolds: IndexArray | null
  readonly sharesKeys: boolean
  readonly k: number
}

/** What all hosts know together. */
export interface SharedSurvey {
  readonly order: FileOrder
  /** All records of all hosts, in the order in which one host alone would have read them. */
  readonly records: Records
  /** This host's own columns with the codes of all hosts; those with too many values are left out. */
  readonly own: Readonly<Partial<Record<ColumnRole, EncodedColumn>>>
  /** Names of columns with more values than may be counted. */
  readonly overflowed: readonly { readonly role: ColumnRole; readonly name: string; readonly most: number }[]
  readonly header: Uint8Array | null
  readonly lineEnd: Uint8Array
}

/** One host's part of the survey as it travels; the codes of its planned columns are the blobs. */
interface SurveyFacts {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly records: number }[]
  readonly header: string | null
  readonly lineEnd: string
  readonly columns: readonly ColumnFacts[]
}

interface ColumnFacts {
  readonly texts: readonly string[] | null
  /** Index of the first record with each code, among this host's. */
  readonly firsts: readonly number[]
  /** Bytes of a code; 0 when codes do not travel. */
  readonly width: number
}

/**
 * Tells all hosts how many records of which values each has, so that each can plan the folds of all records by itself: the
 * same plan as one host alone would make. What travels are counts; and the codes of those columns whose order decides, a
 * byte per record up to 256 values.
 *
 * @throws UserError when a file came to two hosts, headers differ, or no host has records
 */
export async function shareSurvey(exchange: HostExchange, own: OwnSurvey): Promise<SharedSurvey> {
  const { survey, columns, keyedFolds } = own
  const blobs = columns.filter(({ planned }) => planned).map(({ codes }) => bytesOf(codes))
  if (keyedFolds !== null && own.sharesKeys) blobs.push(bytesOf(keyedFolds))
  const facts: SurveyFacts = {
    files: survey.files.map(({ name, bytes, records }) => ({ name, bytes, records })),
    header: survey.header === null ? null : Buffer.from(survey.header).toString('base64'),
    lineEnd: Buffer.from(survey.lineEnd).toString('base64'),
    columns: columns.map(({ texts, codes, planned }) => ({
      texts,
      firsts: firstRecords(codes, texts?.length ?? 0),
      width: planned ? codes.BYTES_PER_ELEMENT : 0,
    })),
  }
  const messages = await exchange.gather('survey', { facts, blobs })
  const hosts = messages.map(message => message.facts as SurveyFacts)
  const order = orderFiles(
    hosts.map(({ files }) => files),
    exchange,
  )
  const header = sharedHeader(hosts, order, exchange)
  const merged = columns.map((column, at) => ({
    column,
    ...mergeColumn(
      column,
      hosts.map((host, index) => ({
        facts: host.columns[at] as ColumnFacts,
        codes: codesOf(host, at, messages[index]?.blobs ?? []),
      })),
      order,
      exchange.index,
    ),
  }))
  const found = merged.flatMap(({ column, planned }) => (planned === null ? [] : [[column.role, planned] as const]))
  const mine = merged.flatMap(({ column, own: part }) => (part === null ? [] : [[column.role, part] as const]))
  return {
    order,
    records: {
      count: order.records,
      columns: Object.fromEntries(found),
      ...(keyedFolds !== null && {
        keyedFolds: allKeys(
          own,
          messages.map(({ blobs: [...all] }) => all.at(-1)),
          order,
          exchange.index,
        ),
      }),
    },
    own: Object.fromEntries(mine),
    overflowed: merged.filter(({ own: part }) => part === null).map(({ column }) => column),
    header: header.header,
    lineEnd: header.lineEnd,
  }
}

interface HostColumn {
  readonly facts: ColumnFacts
  readonly codes: IndexArray | null
}

/** One column of all hosts, values in the order of their first appearance in all records. */
function mergeColumn(
  { planned, most, codes: localCodes }: OwnColumn,
  hosts: readonly HostColumn[],
  order: FileOrder,
  current: number,
): { readonly planned: EncodedColumn | null; readonly own: EncodedColumn | null } {
  const firsts = new Map<string, number>()
  for (const [host, { facts }] of hosts.entries()) {
    if (facts.texts === null) return { planned: null, own: null }
    facts.texts.forEach((text, code) => {
      const at = order.globalIndex(host, facts.firsts[code] as number)
      firsts.set(text, Math.min(firsts.get(text) ?? at, at))
    })
  }
  if (firsts.size > most) return { planned: null, own: null }
  const texts = [...firsts.keys()].sort((a, b) => (firsts.get(a) as number) - (firsts.get(b) as number))
  const codeOf = new Map(texts.map((text, code) => [text, code]))
  const tables = hosts.map(({ facts }) => facts.texts?.map(text => codeOf.get(text) as number) ?? [])
  const recode = (codes: IndexArray, host: number, into: IndexArray, at: number, from: number, to: number) => {
    const table = tables[host] as number[]
    for (let i = from; i < to; i++) into[at + i - from] = table[codes[i] as number] as number
  }
  const own = compactArray(localCodes.length, texts.length)
  recode(localCodes, current, own, 0, 0, own.length)
  const ownColumn = encodedColumn(texts, own)
  if (!planned) return { planned: null, own: ownColumn }
  const codes = compactArray(order.records, texts.length)
  for (const { host, from, records, at } of order.files)
    recode((hosts[host] as HostColumn).codes as IndexArray, host, codes, at, from, from + records)
  return { planned: encodedColumn(texts, codes), own: ownColumn }
}

/** Where a key alone decides the fold, the records of other hosts do not matter to this one. */
function allKeys(
  { keyedFolds, sharesKeys, k }: OwnSurvey,
  blobs: readonly (Uint8Array | undefined)[],
  order: FileOrder,
  current: number,
): IndexArray {
  const folds = compactArray(order.records, k)
  for (const { host, from, records, at } of order.files) {
    const codes = sharesKeys ? viewOf(blobs[host] ?? new Uint8Array(0), folds.BYTES_PER_ELEMENT) : keyedFolds
    if (sharesKeys || host === current) folds.set((codes as IndexArray).subarray(from, from + records), at)
  }
  return folds
}

function codesOf(host: SurveyFacts, column: number, blobs: readonly Uint8Array[]): IndexArray | null {
  const { width } = host.columns[column] as ColumnFacts
  if (width === 0) return null
  const blob = blobs[host.columns.slice(0, column).filter(before => before.width > 0).length]
  return viewOf(blob ?? new Uint8Array(0), width)
}

function viewOf(bytes: Uint8Array, width: number): IndexArray {
  if (width === 1) return bytes
  const length = bytes.byteLength / width
  return width === 2
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, length)
    : new Uint32Array(bytes.buffer, bytes.byteOffset, length)
}

const bytesOf = (codes: IndexArray): Uint8Array => new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength)

function firstRecords(codes: IndexArray, count: number): number[] {
  const firsts: number[] = []
  for (let i = 0; i < codes.length && firsts.length < count; i++) if (codes[i] === firsts.length) firsts.push(i)
  return firsts
}

/** The header and the line end that the first file in order has: every other host's header must be the same. */
function sharedHeader(hosts: readonly SurveyFacts[], { files }: FileOrder, { names }: HostExchange) {
  const withRecords = files.filter(({ records }) => records > 0)
  const first = hosts[withRecords[0]?.host ?? 0]
  const other = withRecords.find(({ host }) => hosts[host]?.header !== first?.header)
  if (other !== undefined)
    throw new UserError(
      `${other.name} on ${names[other.host]} — the header differs from that of ${withRecords[0]?.name} — every input file needs the same columns in the same order`,
    )
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  return {
    header: typeof first?.header === 'string' ? bytes(first.header) : null,
    lineEnd: bytes(first?.lineEnd ?? 'Cg=='),
  }
}
