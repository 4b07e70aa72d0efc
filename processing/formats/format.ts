import type { BlockMemory } from './block-memory.ts'

/** Takes the values of one wanted column, record by record. */
export interface ValueSink {
  addBytes(bytes: Uint8Array, start: number, end: number): void
  addText(text: string): void
  /** The values `bytes[starts[i], stops[i])` of the records `from` to `to`, the last not included. */
  addRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): void
}

/** The bytes of a file's records in order. */
export interface ByteSource {
  /** Reads at most `length` bytes to `offset`; 0 at the end. */
  read(into: Uint8Array, offset: number, length: number): number | Promise<number>
  close(): void
}

export interface FormatOptions {
  readonly header: boolean
  /** Columns whose values are wanted, by name or index. */
  readonly columns: readonly string[]
}

/**
 * How records of one format are found and read. Blocks always begin at a record, so nothing is remembered between
 * them; offsets are within the block.
 */
export interface RecordCodec {
  /** A line without content is no record: it is left out, and counted. */
  readonly skipsEmptyLines: boolean
  /** What a place in the data is called in sentences. @default 'line' */
  readonly places?: 'byte'
  /**
   * Formats whose files are no sequence of records: gives the records of a file as bytes of a form of its own, in which they
   * are found, inspected and copied. @default the file's bytes, unpacked
   */
  openRecords?(path: string, name: string): ByteSource
  /** The way back: writes records in that form to a new file. */
  writeRecords?(records: AsyncIterable<Uint8Array>, path: string): Promise<void>
  /**
   * Writes the offset after each whole record of `block[start, length)` into its `ends`, until they are full, and returns
   * how many. Does not count an unfinished record at the end.
   */
  findEnds(block: BlockMemory, start: number, length: number): number
  /** The same, and looks at the records meanwhile, for {@link inspectRun}. */
  scan(block: BlockMemory, start: number, length: number): number
  /** Reads the header record, without its line end, and finds the wanted columns in it. */
  readHeader(bytes: Uint8Array): void
  /** Checks one record, line end excluded, and hands the values of the wanted columns to `sinks`. */
  inspect(bytes: Uint8Array, start: number, end: number, sinks: readonly ValueSink[]): void
  /**
   * Does what {@link inspect} does for as many records from `from` on as the scan found to be in order, and returns how
   * many. 0 says that the next one must be inspected by itself.
   */
  inspectRun(block: BlockMemory, from: number, count: number, sinks: readonly ValueSink[]): number
}

/** One record format: its file extension and how its records are read. */
export interface Format {
  /** Of the files written, with the dot. */
  readonly extension: string
  readonly allowsHeader: boolean
  /** Its files are more than their records one after the other, and compressed within: its codec writes them. @default false */
  readonly rewritesFiles?: true
  /** Records are paths: files are listed, and the folds hold the listed files, or manifests of them. @default false */
  readonly listsFiles?: true
  open(options: FormatOptions): RecordCodec
}

/** A record that breaks the rules of its format; whoever knows the file adds its name and line. */
export class MalformedRecord extends Error {
  override readonly name = 'MalformedRecord'
  /** Where, in the bytes that were given. */
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}
