import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import pLimit from 'p-limit'
import type { ObjectStore } from '../contract.ts'
import { insideFolder, PathLeavesFolder } from './inside-folder.ts'
import { ClientFault } from './step-fault.ts'
import { parseS3Uri } from './s3-uri.ts'

/** Objects that a job reads, as a request names them. */
export interface DataSource {
  readonly uri: string
  readonly type: string
  /** `ShardedByS3Key` gives every host its part. @default FullyReplicated */
  readonly distribution?: string | undefined
  /** No objects are no failure. @default false */
  readonly mayBeEmpty?: boolean
}

/** An object and its place below the channel. */
export interface DataFile {
  readonly bucket: string
  readonly key: string
  readonly path: string
}

type Lister = (store: ObjectStore, uri: string) => Promise<DataFile[]>

/** One entry per S3DataType that is staged as files. */
const listers: Readonly<Record<string, Lister>> = { S3Prefix: listPrefix, ManifestFile: listManifest }

const parallelCopies = 8

/**
 * Brings a job's data into a folder per host.
 *
 * @throws ClientFault when there is no data, or it cannot be laid out as files.
 */
export async function stageData(store: ObjectStore, source: DataSource, folders: readonly string[]): Promise<void> {
  const files = await listData(store, source)
  checkPaths(files, source.uri)
  const limit = pLimit(parallelCopies)
  const made = new Map<string, Promise<unknown>>()
  const copies = folders.flatMap((folder, host) =>
    shareOf(files, source, host, folders.length).map(file =>
      limit(() => copy(store, file, placeOf(folder, file), made)),
    ),
  )
  await Promise.all([...folders.map(folder => mkdir(folder, { recursive: true })), ...copies])
}

/** What one of several hosts gets: everything, or with `ShardedByS3Key` the objects in turn. */
export const shareOf = (
  files: readonly DataFile[],
  source: Pick<DataSource, 'distribution'>,
  host: number,
  hosts: number,
): readonly DataFile[] =>
  source.distribution === 'ShardedByS3Key' ? files.filter((_, index) => index % hosts === host) : files

/**
 * The objects of a source.
 *
 * @throws ClientFault when there are none, or the type is not one that is laid out as files.
 */
export async function listData(store: ObjectStore, source: DataSource): Promise<readonly DataFile[]> {
  const lister = Object.hasOwn(listers, source.type) ? listers[source.type] : undefined
  if (lister === undefined) {
    throw new ClientFault(
      `S3DataType ${source.type} is not run locally yet — ${Object.keys(listers).join(' and ')} are — use one of them for ${source.uri}.`,
    )
  }
  const files = await lister(store, source.uri)
  if (files.length === 0 && source.mayBeEmpty !== true) throw new ClientFault(nothingFound(source.uri))
  return files
}

async function copy(
  store: ObjectStore,
  file: DataFile,
  target: string,
  made: Map<string, Promise<unknown>>,
): Promise<void> {
  const parent = dirname(target)
  const ready = made.get(parent) ?? mkdir(parent, { recursive: true })
  made.set(parent, ready)
  await ready
  if (!(await store.getFile(file.bucket, file.key, target))) {
    throw new ClientFault(`Data download failed: the object s3://${file.bucket}/${file.key} does not exist`)
  }
}

function placeOf(folder: string, file: DataFile): string {
  try {
    return insideFolder(folder, file.path)
  } catch (error) {
    if (!(error instanceof PathLeavesFolder)) throw error
    throw new ClientFault(
      `Data download failed: the object s3://${file.bucket}/${file.key} would leave the folder of its channel`,
    )
  }
}

/** Two objects in one place, or a file where another object needs a folder: nothing sensible could be laid out. */
function checkPaths(files: readonly DataFile[], uri: string): void {
  const paths = new Set<string>()
  for (const { path } of files) {
    if (paths.has(path))
      throw new ClientFault(
        `Data download failed: two objects under ${uri} would be the same file ${path} — let the prefix end in "/"`,
      )
    paths.add(path)
  }
  for (const { path } of files) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (paths.has(path.slice(0, slash))) {
        throw new ClientFault(
          `Data download failed: under ${uri}, ${path.slice(0, slash)} would be a file and a folder`,
        )
      }
    }
  }
}

/** Every object whose key starts with the text: `train/1` also finds `train/11/a.csv`. */
async function listPrefix(store: ObjectStore, uri: string): Promise<DataFile[]> {
  const { bucket, key: prefix } = s3Uri(uri)
  const files: DataFile[] = []
  for await (const { key } of store.list(bucket, prefix)) {
    // A marker of an empty folder.
    if (key.endsWith('/')) continue
    const rest = key.slice(prefix.length).replace(/^\/+/, '')
    files.push({ bucket, key, path: rest === '' ? key.slice(key.lastIndexOf('/') + 1) : rest })
  }
  return files
}

const nothingFound = (uri: string): string =>
  `Data download failed:No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region, that objects exist under that S3 prefix, and that the role has "s3:ListBucket" permissions on the bucket.`

/** `[{"prefix": "s3://bucket/some/"}, "relative/a", "relative/b"]`: the prefix and each text, put together as they are. */
async function listManifest(store: ObjectStore, uri: string): Promise<DataFile[]> {
  const { bucket, key } = s3Uri(uri)
  const object = await store.get(bucket, key)
  if (object === undefined) throw new ClientFault(`Data download failed: the manifest ${uri} does not exist`)
  const manifest = parseManifest(await readAll(object.body), uri)
  return manifest.paths.map(path => {
    const target = parseS3Uri(manifest.prefix + path)
    if (target === undefined)
      throw new ClientFault(
        `Data download failed: the manifest ${uri} has a prefix that is no S3 URI: ${manifest.prefix}`,
      )
    return { ...target, path: path.replace(/^\/+/, '') }
  })
}

function parseManifest(text: string, uri: string): { readonly prefix: string; readonly paths: readonly string[] } {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new ClientFault(`Data download failed: the manifest ${uri} is not JSON`)
  }
  const [head, ...paths] = Array.isArray(content) ? (content as unknown[]) : []
  const prefix = (head as { prefix?: unknown } | undefined)?.prefix
  if (typeof prefix !== 'string' || paths.length === 0 || !paths.every(path => typeof path === 'string')) {
    throw new ClientFault(
      `Data download failed: the manifest ${uri} is not of the form [{"prefix": "s3://…"}, "path", …]`,
    )
  }
  return { prefix, paths }
}

function s3Uri(uri: string): { readonly bucket: string; readonly key: string } {
  const parsed = parseS3Uri(uri)
  if (parsed === undefined)
    throw new ClientFault(`Data download failed: ${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix/`)
  return parsed
}

/** The whole of an object as text. */
export async function readAll(body: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
