import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFolderStore } from '../../../local/storage/folder-store.ts'

/** A store on a folder of its own below the system's temporary one. */
export async function freshStore() {
  const dir = join(await mkdtemp(join(tmpdir(), 'foldwise-store-')), 's3')
  return { dir, store: await createFolderStore(dir) }
}

export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
