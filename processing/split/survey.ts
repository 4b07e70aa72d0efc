import { UserError } from '../../schemas/problem.ts'
import { contentEnd } from '../formats/lines.ts'
import type { BlockMemory } from '../formats/block-memory.ts'
import { MalformedRecord } from '../formats/format.ts'
import type { RecordCodec, ValueSink } from '../formats/format.ts'
import type { Digests } from './digests.ts'
import type { Duplicates } from './duplicates.ts'
import { checkUnchanged } from './input-files.ts'
import type { InputFile } from './input-files.ts'
import { locateProblems, readBlocks } from './read-blocks.ts'
import type { Block } from './read-blocks.ts'
import type { SurveyedBlock } from './write-while-surveying.ts'

export interface SurveyedFile extends InputFile {
  readonly records: number
  /** Digest of the whole file, which may still be under way. */
  readonly digest: Promise<string>
}

/** What the first pass over the data learns. */
export interface Survey {
  readonly files: readonly SurveyedFile[]
  readonly records: number
  /** Bytes of all records with their line ends, also the one that the last record may lack. */
  readonly recordBytes: number
  /** The header record without its line end, when the data has one. */
  readonly header: Uint8Array | null
  /** The header names columns, and is not written. @default false */
  readonly dropsHeader?: boolean
  /** What ends a record of this data: added to a last record that has none. */
  readonly lineEnd: Uint8Array
  readonly emptyLines: number
  readonly warnings: readonly string[]
}

/** What every written file starts with. */
export function writtenHeader({ header, dropsHeader, lineEnd }: Survey): Uint8Array {
  return header === null || dropsHeader === true ? new Uint8Array(0) : Buffer.concat([header, lineEnd])
}

export interface SurveyRequest {
  readonly files: readonly InputFile[]
  readonly memory: BlockMemory
  readonly digests: Digests
  readonly duplicates: Pick<Duplicates, 'note'>
  readonly codec: RecordCodec
  readonly header: boolean
  /** One per wanted column of the codec. */
  readonly columns: readonly ValueSink[]
  readonly onBytes: (count: number) => void
  /** Told of every block when its records are inspected. */
  readonly onBlock?: ((surveyed: SurveyedBlock) => void) | undefined
  /** Whether there may be no records here, as on one of several hosts. @default false */
  readonly mayBeEmpty?: boolean
}

/** First pass: checks every record, counts, and encodes the wanted columns. */
export async function surveyInputs(request: SurveyRequest): Promise<Survey> {
  const state: SurveyState = {
    header: null,
    headerFile: '',
    lineEnd: null,
    records: 0,
    recordBytes: 0,
    emptyLines: 0,
    warnings: [],
  }
  const files: SurveyedFile[] = []
  for (const file of request.files) {
    if (file.bytes === 0 && request.files.length > 1) {
      state.warnings.push(`${file.name} is empty and was left out.`)
      continue
    }
    files.push(await surveyFile(file, request, state))
  }
  if (state.records === 0 && request.mayBeEmpty !== true) throw noRecords(request.files, state.header !== null)
  if (state.emptyLines > 0) state.warnings.push(`${state.emptyLines} empty lines were left out.`)
  return { ...state, files, lineEnd: lineEndOf(state) }
}

interface SurveyState {
  header: Uint8Array | null
  headerFile: string
  lineEnd: Uint8Array | null
  records: number
  recordBytes: number
  emptyLines: number
  warnings: string[]
}

function lineEndOf(state: SurveyState): Uint8Array {
  return state.lineEnd ?? Buffer.from('\n')
}

async function surveyFile(file: InputFile, request: SurveyRequest, state: SurveyState): Promise<SurveyedFile> {
  const { codec, memory, onBytes } = request
  const before = state.records
  let expectsHeader = request.header
  let position = 0
  const digest = request.digests.ofFile(file.path, file.bytes)
  await locateProblems(
    file,
    codec,
    () => position,
    async () => {
      for await (const block of readBlocks(file, { memory, codec, inspects: true, onBytes })) {
        position = block.position
        if (position === 0) lookAtStart(file, block, state)
        let { start } = block
        let endsWithRecord = false
        const expectedHeader = expectsHeader
        for (let i = 0; i < block.count; ) {
          const run = expectsHeader ? 0 : codec.inspectRun(block.memory, i, block.count, request.columns)
          const stop = block.ends[i + Math.max(run, 1) - 1] as number
          const end = contentEnd(block.bytes, start, stop)
          endsWithRecord = run > 0 || (!expectsHeader && (end > start || !codec.skipsEmptyLines))
          if (run === 0) {
            if (end === start && codec.skipsEmptyLines) state.emptyLines++
            else if (expectsHeader) {
              takeHeader(file, block.bytes.slice(start, end), codec, state)
              expectsHeader = false
            } else codec.inspect(block.bytes, start, end, request.columns)
          }
          if (endsWithRecord) {
            request.duplicates.note(start, i, i + Math.max(run, 1))
            state.records += Math.max(run, 1)
            state.recordBytes += stop - start
          }
          start = stop
          i += Math.max(run, 1)
        }
        if (block.unterminated && endsWithRecord) state.recordBytes += lineEndOf(state).length
        position = block.position + start
        request.onBlock?.({ block, expectedHeader, header: state.header, lineEnd: lineEndOf(state) })
      }
    },
  )
  checkUnchanged(file)
  return { ...file, records: state.records - before, digest }
}

function lookAtStart(file: InputFile, block: Block, state: SurveyState): void {
  const { bytes, start } = block
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new MalformedRecord(0, 'the file is UTF-16 — save it as UTF-8')
  if (start > 0) state.warnings.push(`${file.name} begins with a byte order mark, which was left out.`)
  if (state.lineEnd !== null || (block.unterminated && block.count === 1)) return
  const stop = block.ends[0] as number
  state.lineEnd = bytes.slice(contentEnd(bytes, start, stop), stop)
}

function takeHeader(file: InputFile, header: Uint8Array, codec: RecordCodec, state: SurveyState): void {
  if (state.header === null) {
    codec.readHeader(header)
    state.header = header
    state.headerFile = file.name
  } else if (!Buffer.from(header).equals(state.header))
    throw new MalformedRecord(
      0,
      `the header differs from that of ${state.headerFile} — every input file needs the same columns in the same order`,
    )
}

function noRecords(files: readonly InputFile[], hasHeader: boolean): UserError {
  const where = files.length === 1 ? `${files[0]?.name}` : `the ${files.length} input files`
  if (files.every(file => file.bytes === 0))
    return new UserError(`${where} — empty, 0 bytes — give a file with records`)
  if (hasHeader)
    return new UserError(
      `${where} — only a header, no records — give a file with records, or leave out --header if the first line is data`,
    )
  return new UserError(`${where} — only empty lines, no records — give a file with records`)
}
