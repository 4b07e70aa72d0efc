import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { splitContainer } from '../../../schemas/containers.ts'
import { UserError } from '../../../schemas/problem.ts'
import type { LayoutName } from '../../../schemas/split-names.ts'
import { placeFile } from '../place-file.ts'
import type { LinkFile } from '../place-file.ts'
import type { FinishedFolder } from './finish-folders.ts'

export interface PlaceRequest {
  readonly layout: LayoutName
  /** The folder that the listed files lie in, or a list beside them; for layout `copy`. */
  readonly input: string
  /** S3 URI of that folder, for layout `manifest`. */
  readonly dataUri: string | undefined
  readonly link: LinkFile | undefined
}

/** Turns a folder's lists into an S3 manifest of the files, or into links to them. */
export function placeListed({ path, files }: FinishedFolder, { layout, input, dataUri, link }: PlaceRequest): void {
  const names = files.flatMap(file => readFileSync(join(path, file), 'utf8').split('\n').slice(0, -1))
  for (const file of files) rmSync(join(path, file))
  if (layout === 'manifest') {
    writeFileSync(join(path, splitContainer.manifestFile), `${JSON.stringify(manifestOf(names, dataUri))}\n`)
    return
  }
  const root = statSync(input).isFile() ? dirname(input) : input
  for (const name of names) {
    const target = join(path, name)
    if (name.startsWith('s3://') || `${relative(path, target)}/`.startsWith('../'))
      throw new UserError(
        `${name} — the file does not lie in the folder that is split — use layout manifest, which lists files`,
      )
    mkdirSync(dirname(target), { recursive: true })
    placeFile(join(root, name), target, link)
  }
}

/** S3 has no manifest of several prefixes: it is the bucket when the names are URIs. */
function manifestOf(names: readonly string[], dataUri: string | undefined): unknown[] {
  const [first = ''] = names
  const bucket = /^s3:\/\/[^/]+\//.exec(first)?.[0]
  const prefix = bucket ?? (dataUri === undefined ? undefined : `${dataUri.replace(/\/$/, '')}/`)
  if (prefix === undefined)
    throw new UserError(
      'layout manifest lists files by their S3 URI, and the list has only paths — say where the folder lies in S3, or list URIs',
    )
  const stranger = names.find(
    name => name.startsWith('s3://') !== (bucket !== undefined) || (bucket !== undefined && !name.startsWith(bucket)),
  )
  if (stranger !== undefined)
    throw new UserError(
      `${stranger} — a manifest lists files of one bucket, and others lie in ${prefix} — split them apart`,
    )
  return [{ prefix }, ...names.map(name => (bucket === undefined ? name : name.slice(bucket.length)))]
}
