import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { ObjectStore } from '../contract.ts'
import { joinS3Uri, parseS3Uri } from './s3-uri.ts'
import { ClientFault } from './step-fault.ts'

const parallelCopies = 8

/** A file below a folder: its place, and its path with `/`. */
export interface FoundFile {
  readonly file: string
  readonly path: string
}

/** The plain files below a folder in byte order of their paths. Symbolic links are not followed and not listed. */
export async function filesBelow(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  const walk = async (at: string, path: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const here = { file: join(at, entry.name), path: path === '' ? entry.name : `${path}/${entry.name}` }
      if (entry.isDirectory()) await walk(here.file, here.path)
      else if (entry.isFile()) found.push(here)
    }
  }
  await walk(folder, '')
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}

/** Stores every file below a folder at `<uri>/<path>`. */
export async function uploadFolder(store: ObjectStore, folder: string, uri: string): Promise<void> {
  const limit = pLimit(parallelCopies)
  const files = await filesBelow(folder)
  await Promise.all(
    files.map(({ file, path }) =>
      limit(async () => {
        const target = parseS3Uri(joinS3Uri(uri, path))
        if (target === undefined)
          throw new ClientFault(`Upload failed: ${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix`)
        await store.putFile(target.bucket, target.key, file)
      }),
    ),
  )
}
