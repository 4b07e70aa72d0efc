import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { isUserError } from '../../../schemas/problem.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import { mapOutputs } from '../output-folders.ts'
import { splitData } from '../split-data.ts'
import { listInputs } from '../input-files.ts'
import { digestAlgorithms } from './digest-algorithms.ts'
import { describeDifference } from './compare-copies.ts'
import { firstDifference } from './first-difference.ts'
import { folderFiles } from './fold-files.ts'
import type { FoldFiles } from './fold-files.ts'
import type { Evidence, Finding } from './promises.ts'
import { readLayout } from './read-layout.ts'
import type { PlacedShard } from './read-layout.ts'
import { ShardReader, SUM_WORDS } from './scan-shard.ts'
import { viewFolds } from './view-folds.ts'
import type { FoldView } from './fold-view.ts'

export interface Inputs {
  /** The data that were split, a file or a folder of this machine. */
  readonly input?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The inputs are those of the report, and splitting them again puts every record where it was found: the one check that
 * needs nothing of what was written, and that names the record that is not what it was. Needs room for the data in the
 * temporary folder.
 */
export async function checkInputs(
  { parts }: Evidence,
  report: FoldReport,
  view: FoldView,
  { input, signal }: Inputs,
): Promise<Finding> {
  if (input === undefined) return { checked: false, detail: 'no --input was given', problems: [] }
  if (report.options === undefined)
    return { checked: false, detail: 'the report does not name the options', problems: [] }
  // Of files only the names are compared, which a manifest has without a copy of them.
  const layout = view.compareCopies === null ? 'copy' : 'manifest'
  const options = splitOptionsSchema.parse({ ...report.options, ...report.storage, layout })
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-verify-'))
  try {
    const again = await splitData(options, {
      input,
      output: mapOutputs(name => join(folder, name)),
      dataUri: 's3://any/',
      ...(signal && { signal }),
    })
    const problems = [
      ...compareInputs(report, await withDigests(report, again, input)),
      ...(await compareFolds(view, parts, report, { folder, again })),
    ]
    return { checked: true, detail: `split again: ${report.strategy} of ${report.inputs.length} files`, problems }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { checked: true, detail: 'the inputs cannot be split again', problems: [error.message] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is written beside what splitting again wrote to `folder`. */
async function compareFolds(
  { source, compareCopies: comparesFiles }: FoldView,
  parts: Evidence['parts'],
  report: FoldReport,
  { folder, again }: { readonly folder: string; readonly again: FoldReport },
): Promise<string[]> {
  const origin = await viewFolds(folderFiles(folder), again)
  try {
    const { parts: expected } = await readLayout(origin.source, origin.report)
    // Validation folders first: a shard is named after its home.
    const places = [...expected].sort(([a], [b]) => (a < b ? 1 : -1))
    const isUnordered = comparesFiles !== null || report.folds.some(fold => fold.validation.parts !== undefined)
    const compare = isUnordered ? compareSums : compareBytes
    return await compare({ source, origin: origin.source, report: origin.report, parts, places })
  } finally {
    origin.close()
  }
}

/** The inputs by the report's algorithm. */
async function withDigests({ digestAlgorithm }: FoldReport, again: FoldReport, input: string): Promise<FoldReport> {
  if (digestAlgorithm === again.digestAlgorithm) return again
  const digests = new Map<string, string>()
  for (const { name, path } of listInputs(input)) {
    const hasher = digestAlgorithms[digestAlgorithm]()
    for await (const chunk of createReadStream(path)) hasher.update(chunk as Buffer)
    digests.set(name, hasher.digest())
  }
  return { ...again, inputs: again.inputs.map(each => ({ ...each, digest: digests.get(each.name) ?? '' })) }
}

function compareInputs(report: FoldReport, again: FoldReport): string[] {
  const found = new Map(again.inputs.map(input => [input.name, input]))
  const named = new Set(report.inputs.map(({ name }) => name))
  return [
    ...report.inputs.flatMap(({ name, digest }) => {
      const input = found.get(name)
      if (input === undefined) return [`${name} — the input is missing that the report names`]
      return input.digest === digest
        ? []
        : [`${name} — the input has digest ${input.digest}, the report says ${digest}`]
    }),
    ...again.inputs
      .filter(({ name }) => !named.has(name))
      .map(({ name }) => `${name} — the report names no such input`),
  ]
}

interface Comparison {
  readonly source: FoldFiles
  readonly report: FoldReport
  /** What is written, and what splitting again gives. */
  readonly parts: Evidence['parts']
  readonly places: readonly (readonly [place: string, shards: readonly PlacedShard[]])[]
  /** What splitting again wrote. */
  readonly origin: FoldFiles
}

/** Every shard byte by byte. */
async function compareBytes({ source, origin, parts, places }: Comparison): Promise<string[]> {
  const problems: string[] = []
  const compared = new Set<string>()
  for (const [place, shards] of places) {
    const found = new Map((parts.get(place) ?? []).map(shard => [shard.name, shard.file]))
    for (const { name, file } of shards) {
      const written = found.get(name)
      if (written === undefined) problems.push(`${place} lacks ${name}, which the inputs give`)
      else if (!compared.has(written.identity ?? written.path)) {
        compared.add(written.identity ?? written.path)
        const difference = await source.withFile(written, one =>
          origin.withFile(file, other => firstDifference(one, other)),
        )
        if (difference !== null) problems.push(describeDifference(written.path, 'what the inputs give', difference))
      }
    }
  }
  return problems
}

/** What several hosts wrote has another order: every folder has the same records. */
async function compareSums({ source, origin, report, parts, places }: Comparison): Promise<string[]> {
  const reader = new ShardReader(report)
  const problems: string[] = []
  // Copies are equal to what lies in the validation folders; that was checked before.
  for (const [place, shards] of places.filter(([each]) => !each.startsWith('train/'))) {
    const [found, wanted] = [new Uint32Array(SUM_WORDS), new Uint32Array(SUM_WORDS)]
    for (const { file } of parts.get(place) ?? [])
      await source.withFile(file, path => reader.addRecords(path, file.path, found))
    for (const { file } of shards) await origin.withFile(file, path => reader.addRecords(path, file.path, wanted))
    if (!found.every((word, i) => word === wanted[i]))
      problems.push(`${place} holds other records than those that the inputs give`)
  }
  return problems
}
