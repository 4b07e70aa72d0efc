import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitContainer } from '../../schemas/containers.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { shardNames } from '../../schemas/shard-names.ts'
import { foldCount } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { Format, RecordCodec } from '../formats/format.ts'
import { formats } from '../formats/formats.ts'
import { BlockMemory } from '../formats/block-memory.ts'
import { Digests } from './digests.ts'
import { certifyRound } from './certify.ts'
import type { CertifiedRound } from './certify.ts'
import { checkPromises, checkRequest } from './check-request.ts'
import { Duplicates } from './duplicates.ts'
import { diskProblem } from './disk-problem.ts'
import { finishFolders } from './forms/finish-folders.ts'
import { changesShards, finishShard } from './forms/finish-shards.ts'
import { writeFileList } from './forms/list-files.ts'
import { columnIndex, writeNumberPairs } from './forms/number-pairs.ts'
import { placeListed } from './forms/place-listed.ts'
import { foldReport } from './fold-report.ts'
import { listInputs } from './input-files.ts'
import { locateRecords } from './locate-records.ts'
import { duplicateWarnings, nameDuplicates } from './name-duplicates.ts'
import { layouts } from './layouts.ts'
import type { Layout, Shard } from './layouts.ts'
import { OutputFolders } from './output-folders.ts'
import { partition } from './partition.ts'
import { KeyedFolds } from './keyed-folds.ts'
import { drawsAtRandom, dropsHeader } from './option-rules.ts'
import { planSplit } from './plans/plan-split.ts'
import { shardHomes } from './shard-homes.ts'
import { folderUri, meter } from './split-io.ts'
import type { SplitIo } from './split-io.ts'
import { strategies } from './strategies/strategies.ts'
import type { EncodedColumn, SplitPlan, Strategy } from './strategies/strategy.ts'
import { surveyInputs, writtenHeader } from './survey.ts'
import type { Survey } from './survey.ts'
import { openCodec, readColumns, wantedColumns } from './wanted-columns.ts'
import type { WantedColumn } from './wanted-columns.ts'
import { WriteWhileSurveying } from './write-while-surveying.ts'
import type { WhileSurveyingRequest } from './write-while-surveying.ts'

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
    const copies = await nameDuplicates(rounds, records => locateRecords(survey, memory, codec, records))
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
      warnings: [...survey.warnings, ...warnings, ...plan.warnings, ...duplicateWarnings(copies, rounds)],
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
    const written = atOnce?.finish() ?? (await partition({ survey, memory, digests, codec, round, paths, onBytes }))
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
