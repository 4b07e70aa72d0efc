/** Takes the values of one wanted column, record by record. */
export interface ValueSink {
  addBytes(bytes: Uint8Array, start: number, end: number): void
  addText(text: string): void
}

export interface FormatOptions {
  readonly header: boolean
  /** Columns whose values are wanted, by name or index. */
  readonly columns: readonly string[]
}

/**
 * How records of one format are found and read. Blocks always begin at a record, so nothing is remembered between
 * them; offsets are within the given bytes.
 */
export interface RecordCodec {
  /** A line without content is no record: it is left out, and counted. */
  readonly skipsEmptyLines: boolean
  /**
   * Writes the offset after each whole record of `bytes[0, length)` into `ends`, until it is full, and returns how many.
   * Does not count an unfinished record at the end.
   */
  findEnds(bytes: Uint8Array, length: number, ends: Uint32Array): number
  /** Reads the header record, without its line end, and finds the wanted columns in it. */
  readHeader(bytes: Uint8Array): void
  /** Checks one record, line end excluded, and hands the values of the wanted columns to `sinks`. */
  inspect(bytes: Uint8Array, start: number, end: number, sinks: readonly ValueSink[]): void
}

/** One record format: its file extension and how its records are read. */
export interface Format {
  /** Of the files written, with the dot. */
  readonly extension: string
  readonly allowsHeader: boolean
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
