import type { WrittenFile, FoldFiles } from './fold-files.ts'
import { firstDifference } from './first-difference.ts'
import type { Difference } from './first-difference.ts'
import { digestedSets } from './promises.ts'
import type { Evidence, Finding } from './promises.ts'

/** Differences that are looked up; the rest is counted. */
const MOST_LOCATED = 20

/** Every shard has one content, in whatever folder it lies. Of copies that differ, the line on which they part is named. */
export async function compareCopies(source: FoldFiles, { report, parts, facts }: Evidence): Promise<Finding> {
  const byName = new Map<string, WrittenFile[]>()
  for (const shards of parts.values())
    for (const { name, file } of shards) byName.set(name, [...(byName.get(name) ?? []), file])
  const right = new Set(
    digestedSets(report).flatMap(({ part }) => part.parts?.map(({ digest }) => digest) ?? [part.digest]),
  )
  const problems: string[] = []
  let copies = 0
  for (const files of byName.values()) {
    const digestOf = ({ path }: WrittenFile) => facts.get(path)?.digest ?? ''
    const different = new Map(files.map(file => [`${digestOf(file)} ${facts.get(file.path)?.header}`, file]))
    copies += files.length - 1
    if (different.size === 1) continue
    // The copy that the report's digest speaks for is the one to compare with; without one, the first.
    const candidates = [...files.filter(({ path }) => path.startsWith('validation/')), ...files]
    const model = candidates.find(file => right.has(digestOf(file))) ?? candidates[0]
    for (const file of different.values()) {
      if (model === undefined || file === model || problems.length >= MOST_LOCATED) continue
      const difference = await source.withFile(file, first =>
        source.withFile(model, second => firstDifference(first, second)),
      )
      if (difference !== null) problems.push(describeDifference(file.path, model.path, difference))
    }
  }
  if (problems.length === 0) problems.push(...compareHeaders([...byName.values()].flat(), facts))
  return { checked: true, detail: `${byName.size} shards, ${copies} copies`, problems }
}

/** Every file begins with the same header, or none does. */
function compareHeaders(files: readonly WrittenFile[], facts: Evidence['facts']): string[] {
  const [first] = files
  const headerOf = (file: WrittenFile | undefined) => facts.get(file?.path ?? '')?.header
  const other = files.find(file => facts.get(file.path)?.problem === null && headerOf(file) !== headerOf(first))
  return other === undefined ? [] : [`${other.path}:1 — the header differs from that of ${first?.path}`]
}

/** @param model What the file should be like, as a sentence names it. */
export function describeDifference(path: string, model: string, { line, ended }: Difference): string {
  if (ended === 'first') return `${path}:${line} — the file ends here, and ${model} goes on`
  if (ended === 'second') return `${path}:${line} — the file goes on here, and ${model} ends`
  return `${path}:${line} — the line is not that of ${model}`
}
