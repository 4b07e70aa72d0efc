import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startLocalSageMaker } from '../../../local/index.ts'
import { type Clients, createClients, readObject, uploadAssets } from '../../../pipeline/service/index.ts'

let stateDir = ''
let local: Awaited<ReturnType<typeof startLocalSageMaker>>
let clients: Clients

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'foldwise-assets-'))
  local = await startLocalSageMaker({ stateDir })
  clients = await createClients({ local: local.endpoint })
})
afterAll(async () => {
  await local.close()
  await rm(stateDir, { recursive: true, force: true })
})

it('uploads an asset once, and not again while it lies there', async () => {
  let packed = 0
  const asset = {
    bucket: 'code-bucket',
    key: 'foldwise/code/abc/sourcedir.tar.gz',
    contentType: 'application/gzip',
    bytes: async () => {
      packed += 1
      return new TextEncoder().encode('packed')
    },
  }
  const uri = 's3://code-bucket/foldwise/code/abc/sourcedir.tar.gz'
  expect(await uploadAssets(clients, [asset])).toEqual([uri])
  expect(await readObject(clients, asset)).toBe('packed')
  expect(await uploadAssets(clients, [asset])).toEqual([])
  expect(packed).toBe(1)
})

it('says which asset could not be uploaded', async () => {
  const asset = { bucket: 'b'.repeat(70), key: 'k', contentType: 'text/plain', bytes: async () => new Uint8Array() }
  await expect(uploadAssets(clients, [asset])).rejects.toThrow(/s3:\/\/b{70}\/k/)
})
