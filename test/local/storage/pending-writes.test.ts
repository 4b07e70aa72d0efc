import { expect, test } from 'vitest'
import { createPendingWrites } from '../../../local/storage/pending-writes.ts'

/** Notes what is written out; each piece takes a moment. */
function recorder(fail = false) {
  const synced: string[] = []
  return {
    synced,
    sync: async (path: string): Promise<void> => {
      await new Promise(resolve => setTimeout(resolve, 2))
      if (fail) throw Object.assign(new Error('the disk is gone'), { code: 'EIO' })
      synced.push(path)
    },
  }
}

test('a flush writes every noted file out, then the names in its folders up to the root', async () => {
  const { synced, sync } = recorder()
  const pending = createPendingWrites('/r', { sync })
  pending.add('/r/b/x/one')
  pending.add('/r/b/two')
  await pending.flush()
  expect(synced.slice(0, 2).toSorted()).toEqual(['/r/b/two', '/r/b/x/one'])
  expect(synced.slice(2).toSorted()).toEqual(['/r', '/r/b', '/r/b/x'])
  await pending.flush()
  expect(synced).toHaveLength(5)
})

test('callers at the same time share one flush, and one that comes later waits for its own file', async () => {
  const { synced, sync } = recorder()
  const pending = createPendingWrites('/r', { sync })
  pending.add('/r/one')
  const first = pending.flush()
  const same = pending.flush()
  pending.add('/r/two')
  pending.add('/r/three')
  const second = pending.flush()
  const third = pending.flush()
  await same
  expect(synced).toEqual(['/r/one', '/r'])
  await Promise.all([first, second, third])
  expect(synced).toEqual(['/r/one', '/r', '/r/two', '/r/three', '/r'])
  await pending.flush()
  expect(synced).toHaveLength(5)
})

test('of many files the whole file system is written out, or each when the machine cannot', async () => {
  for (const can of [true, false]) {
    const { synced, sync } = recorder()
    const roots: string[] = []
    const pending = createPendingWrites('/r', {
      sync,
      syncAll: async root => {
        roots.push(root)
        return can
      },
    })
    for (let index = 0; index < 100; index++) pending.add(`/r/${index}`)
    await pending.flush()
    expect(roots).toEqual(['/r'])
    expect(synced).toHaveLength(can ? 0 : 101)
  }
})

test('a disk that fails is told to whoever flushes, also when nobody waited', async () => {
  const { sync } = recorder(true)
  const pending = createPendingWrites('/r', { sync, syncAll: () => Promise.resolve(false) })
  pending.add('/r/one')
  await expect(pending.flush()).rejects.toThrow('the disk is gone')
  for (let index = 0; index < 1024; index++) pending.add(`/r/${index}`)
  await new Promise(resolve => setTimeout(resolve, 50))
  await expect(pending.flush()).rejects.toThrow('the disk is gone')
  await pending.flush()
})
