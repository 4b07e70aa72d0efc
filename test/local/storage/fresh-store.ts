import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createFolderStore } from '../../../local/storage/folder-store.ts'

/** A store on a folder of its own below the system's temporary one, which goes with the test. */
export async function freshStore() {
  const folder = await mkdtemp(join(tmpdir(), 'foldwise-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dir = join(folder, 's3')
  return { dir, store: await createFolderStore(dir) }
}

export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
