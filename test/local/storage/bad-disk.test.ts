import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolderStore } from '../../../local/storage/folder-store.ts'

/** A disk of 4 MiB of its own, or the reason why this user cannot mount one. */
async function mountSmallDisk(): Promise<{ dir: string; reason?: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'foldwise-disk-'))
  const { status, stderr, error } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir], {
    encoding: 'utf8',
  })
  return status === 0 ? { dir } : { dir, reason: `cannot mount a small disk here: ${error?.message ?? stderr.trim()}` }
}

describe('on a disk that fails', () => {
  let disk: Awaited<ReturnType<typeof mountSmallDisk>>
  beforeAll(async () => {
    disk = await mountSmallDisk()
  })
  afterAll(() => {
    if (disk.reason === undefined) spawnSync('/bin/umount', [disk.dir])
  })

  it('says that the disk is full, keeps the former object and leaves no half of the new one', async ({ skip }) => {
    skip(disk.reason !== undefined, disk.reason)
    const store = await createFolderStore(join(disk.dir, 's3'))
    await store.put('bucket', 'k', Buffer.from('before'))
    const big = Readable.from(
      (async function* () {
        for (let i = 0; i < 8; i++) yield Buffer.alloc(1024 * 1024, i)
      })(),
    )
    await expect(store.put('bucket', 'k', big)).rejects.toMatchObject({
      name: 'UserError',
      message: `Cannot store s3://bucket/k: the disk of ${join(disk.dir, 's3')} is full. Free some space, or choose a folder on another disk with --state.`,
      cause: { code: 'ENOSPC' },
    })
    expect(await store.head('bucket', 'k')).toMatchObject({ sizeBytes: 6 })
    const left = (await readdir(join(disk.dir, 's3/.tmp'), { recursive: true })).filter(name => /\/\d+$/.test(name))
    expect(left).toEqual([])
    await store.put('bucket', 'small', Buffer.alloc(1024))
  })

  it('says that the target disk is full when it gives out a file', async ({ skip }) => {
    skip(disk.reason !== undefined, disk.reason)
    const store = await createFolderStore(join(await mkdtemp(join(tmpdir(), 'foldwise-store-')), 's3'))
    await store.put('bucket', 'k', Buffer.alloc(8 * 1024 * 1024))
    await expect(store.getFile('bucket', 'k', join(disk.dir, 'out'))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(
        `Cannot copy s3://bucket/k to ${join(disk.dir, 'out')}: the disk of ${disk.dir} is full.`,
      ),
    })
  })

  it('reads from a read-only disk and refuses to write on it', async ({ skip }) => {
    skip(disk.reason !== undefined, disk.reason)
    const store = await createFolderStore(join(disk.dir, 's3'))
    await store.put('bucket', 'old', Buffer.from('old'))
    await mkdir(join(disk.dir, 's3/bucket/by-hand'))
    await writeFile(join(disk.dir, 's3/bucket/by-hand/x'), 'hello')
    spawnSync('/bin/mount', ['-o', 'remount,ro', disk.dir])
    expect(await store.head('bucket', 'old')).toMatchObject({ sizeBytes: 3 })
    expect(await store.head('bucket', 'by-hand/x')).toMatchObject({ etag: '5d41402abc4b2a76b9719d911017c592' })
    await expect(store.put('bucket', 'new', Buffer.from('x'))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('is read-only. Choose a folder that can be written with --state.'),
    })
    await expect(createFolderStore(join(disk.dir, 'other'))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^Cannot open the object store: the disk of .* is read-only/),
    })
  })
})

it('says when a file is where the folder should be', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'foldwise-store-')), 's3')
  await writeFile(file, '')
  await expect(createFolderStore(file)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('is a file'),
  })
})
