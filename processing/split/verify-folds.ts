import { splitContainer } from '../../schemas/containers.ts'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { partsText } from './hosts/share-round.ts'
import { formats } from '../formats/formats.ts'
import { digestAlgorithms, digestOfText } from './verify/digest-algorithms.ts'
import { checkInputs } from './verify/check-inputs.ts'
import type { Inputs } from './verify/check-inputs.ts'
import { checkReport } from './verify/check-report.ts'
import { compareCopies } from './verify/compare-copies.ts'
import type { FoldFiles, WrittenFile } from './verify/fold-files.ts'
import { BrokenPair } from './verify/paired-folds.ts'
import { digestedSets, promises } from './verify/promises.ts'
import type { Evidence, Finding } from './verify/promises.ts'
import { checkDuplicates, contentOf, DuplicateCount, groupFiles, uncountable } from './verify/recount-duplicates.ts'
import { readLayout } from './verify/read-layout.ts'
import type { WrittenLayout } from './verify/read-layout.ts'
import { nothingRead, ShardReader } from './verify/scan-shard.ts'
import type { ShardFacts } from './verify/scan-shard.ts'
import { viewFolds } from './verify/view-folds.ts'
import type { FoldView } from './verify/fold-view.ts'

/** One promise of the fold report and what came of it. */
export interface PromiseVerdict {
  readonly name: string
  readonly title: string
  readonly state: 'kept' | 'broken' | 'not checked'
  /** What was looked at, or why nothing was. */
  readonly detail: string
  readonly problems: readonly string[]
}

/** What the written folds are worth. */
export interface Verification {
  readonly place: string
  readonly report: FoldReport
  readonly promises: readonly PromiseVerdict[]
  /** One sentence per break, naming file and line or folder; empty when all is well. */
  readonly problems: readonly string[]
  /** Files that were read, each content once, and their records. */
  readonly read: { readonly files: number; readonly records: number }
}

/** With `input`, every record is compared with its origin. */
export interface VerifyOptions extends Inputs {
  /** Told before a file is read. */
  readonly onFile?: (path: string, done: number, total: number) => void
}

/**
 * Checks written folds against their report, record by record: that the report fits together, that every folder has its
 * files, that all copies of a shard are equal, sizes, classes and digests, and the promises of the certificate. Reads every
 * file as a stream; what it remembers of each are counts and a
 * digest, and of its records hashes, in a temporary file when they are many.
 *
 * @throws UserError when there is no report to check against
 */
export async function verifyFolds(source: FoldFiles, options: VerifyOptions = {}): Promise<Verification> {
  const written = await readReport(source)
  checkFormat(source, written)
  const view = await viewFolds(source, written)
  try {
    return { ...(await verifyView(view, written, options)), place: source.place, report: written }
  } finally {
    view.close()
  }
}

async function verifyView(
  view: FoldView,
  written: FoldReport,
  options: VerifyOptions,
): Promise<Omit<Verification, 'place' | 'report'>> {
  const { source, report, rewritten, unordered } = view
  const layout = await readLayout(source, report)
  const { facts, copies } = await scanFiles(view, layout, options)
  const evidence: Evidence = {
    report,
    parts: layout.parts,
    facts,
    digests: rewritten !== null || unordered ? new Map() : await setDigests(source, layout, report, facts),
    rewritten,
    unordered,
  }
  const verdicts = [
    verdict('report', 'folds.json fits together', {
      checked: true,
      detail: written.options === undefined ? 'without the certificate: no options' : 'counts, options, certificate',
      problems: checkReport(written),
    }),
    verdict('files', 'every folder has its files and no others', {
      checked: true,
      detail: `${layout.files.length} files, layout ${written.layout}`,
      problems: layout.problems,
    }),
    verdict('records', 'every record can be read', {
      checked: true,
      detail: report.format,
      problems: [...new Set([...facts.values()].flatMap(({ problem }) => problem ?? []))],
    }),
    verdict(
      'copies',
      'all copies of a shard are equal',
      await (view.compareCopies?.() ?? compareCopies(source, evidence)),
    ),
    ...Object.entries(promises).map(([name, { title, check }]) => verdict(name, title, check(evidence))),
    verdict('duplicates', 'copies on both sides are as many as reported', checkDuplicates(evidence, copies)),
    verdict('inputs', 'the records are those of the inputs', await checkInputs(evidence, written, view, options)),
  ]
  return {
    promises: verdicts,
    problems: verdicts.flatMap(({ problems }) => problems),
    read: countRead(layout, facts),
  }
}

function checkFormat({ place }: FoldFiles, { format }: FoldReport): void {
  if (Object.hasOwn(formats, format)) return
  throw new UserError(
    `${place}/report/${splitContainer.reportFile} — the format ${format} is not known — use the version of Foldwise that wrote it, or a later one`,
  )
}

function verdict(name: string, title: string, { checked, detail, problems }: Finding): PromiseVerdict {
  const state = problems.length > 0 ? 'broken' : checked ? 'kept' : 'not checked'
  return { name, title, state, detail, problems }
}

/** What every file holds, the names of one content read once; and how many records are on both sides of a fold. */
async function scanFiles(
  { source, report, rewritten }: FoldView,
  layout: WrittenLayout,
  { signal, onFile }: VerifyOptions,
): Promise<{ facts: Map<string, ShardFacts>; copies: number }> {
  const reader = new ShardReader(report)
  const copies = new DuplicateCount(reader.memory)
  const counts = uncountable(report, rewritten) === null
  const found = new Map<string, ShardFacts>()
  try {
    for (const group of groupFiles(layout, report)) {
      if (counts && group.folds.size > 0) copies.start()
      for (const file of group.files) {
        if (signal?.aborted === true) throw new UserError(`${source.place} — the check was interrupted`)
        onFile?.(file.path, found.size, layout.files.length)
        copies.startFile()
        found.set(contentOf(file), await scanFile(source, file, reader, copies))
      }
      copies.end(group)
    }
  } finally {
    copies.close()
  }
  const facts = new Map(layout.files.map(file => [file.path, found.get(contentOf(file)) as ShardFacts]))
  return { facts, copies: copies.records }
}

/** A file that cannot even be made of what is there has nothing in it, and says why. */
async function scanFile(
  source: FoldFiles,
  file: WrittenFile,
  reader: ShardReader,
  copies: DuplicateCount,
): Promise<ShardFacts> {
  try {
    return await source.withFile(file, path =>
      reader.scan(path, file.path, (start, from, to) => copies.note(start, from, to)),
    )
  } catch (error) {
    if (!(error instanceof BrokenPair)) throw error
    return { ...nothingRead, problem: error.message }
  }
}

/**
 * Digests of validation and test sets, as the report's are made: of one file it is that of the file; several are read again
 * one after the other, and where several hosts wrote them it is the digest of their digests.
 */
async function setDigests(
  source: FoldFiles,
  { parts }: WrittenLayout,
  report: FoldReport,
  facts: ReadonlyMap<string, ShardFacts>,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  const reader = new ShardReader(report)
  for (const { folder, part } of digestedSets(report)) {
    const shards = parts.get(folder) ?? []
    const own = shards.map(({ file }) => facts.get(file.path)?.digest ?? '')
    if (part.parts !== undefined) digests.set(folder, digestOfText(report, partsText(own)))
    else if (own.length === 1) digests.set(folder, own[0] as string)
    else {
      const whole = digestAlgorithms[report.digestAlgorithm]()
      for (const { file } of shards)
        await source.withFile(file, async path => {
          for await (const { bytes } of reader.runs(path, file.path, false)) whole.update(bytes)
        })
      digests.set(folder, whole.digest())
    }
  }
  return digests
}

function countRead({ files }: WrittenLayout, facts: ReadonlyMap<string, ShardFacts>): Verification['read'] {
  const contents = new Map(files.map(file => [file.identity ?? file.path, facts.get(file.path)?.records ?? 0]))
  return { files: contents.size, records: [...contents.values()].reduce((sum, count) => sum + count, 0) }
}

async function readReport(source: FoldFiles): Promise<FoldReport> {
  const path = `report/${splitContainer.reportFile}`
  const text = await source.text(path)
  if (text === undefined)
    throw new UserError(`${source.place}/${path} — there is no fold report — give the place that the split wrote to`)
  const parsed = foldReportSchema.safeParse(parseJson(`${source.place}/${path}`, text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UserError(
    `${source.place}/${path} — not a fold report: ${issue?.path.join('.')} ${issue?.message} — give the place that the split wrote to`,
  )
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${path} — not JSON — give the place that the split wrote to`, { cause: error })
  }
}
