import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitContainer } from '../../schemas/containers.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { foldCount, splitFlagName } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { Format, RecordCodec } from '../formats/format.ts'
import { formats } from '../formats/formats.ts'
import { BlockMemory } from '../formats/block-memory.ts'
import { Digests } from './digests.ts'
import { combineLabels } from './combine-labels.ts'
import { certifyRound } from './certify.ts'
import type { CertifiedRound } from './certify.ts'
import { Duplicates } from './duplicates.ts'
import { diskProblem } from './disk-problem.ts'
import { checkCompression } from './forms/compressions.ts'
import { finishFolders } from './forms/finish-folders.ts'
import { changesShards, finishShard } from './forms/finish-shards.ts'
import { writeFileList } from './forms/list-files.ts'
import { columnIndex, writeNumberPairs } from './forms/number-pairs.ts'
import { placeListed } from './forms/place-listed.ts'
import { foldReport } from './fold-report.ts'
import { listInputs } from './input-files.ts'
import type { InputFile } from './input-files.ts'
import { locateRecords } from './locate-records.ts'
import { layouts } from './layouts.ts'
import type { Layout, Shard } from './layouts.ts'
import { OutputFolders } from './output-folders.ts'
import type { OutputPaths } from './output-folders.ts'
import { partition } from './partition.ts'
import type { RecordPlace } from './locate-records.ts'
import type { LinkFile } from './place-file.ts'
import { KeyedFolds } from './keyed-folds.ts'
import type { IndexArray } from './shuffle.ts'
import { drawsAtRandom, dropsHeader } from './option-rules.ts'
import { planSplit } from './plans/plan-split.ts'
import { strategies } from './strategies/strategies.ts'
import { cellsOf, columnRoles, foldFolder } from './strategies/strategy.ts'
import type { ColumnRole, EncodedColumn, PlannedFold, Round, SplitPlan, Strategy } from './strategies/strategy.ts'
import { surveyInputs, writtenHeader } from './survey.ts'
import type { Survey } from './survey.ts'
import { ValueCodes } from './value-codes.ts'
import { withWholeRecord } from './whole-record-key.ts'
import { WriteWhileSurveying } from './write-while-surveying.ts'
import type { WhileSurveyingRequest } from './write-while-surveying.ts'

/** Bytes read so far, of all that this split will read. */
export interface SplitProgress {
  readonly phase: 'counting' | 'writing'
  readonly bytes: number
  readonly total: number
}

export interface SplitIo {
  /** The data: a file, or a folder of files that are taken in the byte order of their names. */
  readonly input: string
  /** Folders to fill; each is made when it is missing and must be empty when it is not. */
  readonly output: OutputPaths
  /** Layout `manifest`: the S3 URI where the folder `validation` will lie. */
  readonly s3Uri?: string
  /** Format `files` in layout `manifest`: the S3 URI of the input folder. */
  readonly dataUri?: string
  readonly onProgress?: (progress: SplitProgress) => void
  /** Name and version of the program, for the report. @default 'foldwise' */
  readonly generator?: string
  /** Stops the work between two reads; nothing is left behind. */
  readonly signal?: AbortSignal
  /** A seed for a shuffle that was given none. @default a random one, which the report names */
  readonly randomSeed?: () => number
  /** @default a hard link */
  readonly link?: LinkFile
}

/** More classes than this are no classes but a number to predict: they are not counted fold by fold. */
export const MAX_COUNTED_CLASSES = 1000
export const MAX_VALUES = 2 ** 24

/**
 * Splits data into folds: `validation/<i>/`, `train/<i>/`, `all/` and `report/folds.json`, in two passes of bounded memory.
 *
 * Records are copied as bytes, in their order, and written once per round, to a shard that lies in `validation/`; layout
 * `copy` makes the other folders of hard links to the shards. So the files of `train/<i>/` and `all/` go by fold, and
 * within each the records keep the order of the input.
 *
 * @throws UserError for every mistake in the data or the options; then no output folder holds anything new.
 */
export async function splitData(requested: SplitOptions, io: SplitIo): Promise<FoldReport> {
  const strategy: Strategy = strategies[requested.strategy]
  const format: Format = formats[requested.format]
  // Lists of files are placed like files, and become manifests when they are all there.
  const layout: Layout = format.listsFiles === true ? layouts.copy : layouts[requested.layout]
  checkRequest(requested, strategy, format, layout, io)
  const seed =
    requested.seed ?? (drawsAtRandom(requested) ? (io.randomSeed ?? (() => randomInt(2 ** 32)))() : undefined)
  const options: SplitOptions = seed === undefined ? requested : { ...requested, seed }

  let output: OutputFolders | undefined
  let digests: Digests | undefined
  let duplicates: Duplicates | undefined
  let scratch: string | undefined
  let atOnce: WriteWhileSurveying | null = null
  const memory = new BlockMemory()
  try {
    scratch = format.listsFiles === true ? mkdtempSync(join(tmpdir(), 'foldwise-list-')) : undefined
    const files = scratch === undefined ? listInputs(io.input) : [writeFileList(io.input, scratch)]
    digests = new Digests(files.reduce((sum, file) => sum + file.bytes, 0))
    const columns = wantedColumns(options, strategy)
    const codec = openCodec(format, options, columns)
    const { staging } = (output = new OutputFolders(io.output))
    duplicates = new Duplicates(memory, () => join(staging.validation, '.hashes'))
    atOnce = writeAtOnce(columns, { memory, digests, codec }, { options, output, format })
    const found = await surveyInputs({
      files,
      memory,
      digests,
      duplicates,
      codec,
      header: options.header,
      columns: columns.map(({ codes }) => codes),
      onBytes: meter(atOnce === null ? 'counting' : 'writing', files, 1, io),
      onBlock: atOnce === null ? undefined : surveyed => atOnce?.take(surveyed),
    })
    const survey: Survey = dropsHeader(options) ? { ...found, dropsHeader: true } : found
    const { encoded, classes, warnings, keyedFolds } = readColumns(columns)
    const plan = planSplit({ count: survey.records, columns: encoded, ...(keyedFolds && { keyedFolds }) }, options)
    const work: Work = {
      options,
      format,
      layout,
      codec,
      survey,
      plan,
      classes,
      groups: encoded.groups ?? null,
      output,
      memory,
      digests,
      duplicates,
      io,
    }
    const rounds = await writeRounds(work, atOnce, meter('writing', files, plan.roundCount, io))
    const copies = await findDuplicates(work, rounds)
    duplicates.close()
    await finishAll(work)
    const report = await foldReport({
      generator: io.generator ?? 'foldwise',
      options,
      survey,
      plan,
      classes,
      rounds,
      duplicates: copies,
      warnings: [...survey.warnings, ...warnings, ...plan.warnings, ...duplicateWarnings(copies)],
    })
    checkPromises(report, foldCount(options))
    writeFileSync(join(output.folder('report'), splitContainer.reportFile), `${JSON.stringify(report, null, 2)}\n`)
    output.commit()
    return report
  } catch (error) {
    output?.abandon()
    throw diskProblem(error, io) ?? error
  } finally {
    atOnce?.close()
    duplicates?.close()
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
    await digests?.close()
  }
}

interface Work {
  readonly options: SplitOptions
  readonly format: Format
  readonly layout: Layout
  readonly codec: RecordCodec
  readonly survey: Survey
  readonly plan: SplitPlan
  readonly classes: EncodedColumn | null
  readonly groups: EncodedColumn | null
  readonly output: OutputFolders
  readonly memory: BlockMemory
  readonly digests: Digests
  readonly duplicates: Duplicates
  readonly io: SplitIo
}

async function writeRounds(
  work: Work,
  atOnce: WriteWhileSurveying | null,
  onBytes: (count: number) => void,
): Promise<CertifiedRound[]> {
  const { options, format, layout, codec, survey, plan, classes, groups, output, memory, digests, duplicates, io } =
    work
  const form = { options, codec, memory, header: writtenHeader(survey), extension: format.extension }
  const finish = changesShards(options) ? (path: string) => finishShard(path, form) : null
  const certified: CertifiedRound[] = []
  let nextFold = 0
  for (const round of plan.rounds) {
    const folds = new Map(round.folds.map((fold, i) => [nextFold + i, fold]))
    nextFold += folds.size
    const homes = shardHomes(round, folds)
    const names = shardNames(round.cells, plan.roundCount, certified.length, format.extension)
    const paths = names.map((file, cell) => join(output.folder('validation', homes[cell] as string), file))
    const written =
      (await atOnce?.finish()) ?? (await partition({ survey, memory, digests, codec, round, paths, onBytes }))
    certified.push(
      await certifyRound({ survey, plan, round, shards: written, paths, folds, classes, groups, digests, duplicates }),
    )
    const shards: Shard[] = []
    for (const [cell, { records }] of written.entries()) {
      const files = records > 0 && finish !== null ? { files: await finish(paths[cell] as string) } : {}
      shards.push({ file: names[cell] as string, home: homes[cell] as string, records, ...files })
    }
    layout.assemble({
      output,
      shards,
      folds,
      test: round.test ?? [],
      first: certified.length === 1,
      s3Uri: folderUri(io.s3Uri),
      link: io.link,
    })
  }
  if (!layout.keepsRest) rmSync(join(output.staging.validation, 'rest'), { recursive: true, force: true })
  return certified
}

/** What is made of whole folders, once they have all of their files. */
async function finishAll({ options, format, survey, output, io }: Work): Promise<void> {
  const { layout, numberPairs, label } = options
  if (format.listsFiles === true)
    await finishFolders(output, folder =>
      placeListed(folder, { layout, input: io.input, dataUri: io.dataUri, link: io.link }),
    )
  if (numberPairs === true) {
    const labelIndex = columnIndex(label ?? '', survey.header)
    await finishFolders(output, async folder => writeNumberPairs(folder, labelIndex))
  }
}

/** How often the folds validate on records that they train on copies of, with the places of some. */
async function findDuplicates(work: Work, rounds: readonly CertifiedRound[]): Promise<FoundDuplicates> {
  const { survey, memory, codec } = work
  const leaks = rounds.flatMap(round => round.leaks.examples).slice(0, 10)
  const places = await locateRecords(
    survey,
    memory,
    codec,
    leaks.flatMap(leak => [leak.validation, leak.train]),
  )
  return {
    records: rounds.reduce((sum, round) => sum + round.leaks.records, 0),
    checkedShare: 1,
    examples: leaks.map(({ fold, validation, train }) => ({
      fold,
      validation: places.get(validation) as RecordPlace,
      train: places.get(train) as RecordPlace,
    })),
  }
}

type FoundDuplicates = NonNullable<FoldReport['certificate']['duplicates']>

function duplicateWarnings({ records, examples }: FoundDuplicates): string[] {
  const [first] = examples
  if (first === undefined) return []
  return [
    `${records} validation records are copies of records that the same fold trains on: fold ${first.fold} validates on ${first.validation.file}:${first.validation.line} and trains on ${first.train.file}:${first.train.line}.`,
  ]
}

/** Where each cell's shard is stored: with the first fold that validates on it. */
export function shardHomes(round: Round, folds: ReadonlyMap<number, PlannedFold>): string[] {
  const homes = Array.from({ length: round.cells }, () => 'rest')
  for (const [index, fold] of folds)
    for (const cell of cellsOf(fold.validation, round.cells))
      if (homes[cell] === 'rest') homes[cell] = foldFolder(index, fold)
  return homes
}

/** Padded, so that the order of the names is the order of the cells, in every tool. */
export function shardNames(cells: number, rounds: number, round: number, extension: string): string[] {
  const pad = (value: number, count: number) => String(value).padStart(String(count - 1).length, '0')
  const prefix = rounds === 1 ? 'part' : `part-${pad(round, rounds)}`
  return Array.from({ length: cells }, (_, cell) => `${prefix}-${pad(cell, cells)}${extension}`)
}

interface WantedColumn {
  readonly role: ColumnRole
  readonly name: string
  readonly codes: ValueCodes | KeyedFolds
  readonly needed: boolean
}

export function wantedColumns(options: SplitOptions, strategy: Strategy): WantedColumn[] {
  return columnRoles.flatMap((role): WantedColumn[] => {
    if (role === 'label' && options.labels !== undefined)
      return options.labels.split(',').map(name => ({ role, name, needed: true, codes: new ValueCodes(MAX_VALUES) }))
    const name = options[role]
    if (name === undefined) return []
    const needed = role === 'weight' || strategy.needs.includes(role)
    if (role === 'key') return [{ role, name, needed, codes: new KeyedFolds(options.k, options.seed ?? 0) }]
    return [{ role, name, needed, codes: new ValueCodes(needed ? MAX_VALUES : MAX_COUNTED_CLASSES) }]
  })
}

/** The key of hash-kfold that names no column is the whole record; its column comes last. */
function openCodec(format: Format, options: SplitOptions, columns: WantedColumn[]): RecordCodec {
  const codec = format.open({ header: options.header, columns: columns.map(({ name }) => name) })
  const { takes }: Strategy = strategies[options.strategy]
  if (!takes.includes('key') || options.key !== undefined) return codec
  columns.push({ role: 'key', name: 'record', needed: true, codes: new KeyedFolds(options.k, options.seed ?? 0) })
  return withWholeRecord(codec)
}

/** Writes in the first pass where nothing but a record itself decides where it goes. */
function writeAtOnce(
  columns: readonly WantedColumn[],
  request: Omit<WhileSurveyingRequest, 'folds' | 'paths' | 'dropsHeader'>,
  { options, output, format }: Pick<Work, 'options' | 'output' | 'format'>,
): WriteWhileSurveying | null {
  const folds = columns.find(({ codes }) => codes instanceof KeyedFolds)?.codes
  const { fraction, cap, singleFile, numberPairs, k } = options
  const isPlain = fraction === undefined && cap === undefined && singleFile !== true && numberPairs !== true
  if (!(folds instanceof KeyedFolds) || !isPlain) return null
  const paths = shardNames(k, 1, 0, format.extension).map((file, fold) =>
    join(output.folder('validation', String(fold)), file),
  )
  return new WriteWhileSurveying({ ...request, paths, folds, dropsHeader: dropsHeader(options) })
}

function readColumns(columns: readonly WantedColumn[]) {
  const encoded: Partial<Record<ColumnRole, EncodedColumn>> = {}
  const labels: EncodedColumn[] = []
  let keyedFolds: IndexArray | undefined
  for (const { role, name, codes, needed } of columns) {
    if (codes instanceof KeyedFolds) {
      keyedFolds = codes.foldOf
      continue
    }
    if (!codes.overflowed && role === 'label') labels.push(codes.column())
    else if (!codes.overflowed) encoded[role] = codes.column()
    else if (needed)
      throw new UserError(
        `column ${JSON.stringify(name)} has more than ${MAX_VALUES} different values — choose another column`,
      )
  }
  if (labels.length > 0) encoded.label = combineLabels(labels)
  const { label } = encoded
  const continuous = label?.numeric === true && label.values.some(value => !Number.isInteger(Number(value)))
  const classes = label === undefined || continuous || label.values.length > MAX_COUNTED_CLASSES ? null : label
  const named = columns.find(({ role }) => role === 'label')?.name
  const warnings =
    named === undefined || classes !== null
      ? []
      : [`${named} is continuous or has more than ${MAX_COUNTED_CLASSES} values: no classes were counted.`]
  return { encoded, classes, warnings, ...(keyedFolds && { keyedFolds }) }
}

export function checkRequest(
  options: SplitOptions,
  strategy: Strategy,
  format: Format,
  layout: Layout,
  io: SplitIo,
): void {
  const missing = strategy.needs.find(
    role => options[role] === undefined && !(role === 'label' && options.labels !== undefined),
  )
  if (missing !== undefined)
    throw new UserError(
      `strategy ${options.strategy} needs ${needText[missing]} — say which with --${splitFlagName(missing)}`,
      { exitCode: 2 },
    )
  checkCompression(options.compress)
  if (options.header && !format.allowsHeader)
    throw new UserError(`format ${options.format} has no header — leave out --header`, { exitCode: 2 })
  if (layout.needsS3Uri && !/^s3:\/\/[^/]+/.test(io.s3Uri ?? ''))
    throw new UserError(
      `layout ${options.layout} needs to know where the validation folder will lie in S3 — give its URI, s3://bucket/prefix/`,
      { exitCode: 2 },
    )
}

const needText: Readonly<Record<ColumnRole, string>> = {
  label: 'the label column',
  groups: 'the group column',
  testFold: "the column with every record's fold",
  key: 'the key column',
  weight: 'the weight column',
}

/** Every promise was computed from what was written; a broken one must not be trained on. */
export function checkPromises({ certificate, folds }: FoldReport, promised: number): void {
  if (folds.length !== promised) throw new Error(`${folds.length} folds were made instead of ${promised}`)
  const { disjoint, complete, groupsKeptTogether, timeOrderKept } = certificate
  if (!disjoint || complete === false || groupsKeptTogether === false || timeOrderKept === false)
    throw new Error(`the folds break their promise: ${JSON.stringify(certificate)}`)
  const empty = folds.find(({ train, validation }) => train.records === 0 || validation.records === 0)
  if (empty !== undefined)
    throw new UserError(
      `fold ${empty.index} has no records to ${empty.train.records === 0 ? 'train' : 'validate'} on — choose fewer folds`,
    )
}

export function meter(
  phase: SplitProgress['phase'],
  files: readonly InputFile[],
  passes: number,
  io: SplitIo,
): (count: number) => void {
  const total = files.reduce((sum, file) => sum + file.bytes, 0) * passes
  let bytes = 0
  return count => {
    if (io.signal?.aborted) throw new UserError('the split was interrupted — nothing was written')
    // Compressed files give more bytes than they have.
    bytes = Math.min(total, bytes + count)
    io.onProgress?.({ phase, bytes, total })
  }
}

export function folderUri(uri: string | undefined): string | null {
  if (uri === undefined) return null
  return uri.endsWith('/') ? uri : `${uri}/`
}
