import { splitContainer } from '../../../schemas/containers.ts'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { foldName } from './fold-name.ts'
import type { FoldFiles, WrittenFile } from './fold-files.ts'
import { parseManifest } from './parse-manifest.ts'
import { sides } from './sides.ts'

/** A shard as one folder has it. */
export interface PlacedShard {
  /** Its own name: the same in every folder that has it. */
  readonly name: string
  readonly file: WrittenFile
}

/** What is written, folder by folder: `train/0`, `validation/0`, … and `all`. */
export interface WrittenLayout {
  /** The shards of each folder in the order of their names, manifests resolved. */
  readonly parts: ReadonlyMap<string, readonly PlacedShard[]>
  /** Every file that holds records. */
  readonly files: readonly WrittenFile[]
  readonly problems: readonly string[]
}

type Layout = FoldReport['layout']

/** Finds the shards of every folder, and names what should not be there. */
export async function readLayout(source: FoldFiles, report: FoldReport): Promise<WrittenLayout> {
  const listed = await source.list()
  const byPath = new Map(listed.map(file => [file.path, file]))
  const folders = sides(report).map(({ folder }) => folder)
  const tops = new Set(['train', 'validation', 'all', 'test'])
  const expected = new Set([...folders, ...(report.layout === 'manifest' ? ['validation/rest'] : [])])
  const problems: string[] = []
  const byFolder = new Map<string, WrittenFile[]>()
  for (const file of listed) {
    const folder = folderOf(file.path)
    if (!tops.has(file.path.split('/')[0] as string)) continue
    if (!expected.has(folder)) problems.push(`${file.path} — ${strayFile(file.path, report)}`)
    else byFolder.set(folder, [...(byFolder.get(folder) ?? []), file])
  }
  const parts = new Map<string, readonly PlacedShard[]>()
  for (const folder of folders) {
    const files = (byFolder.get(folder) ?? []).toSorted((a, b) => byName(a.path, b.path))
    const readPart = /^(validation\/|test$)/.test(folder) ? plainPart : layoutParts[report.layout]
    const part = await readPart({ source, folder, files, byPath })
    parts.set(folder, part.shards)
    problems.push(...part.problems)
  }
  const records = [...parts.values(), (byFolder.get('validation/rest') ?? []).map(file => ({ file }))].flat()
  return { parts, files: [...new Map(records.map(({ file }) => [file.path, file])).values()], problems }
}

interface PartRequest {
  readonly source: FoldFiles
  readonly folder: string
  /** The files that lie in the folder. */
  readonly files: readonly WrittenFile[]
  readonly byPath: ReadonlyMap<string, WrittenFile>
}

interface Part {
  readonly shards: readonly PlacedShard[]
  readonly problems: readonly string[]
}

/** How the folders `train/<i>` and `all` hold their shards. */
const layoutParts = { copy: plainPart, manifest: manifestPart } as const satisfies Record<
  Layout,
  (request: PartRequest) => Part | Promise<Part>
>

function plainPart({ folder, files }: PartRequest): Part {
  const isManifest = (file: WrittenFile) => nameOf(file.path) === splitContainer.manifestFile
  return {
    shards: files.filter(file => !isManifest(file)).map(file => ({ name: nameOf(file.path), file })),
    problems: [
      ...(files.length === 0
        ? [`${folder} — the folder has no files, though the report says that it holds records`]
        : []),
      ...files
        .filter(isManifest)
        .map(({ path }) => `${path} — a manifest, where the report's layout has files with records`),
    ],
  }
}

async function manifestPart({ source, folder, files, byPath }: PartRequest): Promise<Part> {
  const path = `${folder}/${splitContainer.manifestFile}`
  const others = files.filter(file => file.path !== path)
  const problems = others.map(file => `${file.path} — a file beside the manifest, which no training would read`)
  const text = await source.text(path)
  if (text === undefined) {
    problems.push(`${path} — it is missing, though the report says layout manifest`)
    return { shards: [], problems }
  }
  const manifest = parseManifest(text)
  if (manifest === null) {
    problems.push(`${path} — it is no manifest of the form [{"prefix": "s3://…/"}, "0/part-0.csv", …]`)
    return { shards: [], problems }
  }
  const { prefix, names } = manifest
  const wanted = source.s3Uri === null ? null : `${source.s3Uri}/validation/`
  if (wanted !== null && prefix !== wanted)
    problems.push(`${path} — its prefix is ${prefix}, but the shards lie in ${wanted}`)
  if (!/^s3:\/\/[^/]+\/(?:.*\/)?$/s.test(prefix))
    problems.push(`${path} — its prefix ${prefix} is no S3 URI that ends in /`)
  const shards: PlacedShard[] = []
  const seen = new Set<string>()
  for (const name of names) {
    const file = byPath.get(`validation/${name}`)
    if (seen.has(name)) problems.push(`${path} — it lists ${name} twice`)
    else if (file === undefined) problems.push(`${path} — it lists ${name}, and validation/${name} is missing`)
    else shards.push({ name: nameOf(name), file })
    seen.add(name)
  }
  return { shards: shards.sort((a, b) => byName(a.name, b.name)), problems }
}

function strayFile(path: string, { folds, layout, test }: FoldReport): string {
  const [side = ''] = path.split('/')
  if (layout === 'copy' && path.startsWith('validation/rest/'))
    return 'the report says layout copy, which has no such folder'
  if (side === 'all') return 'the folder all has no folders in it'
  if (side === 'test') return test === undefined ? 'nothing is held out' : 'the folder test has no folders in it'
  const within = folds.map(foldName).find(fold => path.startsWith(`${side}/${fold}/`))
  if (within !== undefined) return `the folder of fold ${within} has no folders in it`
  return `no fold lies there — the report has ${folds.length}, the last one in ${side}/${folds.map(foldName).at(-1)}`
}

/** What lies in `all/` is of the folder `all`; anything deeper is of the folder that holds it. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The order of names that every tool lists them in. */
export const byName = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
