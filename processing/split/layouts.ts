import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitContainer } from '../../schemas/containers.ts'
import type { LayoutName } from '../../schemas/split-names.ts'
import type { OutputFolders } from './output-folders.ts'
import { placeFile } from './place-file.ts'
import type { LinkFile } from './place-file.ts'
import { cellsOf, foldFolder } from './strategies/strategy.ts'
import type { PlannedFold } from './strategies/strategy.ts'

/** A shard in the output: the one file that holds the records of a cell. */
export interface Shard {
  readonly file: string
  /** The files that hold them, where the shard was cut or compressed. @default `file` alone */
  readonly files?: readonly string[]
  /** Folder below `validation/`: a fold's index, or `rest` for records that no fold of this round validates on. */
  readonly home: string
  readonly records: number
}

export interface AssembleRequest {
  readonly output: OutputFolders
  /** One per cell, in order. */
  readonly shards: readonly Shard[]
  /** The round's folds by fold index. */
  readonly folds: ReadonlyMap<number, PlannedFold>
  /** Cells that are held out: they go to `test/`, and not to `all/`. */
  readonly test: readonly number[]
  /** Only the first round fills `all/` and `test/`: every round holds every record. */
  readonly first: boolean
  /** S3 URI of the folder `validation`, ending in `/`. */
  readonly s3Uri: string | null
  readonly link: LinkFile | undefined
  /**
   * The shards of every host, cell by cell, for lists of all files; only the first of several hosts writes lists, the others
   * have none here. @default `shards`
   */
  readonly hosts?: readonly (readonly Shard[])[]
}

/** How training sets are made of shards that already lie in `validation/<home>/`. */
export interface Layout {
  readonly needsS3Uri: boolean
  /** False when `validation/rest/` is only a place to link from. */
  readonly keepsRest: boolean
  assemble(request: AssembleRequest): void
}

export const layouts = {
  copy: { needsS3Uri: false, keepsRest: false, assemble: assembleCopies },
  manifest: { needsS3Uri: true, keepsRest: true, assemble: assembleManifests },
} as const satisfies Record<LayoutName, Layout>

function assembleCopies(request: AssembleRequest): void {
  const { output, shards, folds, test, first } = request
  const place = placer(request)
  for (const [index, fold] of folds) {
    const folder = foldFolder(index, fold)
    place(cellsOf(fold.train, shards.length), output.folder('train', folder), null)
    place(cellsOf(fold.validation, shards.length), output.folder('validation', folder), folder)
  }
  if (!first) return
  place(allCells(shards, test), output.folder('all'), null)
  if (test.length > 0) place(test, output.folder('test'), null)
}

const filesOf = ({ file, files = [file] }: Pick<Shard, 'file' | 'files'>): readonly string[] => files

/** Puts the shards of cells into a folder, those aside that lie there already because it is their `home`. */
function placer({ output, shards, link }: AssembleRequest) {
  return (cells: readonly number[], folder: string, home: string | null) => {
    for (const cell of cells) {
      const { home: from, records, ...shard } = shards[cell] as Shard
      if (records === 0 || from === home) continue
      for (const file of filesOf(shard))
        placeFile(join(output.staging.validation, from, file), join(folder, file), link)
    }
  }
}

/** All that may be trained on. */
function allCells(shards: readonly Shard[], test: readonly number[]): number[] {
  const held = new Set(test)
  return [...shards.keys()].filter(cell => !held.has(cell))
}

function assembleManifests(request: AssembleRequest): void {
  const { output, shards, folds, test, first, s3Uri, hosts = [shards] } = request
  const place = placer(request)
  const write = (cells: readonly number[], folder: string) => {
    if (hosts.length === 0) return
    const listed = cells.flatMap(cell => hosts.map(host => host[cell] as Shard)).filter(({ records }) => records > 0)
    const manifest = [
      { prefix: s3Uri },
      ...listed.flatMap(shard => filesOf(shard).map(file => `${shard.home}/${file}`)),
    ]
    writeFileSync(join(folder, splitContainer.manifestFile), `${JSON.stringify(manifest)}\n`)
  }
  for (const [index, fold] of folds) {
    const folder = foldFolder(index, fold)
    write(cellsOf(fold.train, shards.length), output.folder('train', folder))
    place(cellsOf(fold.validation, shards.length), output.folder('validation', folder), folder)
  }
  if (!first) return
  write(allCells(shards, test), output.folder('all'))
  if (test.length > 0) place(test, output.folder('test'), null)
}
