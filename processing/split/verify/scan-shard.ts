import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { isUserError } from '../../../schemas/problem.ts'
import type { FormatName } from '../../../schemas/split-names.ts'
import { BlockMemory } from '../../formats/block-memory.ts'
import type { Format } from '../../formats/format.ts'
import { formats } from '../../formats/formats.ts'
import { contentEnd } from '../../formats/lines.ts'
import { locateProblems, readBlocks } from '../read-blocks.ts'
import { digestAlgorithms } from './digest-algorithms.ts'
import { CountedValues } from './counted-values.ts'

/** Of a SHA-256. */
export const SUM_WORDS = 8

/** What a file of records holds, read whole. */
export interface ShardFacts {
  readonly records: number
  /** Of the records with their line ends, the header aside. */
  readonly bytes: number
  /** Of those bytes. */
  readonly digest: string
  /** The header record as text; empty without one. */
  readonly header: string
  /** Sum over all records, when folders hold one file: see {@link ShardReader.addRecords}. */
  readonly sum: Uint32Array | null
  /** Records per value of the label; empty without a label. */
  readonly classes: ReadonlyMap<string, number>
  /** Records per value of the group column; empty without one. */
  readonly groups: ReadonlyMap<string, number>
  /** Why reading stopped or what is odd, such as a record that is cut off. */
  readonly problem: string | null
}

/** Facts of a file of which nothing could be read. */
export const nothingRead: Omit<ShardFacts, 'problem'> = {
  records: 0,
  bytes: 0,
  digest: '',
  header: '',
  sum: null,
  classes: new Map(),
  groups: new Map(),
}

/** Reads files of records with one memory. A class because the memory has a lifetime. */
export class ShardReader {
  readonly memory = new BlockMemory()
  private readonly format: Format
  private readonly report: FoldReport
  /** Of the file that was read last. */
  private header = ''
  private readonly columns: readonly {
    readonly name: string
    readonly values: CountedValues
    readonly of: 'label' | 'groups'
  }[]

  /** @param report Says the format, the header and which columns are to be counted. */
  constructor(report: FoldReport) {
    this.report = report
    this.format = formats[report.format as FormatName]
    const wanted = countedColumns(report)
    this.columns = (['label', 'groups'] as const).flatMap(of => {
      const name = wanted[of]
      return name === null ? [] : [{ of, name, values: new CountedValues() }]
    })
  }

  /**
   * @param name For sentences.
   * @param onRecords Told of records of the block at hand: see Duplicates.note.
   */
  async scan(path: string, name: string, onRecords: OnRecords): Promise<ShardFacts> {
    const digest = digestAlgorithms[this.report.digestAlgorithm]()
    const counts = { records: 0, bytes: 0 }
    let problem: string | null = null
    let unterminated = false
    this.header = ''
    try {
      for await (const run of this.runs(path, name, true, onRecords)) {
        counts.records += run.records
        counts.bytes += run.bytes.length
        unterminated = run.unterminated
        digest.update(run.bytes)
      }
      if (unterminated) problem = `${name} — its last record has no line end: the file is cut off`
    } catch (error) {
      if (!isUserError(error)) throw error
      problem = error.message
    }
    const sum = this.report.storage?.singleFile === true && problem === null ? new Uint32Array(SUM_WORDS) : null
    if (sum !== null) await this.addRecords(path, name, sum)
    const taken = Object.fromEntries(this.columns.map(({ of, values }) => [of, values.take()]))
    return {
      ...counts,
      digest: digest.digest(),
      header: this.header,
      sum,
      classes: taken['label'] ?? new Map<string, number>(),
      groups: taken['groups'] ?? new Map<string, number>(),
      problem,
    }
  }

  /**
   * The sum of the SHA-256 of all records, word by word: equal for equal records in whatever order. It tells data that
   * somebody mixed up, not data that somebody forged.
   */
  async addRecords(path: string, name: string, sum: Uint32Array): Promise<void> {
    for await (const { bytes, ends } of this.runs(path, name, false)) {
      let start = 0
      for (const end of ends) {
        const content = bytes.subarray(start, contentEnd(bytes, start, end))
        const digest = createHash('sha256').update(content).digest()
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + digest.readUInt32LE(4 * i)
        start = end
      }
    }
  }

  /** The records of a file as runs of bytes, header and empty lines aside. */
  async *runs(
    path: string,
    name: string,
    inspects: boolean,
    onRecords: OnRecords = () => {},
  ): AsyncGenerator<RecordRun> {
    const { memory, format } = this
    const codec = format.open({ header: this.report.header, columns: this.columns.map(column => column.name) })
    const sinks = this.columns.map(({ values }) => values)
    const { size, mtimeMs } = statSync(path)
    const file = { name, path, bytes: size, modified: mtimeMs }
    let expectsHeader = this.report.header
    let position = 0
    const blocks = readBlocks(file, { memory, codec, inspects, onBytes: () => {} })
    for (;;) {
      const next = await locateProblems(
        file,
        codec,
        () => position,
        () => blocks.next(),
      )
      if (next.done === true) return
      const block = next.value
      position = block.position
      let { start } = block
      let from = start
      let records = 0
      const run = (to: number, at: number, unterminated: boolean): RecordRun => {
        onRecords(from, at - records, at)
        return {
          bytes: block.bytes.subarray(from, to),
          records,
          ends: Array.from(block.ends.subarray(at - records, at), end => end - from),
          unterminated,
        }
      }
      for (let i = 0; i < block.count; ) {
        const inspected = inspects && !expectsHeader ? codec.inspectRun(memory, i, block.count, sinks) : 0
        const step = Math.max(inspected, 1)
        const stop = block.ends[i + step - 1] as number
        if (inspected > 0) records += step
        else {
          const end = contentEnd(block.bytes, start, stop)
          const empty = end === start && codec.skipsEmptyLines
          if (empty || expectsHeader) {
            if (records > 0) yield run(start, i, false)
            if (!empty) {
              const header = block.bytes.slice(start, end)
              codec.readHeader(header)
              this.header = Buffer.from(header).toString('latin1')
              expectsHeader = false
            }
            from = stop
            records = 0
          } else {
            if (inspects) {
              const at = start
              await locateProblems(
                file,
                codec,
                () => position,
                async () => codec.inspect(block.bytes, at, end, sinks),
              )
            }
            records++
          }
        }
        start = stop
        i += step
      }
      if (records > 0) yield run(start, block.count, block.unterminated)
    }
  }
}

/** The columns whose values the checks need; null for what the report counts nothing of, or the files do not name. */
export function countedColumns({ classes, label, groups, certificate, options, storage }: FoldReport) {
  const found = (column: string | null) =>
    column === null || (storage?.dropHeader === true && !/^\d+$/.test(column)) ? null : column
  // A label without counted classes is a number to predict; several columns are counted as one.
  const isOne = Object.keys(classes).length > 0 && options?.['labels'] === undefined
  return {
    label: isOne ? found(label) : null,
    groups: certificate.groupsKeptTogether === null ? null : found(groups),
  }
}

type OnRecords = (start: number, from: number, to: number) => void

/** Whole records, one after the other. The bytes are gone when the next run is read. */
export interface RecordRun {
  readonly bytes: Uint8Array
  readonly records: number
  /** Offset after each of them. */
  readonly ends: readonly number[]
  /** The last of them has no line end. */
  readonly unterminated: boolean
}
