import type { FoldPart, FoldReport } from '../../../schemas/fold-report.ts'
import type { PlacedShard } from './read-layout.ts'
import type { ShardFacts } from './scan-shard.ts'

/** What the checks look at: the report, and what was read of the folders. */
export interface Evidence {
  readonly report: FoldReport
  readonly parts: ReadonlyMap<string, readonly PlacedShard[]>
  /** Of every file, by path. */
  readonly facts: ReadonlyMap<string, ShardFacts>
  /** Digest of the records of every validation folder, by fold index. */
  readonly validationDigests: ReadonlyMap<number, string>
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

function checkSizes({ report, parts, facts }: Evidence): Finding {
  const problems = [...sides(report), { folder: 'all', part: { records: report.records, bytes: null } }].flatMap(
    ({ folder, part }) => {
      const found = sumFacts(parts.get(folder) ?? [], facts)
      return (['records', 'bytes'] as const)
        .filter(what => part[what] !== null && found[what] !== part[what])
        .map(what => `${folder} holds ${found[what]} ${what}, the report says ${part[what]}`)
    },
  )
  return { checked: true, detail: `${report.records} records`, problems }
}

function checkClasses({ report, parts, facts }: Evidence): Finding {
  const names = Object.keys(report.classes)
  if (names.length === 0) return { checked: false, detail: 'the report counts no classes', problems: [] }
  const parted = [...sides(report), { folder: 'all', part: { classes: report.classes } }]
  const problems = parted.flatMap(({ folder, part }) => {
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

function checkDigests({ report, validationDigests }: Evidence): Finding {
  const problems = report.folds.flatMap(({ index, validation }) => {
    const found = validationDigests.get(index)
    return found === validation.digest
      ? []
      : [`validation/${index} has digest ${found ?? 'of no file'}, the report says ${validation.digest}`]
  })
  return { checked: true, detail: `${report.folds.length} digests`, problems }
}

function checkDisjoint({ report, parts }: Evidence): Finding {
  const problems = report.folds.flatMap(({ index }) => {
    const validated = new Set((parts.get(`validation/${index}`) ?? []).map(({ name }) => name))
    return (parts.get(`train/${index}`) ?? [])
      .filter(({ name }) => validated.has(name))
      .map(({ file, name }) => `fold ${index} trains on ${file.path}, which is the ${name} that it validates on`)
  })
  return { checked: true, detail: `${report.folds.length} folds`, problems }
}

/** Every repeat: each of the shards of `all/` (of its own round) is in one validation set, and training is on the others. */
function checkComplete({ report, parts, facts }: Evidence): Finding {
  if (report.certificate.complete === null)
    return { checked: false, detail: `${report.strategy} does not promise it`, problems: [] }
  const problems: string[] = []
  for (let repeat = 0; repeat < report.repeats; repeat++) {
    const folds = report.folds.slice(repeat * report.k, (repeat + 1) * report.k)
    const placed = folds.flatMap(({ index }) => parts.get(`validation/${index}`) ?? [])
    const seen = new Map<string, string>()
    for (const { name, file } of placed) {
      const before = seen.get(name)
      if (before !== undefined)
        problems.push(`${file.path} — the shard is also ${before}: its records are validated twice`)
      seen.set(name, file.path)
    }
    const validated = sumFacts(placed, facts).records
    if (validated !== report.records)
      problems.push(
        `the folds ${folds[0]?.index} to ${folds.at(-1)?.index} validate on ${validated} records of ${report.records}`,
      )
    for (const { index } of folds) {
      const both = [...(parts.get(`train/${index}`) ?? []), ...(parts.get(`validation/${index}`) ?? [])]
      const names = new Set(both.map(({ name }) => name))
      const missing = [...seen].find(([name]) => !names.has(name))
      if (missing !== undefined) problems.push(`train/${index} lacks ${missing[0]}, which lies in ${missing[1]}`)
      const stranger = both.find(({ name }) => !seen.has(name))
      if (stranger !== undefined) problems.push(`${stranger.file.path} — no fold validates on this shard`)
    }
    if (repeat > 0) continue
    const all = new Set((parts.get('all') ?? []).map(({ name }) => name))
    const missing = [...seen].find(([name]) => !all.has(name))
    if (missing !== undefined) problems.push(`all lacks ${missing[0]}, which lies in ${missing[1]}`)
    const stranger = (parts.get('all') ?? []).find(({ name }) => !seen.has(name))
    if (stranger !== undefined) problems.push(`${stranger.file.path} — no fold validates on this shard`)
  }
  return { checked: true, detail: report.repeats === 1 ? 'one partition' : `${report.repeats} partitions`, problems }
}

function checkGroups({ report, parts, facts }: Evidence): Finding {
  if (report.certificate.groupsKeptTogether === null)
    return { checked: false, detail: 'no groups were asked for', problems: [] }
  const groups = new Set<string>()
  const problems = report.folds.flatMap(({ index }) => {
    const trained = new Map<string, string>()
    for (const { file } of parts.get(`train/${index}`) ?? [])
      for (const group of facts.get(file.path)?.groups.keys() ?? []) trained.set(group, file.path)
    return (parts.get(`validation/${index}`) ?? []).flatMap(({ file }) =>
      [...(facts.get(file.path)?.groups.keys() ?? [])].flatMap(group => {
        groups.add(group)
        const other = trained.get(group)
        return other === undefined
          ? []
          : [`fold ${index} has group ${JSON.stringify(group)} in ${file.path} and trains on it in ${other}`]
      }),
    )
  })
  return { checked: true, detail: `${groups.size} groups`, problems }
}

/** Shards are numbered in the order of time where a strategy promises it. */
function checkTime({ report, parts }: Evidence): Finding {
  if (report.certificate.timeOrderKept === null)
    return { checked: false, detail: `${report.strategy} does not promise it`, problems: [] }
  const problems = report.folds.flatMap(({ index }) => {
    const last = parts.get(`train/${index}`)?.at(-1)
    const first = parts.get(`validation/${index}`)?.[0]
    return last === undefined || first === undefined || last.name < first.name
      ? []
      : [`fold ${index} trains on ${last.file.path}, which is not before ${first.file.path}`]
  })
  return { checked: true, detail: 'by the order of the shards', problems }
}

/** Every folder of a fold with what the report says of it. */
function sides(report: FoldReport): { readonly folder: string; readonly part: FoldPart }[] {
  return report.folds.flatMap(({ index, train, validation }) => [
    { folder: `validation/${index}`, part: validation },
    { folder: `train/${index}`, part: train },
  ])
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
