import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { splitContainer } from '../../schemas/containers.ts'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import type { Fold, FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import type { FormatName } from '../../schemas/split-options.ts'
import { BlockMemory } from '../formats/block-memory.ts'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/formats.ts'
import { contentEnd } from '../formats/lines.ts'
import { Blake3 } from './blake3.ts'
import { listInputs } from './input-files.ts'
import type { InputFile } from './input-files.ts'
import { readBlocks } from './read-blocks.ts'

/** What the written folds are worth, fold by fold. */
export interface Verification {
  readonly report: FoldReport
  /** One sentence per broken promise, naming folder and fold; empty when all is well. */
  readonly problems: readonly string[]
}

/**
 * Checks written folds against their report, record by record: counts and digests of every validation set, the counts of
 * every training set, and that no record of a fold's validation files is one of its training files.
 *
 * @param folder What holds `train/`, `validation/`, `all/` and `report/folds.json`.
 * @throws UserError when there is no report to check against.
 */
export async function verifyFolds(folder: string): Promise<Verification> {
  const report = readReport(folder)
  const problems: string[] = []
  for (const fold of report.folds) problems.push(...(await verifyFold(folder, report, fold)))
  const all = await readPart(folder, 'all', report)
  if (all.records !== report.records)
    problems.push(`all holds ${all.records} records, the report says ${report.records}`)
  return { report, problems }
}

async function verifyFold(folder: string, report: FoldReport, fold: Fold): Promise<string[]> {
  const problems: string[] = []
  const validation = await readPart(folder, `validation/${fold.index}`, report)
  const train = await readPart(folder, `train/${fold.index}`, report)
  const sides = { validation: [validation, fold.validation], train: [train, fold.train] } as const
  for (const [side, [found, expected]] of Object.entries(sides))
    for (const what of ['records', 'bytes'] as const)
      if (found[what] !== expected[what])
        problems.push(`${side}/${fold.index} holds ${found[what]} ${what}, the report says ${expected[what]}`)
  if (validation.digest !== fold.validation.digest)
    problems.push(`validation/${fold.index} has digest ${validation.digest}, the report says ${fold.validation.digest}`)
  const shared = [...validation.shards].filter(shard => train.shards.has(shard))
  if (shared.length > 0) problems.push(`fold ${fold.index} trains on ${shared.join(', ')}, which it validates on`)
  return problems
}

interface Part {
  readonly records: number
  readonly bytes: number
  readonly digest: string
  /** Digests of the part's files. */
  readonly shards: ReadonlySet<string>
}

async function readPart(folder: string, part: string, report: FoldReport): Promise<Part> {
  const format: Format = formats[report.format as FormatName]
  const memory = new BlockMemory()
  const whole = new Blake3()
  const shards = new Set<string>()
  let records = 0
  let bytes = 0
  for (const file of partFiles(folder, part)) {
    const codec = format.open({ header: report.header, columns: [] })
    const shard = new Blake3()
    let expectsHeader = report.header
    for await (const block of readBlocks(file, { memory, codec, inspects: false, onBytes: () => {} })) {
      let { start } = block
      for (let i = 0; i < block.count; i++) {
        const stop = block.ends[i] as number
        const empty = codec.skipsEmptyLines && contentEnd(block.bytes, start, stop) === start
        if (expectsHeader && !empty) expectsHeader = false
        else {
          if (!empty) records++
          bytes += stop - start
          whole.update(block.bytes.subarray(start, stop))
          shard.update(block.bytes.subarray(start, stop))
        }
        start = stop
      }
    }
    shards.add(shard.digest())
  }
  return { records, bytes, digest: whole.digest(), shards }
}

/** The files of a part, or those that its manifest lists, which all lie in `validation/`. */
function partFiles(folder: string, part: string): InputFile[] {
  const path = join(folder, part)
  if (!existsSync(path)) return []
  const manifest = join(path, splitContainer.manifestFile)
  if (!existsSync(manifest)) return listInputs(path)
  const [, ...names] = JSON.parse(readFileSync(manifest, 'utf8')) as [unknown, ...string[]]
  return names.map(name => {
    const file = join(folder, 'validation', name)
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined)
      throw new UserError(`${manifest} — it lists ${name}, which is missing — split the data again`)
    return { name, path: file, bytes: stat.size, modified: stat.mtimeMs }
  })
}

function readReport(folder: string): FoldReport {
  const path = join(folder, 'report', splitContainer.reportFile)
  if (!existsSync(path)) throw new UserError(`${path} — there is no fold report — give the folder that the split wrote`)
  const parsed = foldReportSchema.safeParse(parseJson(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UserError(
    `${path} — not a fold report: ${issue?.path.join('.')} ${issue?.message} — give the folder that the split wrote`,
  )
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UserError(`${path} — not JSON — give the folder that the split wrote`, { cause: error })
  }
}
