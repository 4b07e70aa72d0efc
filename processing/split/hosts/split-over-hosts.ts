import { randomInt } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitContainer } from '../../../schemas/containers.ts'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { UserError } from '../../../schemas/problem.ts'
import { shardNames } from '../../../schemas/shard-names.ts'
import { foldCount, splitFlagName } from '../../../schemas/split-options.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { BlockMemory } from '../../formats/block-memory.ts'
import type { Format, RecordCodec } from '../../formats/format.ts'
import { formats } from '../../formats/formats.ts'
import type { HostExchange } from '../../hosts/host-exchange.ts'
import { checkBooks, classesPerCell } from '../certify.ts'
import type { CertifiedRound } from '../certify.ts'
import type { CopySource } from '../copy-finder.ts'
import { Digests } from '../digests.ts'
import { diskProblem } from '../disk-problem.ts'
import { foldReport } from '../fold-report.ts'
import { compressions } from '../forms/compressions.ts'
import { changesShards, finishShard } from '../forms/finish-shards.ts'
import { HashStore } from '../hash-store.ts'
import { listInputs } from '../input-files.ts'
import { KeyedFolds } from '../keyed-folds.ts'
import { layouts } from '../layouts.ts'
import type { Layout, Shard } from '../layouts.ts'
import { duplicateWarnings, nameDuplicates } from '../name-duplicates.ts'
import { drawsAtRandom } from '../option-rules.ts'
import { OutputFolders } from '../output-folders.ts'
import { partition } from '../partition.ts'
import { planSplit } from '../plans/plan-split.ts'
import { checkPromises, checkRequest } from '../check-request.ts'
import { shardHomes } from '../shard-homes.ts'
import { digested } from '../shard-writer.ts'
import { folderUri, meter } from '../split-io.ts'
import { MAX_COUNTED_CLASSES, MAX_VALUES, wantedColumns } from '../wanted-columns.ts'
import type { SplitIo } from '../split-io.ts'
import { strategies } from '../strategies/strategies.ts'
import type { ColumnRole, EncodedColumn, Round, SplitPlan, Strategy } from '../strategies/strategy.ts'
import { surveyInputs, writtenHeader } from '../survey.ts'
import type { Survey } from '../survey.ts'
import { shareCopies, sharePlaces } from './share-copies.ts'
import { shareRound } from './share-round.ts'
import { shareSurvey } from './share-survey.ts'
import type { OwnColumn, SharedSurvey } from './share-survey.ts'

/**
 * Splits data that lie on several hosts of a job, each with its own files, into the folds that one host alone would make
 * of all of them: the hosts tell one another how many records of which values they have, and each plans all records. Every
 * host writes its own files; the first one writes the fold report, and the manifests of that layout.
 *
 * Within a validation set the records go host by host.
 *
 * @throws UserError for every mistake in the data or the options of any host; then no host leaves anything behind
 */
export async function splitOverHosts(
  requested: SplitOptions,
  io: SplitIo,
  exchange: HostExchange,
): Promise<FoldReport> {
  const strategy: Strategy = strategies[requested.strategy]
  const format: Format = formats[requested.format]
  const layout: Layout = layouts[requested.layout]
  checkRequest(requested, strategy, format, layout, io)
  checkHostOptions(requested)
  const options = await agreeOnOptions(requested, io, exchange)

  let output: OutputFolders | undefined
  let digests: Digests | undefined
  let hashes: HashStore | undefined
  const memory = new BlockMemory()
  try {
    const files = listInputs(io.input, true)
    digests = new Digests(files.reduce((sum, file) => sum + file.bytes, 0))
    const columns = wantedColumns(options, strategy)
    const codec = format.open({ header: options.header, columns: columns.map(({ name }) => name) })
    const composed = (['holdout', 'innerK', 'fraction', 'cap'] as const).some(name => options[name] !== undefined)
    const keys = columns.find(({ codes }) => codes instanceof KeyedFolds)?.codes
    // Where a record's own key decides its fold, copies of it are in the same one.
    const mayLeak = composed || keys === undefined
    const { staging } = (output = new OutputFolders(io.output))
    hashes = mayLeak ? new HashStore(memory, () => join(staging.validation, '.hashes')) : undefined
    const survey = await surveyInputs({
      files,
      memory,
      digests,
      duplicates: hashes ?? { note() {} },
      codec,
      header: options.header,
      columns: columns.map(({ codes }) => codes),
      onBytes: meter('counting', files, 1, io),
      mayBeEmpty: true,
    })
    const shared = await shareSurvey(exchange, {
      survey,
      columns: columns.flatMap(({ role, name, codes, needed }): OwnColumn[] => {
        if (codes instanceof KeyedFolds) return []
        const texts = codes.overflowed ? null : codes.texts
        const most = needed ? MAX_VALUES : MAX_COUNTED_CLASSES
        return [{ role, name, texts, codes: codes.recordCodes, planned: needed, most }]
      }),
      keyedFolds: keys instanceof KeyedFolds ? keys.foldOf : null,
      sharesKeys: composed,
      k: options.k,
    })
    checkValues(shared, strategy)
    const classes = countedClasses(shared.own)
    const plan = planSplit(shared.records, options)
    const copies = hashes === undefined ? null : await shareCopies(exchange, { hashes, order: shared.order, memory })
    hashes?.close()
    const local: Survey = {
      ...survey,
      header: shared.header,
      lineEnd: shared.lineEnd,
      ...(options.dropHeader === true && { dropsHeader: true }),
    }
    const work: Work = {
      options,
      format,
      layout,
      codec,
      survey: local,
      shared,
      plan,
      classes,
      copies,
      output,
      memory,
      digests,
      io,
    }
    const rounds = await writeRounds(work, exchange)
    const unclassed = options.label === undefined || classes !== null ? [] : [uncountedClasses(options.label)]
    const inputs = await shareInputs(exchange, survey)
    const duplicates = await nameDuplicates(rounds, records =>
      sharePlaces(exchange, records, { survey, memory, codec, order: shared.order }),
    )
    const report = await foldReport({
      generator: io.generator ?? 'foldwise',
      options,
      survey: { ...local, ...inputs, records: shared.order.records },
      plan,
      classes,
      rounds,
      duplicates,
      warnings: [...inputs.warnings, ...unclassed, ...plan.warnings, ...duplicateWarnings(duplicates, rounds)],
    })
    checkPromises(report, foldCount(options))
    if (exchange.index === 0)
      writeFileSync(join(output.folder('report'), splitContainer.reportFile), `${JSON.stringify(report, null, 2)}\n`)
    // Nothing is put in its place before every host has got this far.
    await exchange.gather('written', { facts: null, blobs: [] })
    output.commit()
    return report
  } catch (error) {
    output?.abandon()
    throw diskProblem(error, io) ?? error
  } finally {
    hashes?.close()
    await digests?.close()
  }
}

/** What one host alone can do. */
const aloneOnly = {
  labels: 'several label columns are joined to one',
  singleFile: 'every folder holds one file',
  shardSize: 'files have a given size',
  numberPairs: 'features and label are written apart',
} as const satisfies Partial<Record<keyof SplitOptions, string>>

function checkHostOptions(options: SplitOptions): void {
  for (const name of Object.keys(aloneOnly) as (keyof typeof aloneOnly)[])
    if (options[name] !== undefined && options[name] !== false)
      throw new UserError(
        `--${splitFlagName(name)} over several instances — ${aloneOnly[name]} only on one instance — leave it out, or split on one`,
        { exitCode: 2 },
      )
  const { listsFiles }: Format = formats[options.format]
  const { takes }: Strategy = strategies[options.strategy]
  const what =
    listsFiles === true
      ? `--format ${options.format}`
      : takes.includes('key') && options.key === undefined
        ? `--strategy ${options.strategy} without --key`
        : null
  if (what !== null)
    throw new UserError(`${what} over several instances — it is for one — split on one`, { exitCode: 2 })
}

const uncountedClasses = (label: string): string =>
  `${label} is continuous or has more than ${MAX_COUNTED_CLASSES} values: no classes were counted.`

/** All hosts were told the same; the first one draws the seed where none was given. */
async function agreeOnOptions(requested: SplitOptions, io: SplitIo, exchange: HostExchange): Promise<SplitOptions> {
  const drawn = drawsAtRandom(requested) ? (io.randomSeed ?? (() => randomInt(2 ** 32)))() : undefined
  const facts: Greeting = { options: JSON.stringify(requested), generator: io.generator ?? '', drawn: drawn ?? null }
  const messages = await exchange.gather('options', { facts, blobs: [] })
  const greetings = messages.map(message => message.facts as Greeting)
  const [first = facts] = greetings
  for (const what of ['options', 'generator'] as const) {
    const other = greetings.findIndex(greeting => greeting[what] !== first[what])
    if (other > 0)
      throw new UserError(
        `${exchange.names[other]} was started with other ${what === 'options' ? 'options' : 'programs'} than ${exchange.names[0]} (${greetings[other]?.[what]} instead of ${first[what]}) — every host of a job runs the same`,
      )
  }
  const seed = requested.seed ?? first.drawn ?? undefined
  return seed === undefined ? requested : { ...requested, seed }
}

interface Greeting {
  readonly options: string
  readonly generator: string
  readonly drawn: number | null
}

function checkValues({ overflowed }: SharedSurvey, { needs }: Strategy): void {
  const column = overflowed.find(({ role }) => role === 'weight' || needs.includes(role))
  if (column === undefined) return
  throw new UserError(
    `column ${JSON.stringify(column.name)} has more than ${column.most} different values — choose another column`,
  )
}

/** The label's values, when they are classes and no numbers to predict. */
function countedClasses({ label }: Readonly<Partial<Record<ColumnRole, EncodedColumn>>>): EncodedColumn | null {
  const continuous = label?.numeric === true && label.values.some(value => !Number.isInteger(Number(value)))
  return label === undefined || continuous || label.values.length > MAX_COUNTED_CLASSES ? null : label
}

interface Work {
  readonly options: SplitOptions
  readonly format: Format
  readonly layout: Layout
  readonly codec: RecordCodec
  /** Of this host, with the header and the line end of all. */
  readonly survey: Survey
  readonly shared: SharedSurvey
  readonly plan: SplitPlan
  readonly classes: EncodedColumn | null
  /** The records of equal bytes on all hosts; null when none can be on two sides of a fold. */
  readonly copies: CopySource | null
  readonly output: OutputFolders
  readonly memory: BlockMemory
  readonly digests: Digests
  readonly io: SplitIo
}

async function writeRounds(work: Work, exchange: HostExchange): Promise<CertifiedRound[]> {
  const { options, format, layout, codec, survey, shared, plan, classes, copies, output, memory, digests, io } = work
  const onBytes = meter('writing', survey.files, plan.roundCount, io)
  const form = { options, codec, memory, header: writtenHeader(survey), extension: format.extension }
  const ending = changesShards(options) ? compressions[options.compress ?? 'none'].extension : ''
  const certified: CertifiedRound[] = []
  let nextFold = 0
  for (const round of plan.rounds) {
    const folds = new Map(round.folds.map((fold, i) => [nextFold + i, fold]))
    nextFold += folds.size
    const own: Round = { ...round, cellOf: shared.order.ownPart(exchange.index, round.cellOf) }
    const homes = shardHomes(round, folds)
    const names = shardNames(round.cells, plan.roundCount, certified.length, '')
    const fileName = (cell: number, host: number) => `${names[cell]}-${hostDigits(host, exchange)}${format.extension}`
    const paths = homes.map((home, cell) => join(output.folder('validation', home), fileName(cell, exchange.index)))
    const shards = await digested(await partition({ survey, memory, digests, codec, round: own, paths, onBytes }))
    checkBooks(survey, own, shards, paths)
    if (ending !== '')
      for (const [cell, { records }] of shards.entries())
        if (records > 0) await finishShard(paths[cell] as string, form)
    const result = await shareRound(exchange, {
      number: certified.length,
      plan,
      round,
      folds,
      groups: shared.records.columns.groups ?? null,
      copies,
      shards,
      fileName: (cell, host) => fileName(cell, host) + ending,
      classes: classes === null ? [] : classesPerCell(own, classes),
    })
    certified.push(result.certified)
    const shardsOf = (host: number) =>
      (result.written[host] ?? []).map(
        ({ records }, cell): Shard => ({ file: fileName(cell, host) + ending, home: homes[cell] as string, records }),
      )
    layout.assemble({
      output,
      shards: shardsOf(exchange.index),
      folds,
      test: round.test ?? [],
      first: certified.length === 1,
      s3Uri: folderUri(io.s3Uri),
      link: io.link,
      hosts: exchange.index === 0 ? exchange.names.map((_, host) => shardsOf(host)) : [],
    })
  }
  if (!layout.keepsRest) rmSync(join(output.staging.validation, 'rest'), { recursive: true, force: true })
  return certified
}

/** Padded, so that the order of the names is the order of the hosts. */
function hostDigits(host: number, { names }: HostExchange): string {
  return String(host).padStart(String(names.length - 1).length, '0')
}

interface InputFacts {
  readonly inputs: readonly {
    readonly name: string
    readonly bytes: number
    readonly records: number
    readonly digest: string
  }[]
  readonly warnings: readonly string[]
}

/** The input files of all hosts with their digests, in the order of their names. */
async function shareInputs(exchange: HostExchange, { files, warnings }: Survey) {
  const inputs = await Promise.all(
    files.map(async ({ name, bytes, records, digest }) => ({ name, bytes, records, digest: await digest })),
  )
  const facts: InputFacts = { inputs, warnings }
  const messages = await exchange.gather('inputs', { facts, blobs: [] })
  const all = messages.map(message => message.facts as InputFacts)
  return {
    files: all
      .flatMap(host => host.inputs)
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
      .map(input => ({ ...input, path: input.name, modified: 0, digest: Promise.resolve(input.digest) })),
    warnings: all.flatMap(host => host.warnings),
  }
}
