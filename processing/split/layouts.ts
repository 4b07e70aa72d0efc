import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitContainer } from '../../schemas/containers.ts'
import type { LayoutName } from '../../schemas/split-options.ts'
import type { OutputFolders } from './output-folders.ts'
import { placeFile } from './place-file.ts'
import type { LinkFile } from './place-file.ts'
import { cellsOf } from './strategies/strategy.ts'
import type { PlannedFold } from './strategies/strategy.ts'

/** A shard in the output: the one file that holds the records of a cell. */
export interface Shard {
  readonly file: string
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
  /** Only the first round fills `all/`: every round holds every record. */
  readonly first: boolean
  /** S3 URI of the folder `validation`, ending in `/`. */
  readonly s3Uri: string | null
  readonly link: LinkFile | undefined
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

function assembleCopies({ output, shards, folds, first, link }: AssembleRequest): void {
  const place = (cells: readonly number[], folder: string, home: string | null) => {
    for (const cell of cells) {
      const { file, home: from, records } = shards[cell] as Shard
      if (records > 0 && from !== home) placeFile(join(output.staging.validation, from, file), join(folder, file), link)
    }
  }
  for (const [index, { train, validation }] of folds) {
    place(cellsOf(train, shards.length), output.folder('train', String(index)), null)
    place(cellsOf(validation, shards.length), output.folder('validation', String(index)), String(index))
  }
  if (first) place([...shards.keys()], output.folder('all'), null)
}

function assembleManifests({ output, shards, folds, first, s3Uri, link }: AssembleRequest): void {
  const write = (cells: readonly number[], folder: string) => {
    const listed = cells.map(cell => shards[cell] as Shard).filter(({ records }) => records > 0)
    const manifest = [{ prefix: s3Uri }, ...listed.map(({ home, file }) => `${home}/${file}`)]
    writeFileSync(join(folder, splitContainer.manifestFile), `${JSON.stringify(manifest)}\n`)
  }
  for (const [index, { train, validation }] of folds) {
    write(cellsOf(train, shards.length), output.folder('train', String(index)))
    const folder = output.folder('validation', String(index))
    for (const cell of cellsOf(validation, shards.length)) {
      const { file, home, records } = shards[cell] as Shard
      if (records > 0 && home !== String(index))
        placeFile(join(output.staging.validation, home, file), join(folder, file), link)
    }
  }
  if (first) write([...shards.keys()], output.folder('all'))
}
