import { writeFile } from 'node:fs/promises'
import { splitContainer } from '../../../schemas/containers.ts'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { describeDifference } from './compare-copies.ts'
import { firstDifference } from './first-difference.ts'
import type { FoldFiles, WrittenFile } from './fold-files.ts'
import { parseManifest } from './parse-manifest.ts'
import type { Finding } from './promises.ts'
import { byName } from './read-layout.ts'
import { sides } from './sides.ts'
import { madeFiles } from './fold-view.ts'
import type { FoldView, MadeFile } from './fold-view.ts'

/** Differences that are named. */
const MOST_NAMED = 20

/** Folds of files as lists of their names, one list a folder: the files that lie in it, or those that its manifest names. */
export async function listedFolds(source: FoldFiles, report: FoldReport): Promise<FoldView> {
  const listed = await source.list()
  const isManifest = report.layout === 'manifest'
  const lists = new Map<string, readonly string[]>()
  const rest = new Map(listed.map(file => [file.path, file]))
  for (const { folder, part } of sides(report)) {
    const files = listed.filter(({ path }) => path.startsWith(`${folder}/`))
    const manifest = `${folder}/${splitContainer.manifestFile}`
    const names = isManifest
      ? manifestNames(await source.text(manifest), part.bytes ?? sizeOfAll(report))
      : files.map(({ path }) => path.slice(folder.length + 1)).sort(byName)
    if (names === null) continue
    lists.set(folder, names)
    for (const { path } of files) if (!isManifest || path === manifest) rest.delete(path)
  }
  // A manifest that cannot be read, and what lies beside one or in no folder of the report, is left to be named.
  const made = [...lists].map(([folder, names]): MadeFile => {
    const text = names.map(name => `${name}\n`).join('')
    const name = `${folder.replaceAll('/', '-')}.txt`
    return {
      path: `${folder}/${name}`,
      bytes: Buffer.byteLength(text),
      writeTo: async path => await writeFile(path, text),
    }
  })
  return {
    ...madeFiles(source, [...rest.values(), ...made]),
    report: { ...report, layout: 'copy', storage: { ...report.storage, singleFile: true } },
    rewritten: null,
    // A manifest names the files in the order of the shards; folders have the order of the names, which is that of one shard.
    unordered: !isManifest && !isPartition(report),
    compareCopies: async () =>
      isManifest
        ? { checked: false, detail: 'a manifest copies nothing', problems: [] }
        : await compareFiles(source, listed, [...lists.keys()]),
  }
}

/** Every validation set is one shard. */
const isPartition = ({ certificate, options }: FoldReport): boolean =>
  certificate.complete !== null && options?.['innerK'] === undefined

/** The names of a manifest as the list had them: those of a whole bucket may have been URIs, which the sizes tell. */
function manifestNames(text: string | undefined, bytes: number): readonly string[] | null {
  const manifest = text === undefined ? null : parseManifest(text)
  if (manifest === null) return null
  const { prefix, names } = manifest
  const isBucket = /^s3:\/\/[^/]+\/$/.test(prefix)
  const size = names.reduce((sum, name) => sum + Buffer.byteLength(name) + 1, 0)
  return isBucket && size !== bytes ? names.map(name => `${prefix}${name}`) : names
}

/** Bytes of the list of all files, of which the report says only what was read and what is held out. */
const sizeOfAll = ({ test, inputs }: FoldReport): number =>
  inputs.reduce((sum, { bytes }) => sum + bytes, 0) - (test?.bytes ?? 0)

/** Every file has one content, in whatever folder it lies. */
async function compareFiles(
  source: FoldFiles,
  listed: readonly WrittenFile[],
  folders: readonly string[],
): Promise<Finding> {
  const first = new Map<string, WrittenFile>()
  const problems: string[] = []
  let copies = 0
  for (const folder of folders)
    for (const file of listed.filter(({ path }) => path.startsWith(`${folder}/`))) {
      const name = file.path.slice(folder.length + 1)
      const model = first.get(name)
      if (model === undefined) {
        first.set(name, file)
        continue
      }
      copies++
      if (problems.length === MOST_NAMED || (file.identity !== undefined && file.identity === model.identity)) continue
      const difference = await source.withFile(file, one =>
        source.withFile(model, other => firstDifference(one, other)),
      )
      if (difference !== null) problems.push(describeDifference(file.path, model.path, difference))
    }
  return { checked: true, detail: `${first.size} files, ${copies} copies`, problems }
}
