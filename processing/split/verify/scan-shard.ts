import { statSync } from 'node:fs'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { isUserError } from '../../../schemas/problem.ts'
import type { FormatName } from '../../../schemas/split-options.ts'
import { BlockMemory } from '../../formats/block-memory.ts'
import type { Format } from '../../formats/format.ts'
import { formats } from '../../formats/formats.ts'
import { contentEnd } from '../../formats/lines.ts'
import { Blake3 } from '../blake3.ts'
import { locateProblems, readBlocks } from '../read-blocks.ts'
import { CountedValues } from './counted-values.ts'

/** What a file of records holds, read whole. */
export interface ShardFacts {
  readonly records: number
  /** Of the records with their line ends, the header aside. */
  readonly bytes: number
  /** Of those bytes. */
  readonly digest: string
  /** The header record as text; empty without one. */
  readonly header: string
  /** Records per value of the label; empty without a label. */
  readonly classes: ReadonlyMap<string, number>
  /** Records per value of the group column; empty without one. */
  readonly groups: ReadonlyMap<string, number>
  /** Why reading stopped or what is odd, such as a record that is cut off. */
  readonly problem: string | null
}

/** Reads files of records with one memory. A class because the memory has a lifetime. */
export class ShardReader {
  private readonly memory = new BlockMemory()
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
    // A label without counted classes is a number to predict.
    const label = Object.keys(report.classes).length === 0 ? null : report.label
    const wanted = { label, groups: report.certificate.groupsKeptTogether === null ? null : report.groups }
    this.columns = (['label', 'groups'] as const).flatMap(of => {
      const name = wanted[of]
      return name === null ? [] : [{ of, name, values: new CountedValues() }]
    })
  }

  /** @param name For sentences. */
  async scan(path: string, name: string): Promise<ShardFacts> {
    const digest = new Blake3()
    const counts = { records: 0, bytes: 0 }
    let problem: string | null = null
    let unterminated = false
    this.header = ''
    try {
      for await (const run of this.runs(path, name, true)) {
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
    const taken = Object.fromEntries(this.columns.map(({ of, values }) => [of, values.take()]))
    return {
      ...counts,
      digest: digest.digest(),
      header: this.header,
      classes: taken['label'] ?? new Map<string, number>(),
      groups: taken['groups'] ?? new Map<string, number>(),
      problem,
    }
  }

  /** The records of a file as runs of bytes, header and empty lines aside. */
  async *runs(path: string, name: string, inspects: boolean): AsyncGenerator<RecordRun> {
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
      for (let i = 0; i < block.count; ) {
        const inspected = inspects && !expectsHeader ? codec.inspectRun(memory, i, block.count, sinks) : 0
        const step = Math.max(inspected, 1)
        const stop = block.ends[i + step - 1] as number
        if (inspected > 0) records += step
        else {
          const end = contentEnd(block.bytes, start, stop)
          const empty = end === start && codec.skipsEmptyLines
          if (empty || expectsHeader) {
            if (records > 0) yield { bytes: block.bytes.subarray(from, start), records, unterminated: false }
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
      if (records > 0) yield { bytes: block.bytes.subarray(from, start), records, unterminated: block.unterminated }
    }
  }
}

/** Whole records, one after the other. The bytes are gone when the next run is read. */
export interface RecordRun {
  readonly bytes: Uint8Array
  readonly records: number
  /** The last of them has no line end. */
  readonly unterminated: boolean
}
