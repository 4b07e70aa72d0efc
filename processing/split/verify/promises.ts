import type { Fold, FoldReport } from '../../../schemas/fold-report.ts'
import { refits } from '../../../schemas/nested-folds.ts'
import { foldName } from './fold-name.ts'
import type { PlacedShard } from './read-layout.ts'
import { countedColumns, SUM_WORDS } from './scan-shard.ts'
import type { ShardFacts } from './scan-shard.ts'
import { sides } from './sides.ts'

/** What the checks look at: the report, and what was read of the folders. */
export interface Evidence {
  readonly report: FoldReport
  readonly parts: ReadonlyMap<string, readonly PlacedShard[]>
  /** Of every file, by path. */
  readonly facts: ReadonlyMap<string, ShardFacts>
  /** Digest of the records of every validation folder and of `test`, by folder. */
  readonly digests: ReadonlyMap<string, string>
  /** Why the bytes of the records are not those of the report; null when they are. */
  readonly rewritten: string | null
  /** The records of a folder have no order that the report knows. */
  readonly unordered: boolean
}

/** What a check has found. */
export interface Finding {
  /** False when there is nothing to check, or nothing to check it by. */
  readonly checked: boolean
  /** What was looked at, in few words. */
  readonly detail: string
  /** One sentence per break. */
  readonly problems: readonly string[]
}

/** The promises of a report that can be judged by the written files, in the order in which they are told. */
export const promises = {
  sizes: { title: 'sizes are those of the report', check: checkSizes },
  classes: { title: 'class counts are those of the report', check: checkClasses },
  digests: { title: 'validation sets have the digests of the report', check: checkDigests },
  disjoint: { title: 'no fold trains on what it validates on', check: checkDisjoint },
  complete: { title: 'every record is validated exactly once', check: checkComplete },
  groups: { title: 'groups are kept together', check: checkGroups },
  time: { title: 'training records come before validation records', check: checkTime },
} as const satisfies Record<string, { title: string; check: (evidence: Evidence) => Finding }>

function checkSizes({ report, parts, facts, rewritten }: Evidence): Finding {
  const known = rewritten === null ? (['records', 'bytes'] as const) : (['records'] as const)
  const problems = sides(report).flatMap(({ folder, part }) => {
    const found = sumFacts(parts.get(folder) ?? [], facts)
    return known
      .filter(what => part[what] !== null && found[what] !== part[what])
      .map(what => `${folder} holds ${found[what]} ${what}, the report says ${part[what]}`)
  })
  return { checked: true, detail: `${report.records} records`, problems }
}

function checkClasses({ report, parts, facts }: Evidence): Finding {
  const names = Object.keys(report.classes)
  if (names.length === 0) return { checked: false, detail: 'the report counts no classes', problems: [] }
  if (countedColumns(report).label === null)
    return { checked: false, detail: 'the files do not name the label column', problems: [] }
  const problems = sides(report).flatMap(({ folder, part }) => {
    const found = new Map<string, number>()
    for (const { file } of parts.get(folder) ?? [])
      for (const [value, count] of facts.get(file.path)?.classes ?? []) {
        const name = className(value, names)
        found.set(name, (found.get(name) ?? 0) + count)
      }
    return [...new Set([...Object.keys(part.classes ?? {}), ...found.keys()])]
      .filter(name => (found.get(name) ?? 0) !== (part.classes?.[name] ?? 0))
      .map(
        name =>
          `${folder} holds ${found.get(name) ?? 0} records of class ${JSON.stringify(name)}, the report says ${part.classes?.[name] ?? 0}`,
      )
  })
  return { checked: true, detail: `${names.length} classes`, problems }
}

/** The class as the report writes it: numbers that are equal are one class, however a record writes them. */
function className(value: string, names: readonly string[]): string {
  if (names.includes(value)) return value
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return names.find(name => Number(name) === number) ?? value
}

function checkDigests({ report, digests, rewritten, unordered }: Evidence): Finding {
  if (rewritten !== null) return { checked: false, detail: rewritten, problems: [] }
  if (unordered) return { checked: false, detail: 'folders of files keep no order: give --input', problems: [] }
  const sets = digestedSets(report)
  const problems = sets.flatMap(({ folder, part }) => {
    const found = digests.get(folder)
    return found === part.digest
      ? []
      : [`${folder} has digest ${found ?? 'of no file'}, the report says ${part.digest}`]
  })
  return { checked: true, detail: `${sets.length} digests`, problems }
}

function checkDisjoint({ report, parts }: Evidence): Finding {
  const held = new Set((parts.get('test') ?? []).map(({ name }) => name))
  const problems = report.folds.map(foldName).flatMap(fold => {
    const validation = parts.get(`validation/${fold}`) ?? []
    const validated = new Set(validation.map(({ name }) => name))
    const train = parts.get(`train/${fold}`) ?? []
    return [
      ...train
        .filter(({ name }) => validated.has(name))
        .map(({ file, name }) => `fold ${fold} trains on ${file.path}, which is the ${name} that it validates on`),
      // Only the first round's names are also those of the test set.
      ...(report.repeats === 1 && !isNested(report) ? [...train, ...validation] : [])
        .filter(({ name }) => held.has(name))
        .map(({ file, name }) => `${file.path} — the fold uses ${name}, which is held out in test`),
    ]
  })
  return { checked: true, detail: `${report.folds.length} folds`, problems }
}

const isSingle = ({ storage }: FoldReport): boolean => storage?.singleFile === true

const isNested = ({ options }: FoldReport): boolean => options?.['innerK'] !== undefined

/** Folds whose validation sets make a whole: all records, or nested, all that the outer fold trains on. */
interface Partition {
  readonly name: string
  readonly folds: readonly string[]
  readonly records: number
}

function partitions(report: FoldReport): Partition[] {
  const names = report.folds.map(foldName)
  const records = report.records - (report.test?.records ?? 0)
  if (!isNested(report))
    return Array.from({ length: report.repeats }, (_, repeat) => ({
      name: report.repeats === 1 ? 'the folds' : `the folds of repeat ${repeat}`,
      folds: names.slice(repeat * report.k, (repeat + 1) * report.k),
      records,
    }))
  const outer = refits(report.folds)
  const inner = outer.map(({ folder = '', train }) => ({
    name: `the inner folds of ${folder.replace('/refit', '')}`,
    folds: names.filter(name => name.startsWith(folder.replace('/refit', '/inner/'))),
    records: train.records,
  }))
  return [{ name: 'the outer folds', folds: outer.map(foldName), records: records * report.repeats }, ...inner]
}

/** Each of the shards of a partition is in one validation set, and training is on the others. */
function checkComplete({ report, parts, facts }: Evidence): Finding {
  if (report.certificate.complete === null)
    return { checked: false, detail: `${report.strategy} does not promise it`, problems: [] }
  const wholes = partitions(report)
  const sampled = report.options?.['fraction'] !== undefined || report.options?.['cap'] !== undefined
  const problems = wholes.flatMap(({ name, folds, records }, at) => {
    const placed = folds.flatMap(fold => parts.get(`validation/${fold}`) ?? [])
    const validated = sumFacts(placed, facts).records
    const found = validated === records ? [] : [`${name} validate on ${validated} records of ${records}`]
    // The outer folds of a nested split are of several rounds, whose shards have names of their own.
    if (isNested(report)) return found
    if (isSingle(report)) return [...found, ...(sampled ? [] : folds.flatMap(fold => compareSums(fold, parts, facts)))]
    const home = new Map<string, string>()
    for (const { name: shard, file } of placed) {
      const before = home.get(shard)
      if (before !== undefined)
        found.push(`${file.path} — the shard is also ${before}: its records are validated twice`)
      home.set(shard, file.path)
    }
    const wanted = sampled ? [] : folds.map(fold => [`train/${fold}`, `validation/${fold}`])
    for (const folders of at === 0 ? [...wanted, ['all']] : wanted) found.push(...compareNames(folders, parts, home))
    return found
  })
  return {
    checked: true,
    detail: wholes.length === 1 ? 'one partition' : `${wholes.length} partitions`,
    problems,
  }
}

/** Of single files: what a fold trains and validates on is what `all` holds, record by record. */
function compareSums(fold: string, parts: Evidence['parts'], facts: Evidence['facts']): string[] {
  const sumOf = (...folders: string[]) => {
    const total = new Uint32Array(SUM_WORDS)
    for (const { file } of folders.flatMap(folder => parts.get(folder) ?? []))
      facts.get(file.path)?.sum?.forEach((word, i) => {
        total[i] = (total[i] as number) + word
      })
    return total.join(' ')
  }
  return sumOf(`train/${fold}`, `validation/${fold}`) === sumOf('all')
    ? []
    : [`train/${fold} and validation/${fold} together hold other records than all`]
}

/** Some folders together have the shards of all validation sets, and no others. */
function compareNames(
  folders: readonly string[],
  parts: Evidence['parts'],
  home: ReadonlyMap<string, string>,
): string[] {
  const placed = folders.flatMap(folder => parts.get(folder) ?? [])
  const names = new Set(placed.map(({ name }) => name))
  const missing = [...home].find(([name]) => !names.has(name))
  const stranger = placed.find(({ name }) => !home.has(name))
  return [
    ...(missing === undefined ? [] : [`${folders[0]} lacks ${missing[0]}, which lies in ${missing[1]}`]),
    ...(stranger === undefined ? [] : [`${stranger.file.path} — no fold validates on this shard`]),
  ]
}

function checkGroups({ report, parts, facts }: Evidence): Finding {
  if (report.certificate.groupsKeptTogether === null)
    return { checked: false, detail: 'no groups were asked for', problems: [] }
  if (countedColumns(report).groups === null)
    return { checked: false, detail: 'the files do not name the group column', problems: [] }
  const groups = new Set<string>()
  const problems = report.folds.map(foldName).flatMap(fold => {
    const trained = new Map<string, string>()
    for (const { file } of parts.get(`train/${fold}`) ?? [])
      for (const group of facts.get(file.path)?.groups.keys() ?? []) trained.set(group, file.path)
    return (parts.get(`validation/${fold}`) ?? []).flatMap(({ file }) =>
      [...(facts.get(file.path)?.groups.keys() ?? [])].flatMap(group => {
        groups.add(group)
        const other = trained.get(group)
        return other === undefined
          ? []
          : [`fold ${fold} has group ${JSON.stringify(group)} in ${file.path} and trains on it in ${other}`]
      }),
    )
  })
  return { checked: true, detail: `${groups.size} groups`, problems }
}

/** Shards are numbered in the order of time where a strategy promises it. */
function checkTime({ report, parts }: Evidence): Finding {
  if (report.certificate.timeOrderKept === null)
    return { checked: false, detail: `${report.strategy} does not promise it`, problems: [] }
  if (isSingle(report)) return { checked: false, detail: 'folders of one file: give --input', problems: [] }
  const problems = report.folds.map(foldName).flatMap(fold => {
    const last = parts.get(`train/${fold}`)?.at(-1)
    const first = parts.get(`validation/${fold}`)?.[0]
    return last === undefined || first === undefined || last.name < first.name
      ? []
      : [`fold ${fold} trains on ${last.file.path}, which is not before ${first.file.path}`]
  })
  return { checked: true, detail: 'by the order of the shards', problems }
}

/** The folders of whose records the report has a digest. */
export function digestedSets(report: FoldReport): { readonly folder: string; readonly part: Fold['validation'] }[] {
  return [
    ...report.folds.map(fold => ({ folder: `validation/${foldName(fold)}`, part: fold.validation })),
    ...(report.test === undefined ? [] : [{ folder: 'test', part: report.test }]),
  ]
}

function sumFacts(
  shards: readonly PlacedShard[],
  facts: ReadonlyMap<string, ShardFacts>,
): { readonly records: number; readonly bytes: number } {
  const sum = { records: 0, bytes: 0 }
  for (const { file } of shards) {
    sum.records += facts.get(file.path)?.records ?? 0
    sum.bytes += facts.get(file.path)?.bytes ?? 0
  }
  return sum
}
