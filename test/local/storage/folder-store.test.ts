import { mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFolderStore } from '../../../local/storage/folder-store.ts'
import { freshStore, readAll } from './fresh-store.ts'
import { describeObjectStore } from './object-store.contract.ts'

describeObjectStore('the store on a folder', async () => (await freshStore()).store)

it('keeps an object as a file of the same name', async () => {
  const { dir, store } = await freshStore()
  await store.put('bucket', 'Iris/abc/evaluation/report.html', Buffer.from('<html>'))
  expect(await readFile(join(dir, 'bucket/Iris/abc/evaluation/report.html'), 'utf8')).toBe('<html>')
  expect(await readdir(join(dir, 'bucket'), { recursive: true })).toEqual([
    'Iris',
    'Iris/abc',
    'Iris/abc/evaluation',
    'Iris/abc/evaluation/report.html',
  ])
})

it('knows its objects and their facts after a restart', async () => {
  const { dir, store } = await freshStore()
  const info = await store.put('bucket', 'a/b', Buffer.from('x'), { contentType: 'text/x', metadata: { a: '1' } })
  const again = await createFolderStore(dir)
  expect(await again.head('bucket', 'a/b')).toEqual(info)
})

it('takes a file that somebody put into the folder as an object', async () => {
  const { dir, store } = await freshStore()
  await mkdir(join(dir, 'bucket/data'), { recursive: true })
  await writeFile(join(dir, 'bucket/data/iris.csv'), 'hello')
  expect(await store.head('bucket', 'data/iris.csv')).toMatchObject({
    sizeBytes: 5,
    etag: '5d41402abc4b2a76b9719d911017c592',
  })
})

it('does not give an edited file the facts of the former content', async () => {
  const { dir, store } = await freshStore()
  await store.put('bucket', 'k', Buffer.from('world'), { metadata: { a: '1' } })
  await writeFile(join(dir, 'bucket/k'), 'hello')
  const info = await store.head('bucket', 'k')
  expect(info).toMatchObject({ etag: '5d41402abc4b2a76b9719d911017c592' })
  expect(info!.metadata).toBeUndefined()
})

it('shows neither links nor folders nor names that are not its own as objects', async () => {
  const { dir, store } = await freshStore()
  await store.put('bucket', 'k', Buffer.from('x'))
  await symlink('/etc/hostname', join(dir, 'bucket/link'))
  await symlink('/etc', join(dir, 'bucket/etc'))
  await mkdir(join(dir, 'bucket/empty'))
  await writeFile(join(dir, 'bucket/100%.csv'), 'x')
  const keys: string[] = []
  for await (const { key } of store.list('bucket')) keys.push(key)
  expect(keys).toEqual(['k'])
  for (const key of ['link', 'empty', '100%.csv']) expect(await store.head('bucket', key)).toBeUndefined()
})

it('removes what dead writers left, and only that', async () => {
  const { dir, store } = await freshStore()
  const dead = join(dir, '.tmp', '999999999-abc')
  await mkdir(dead)
  await writeFile(join(dead, '0'), 'half')
  const ownBefore = (await readdir(join(dir, '.tmp'))).filter(name => name.startsWith(`${process.pid}-`))
  await createFolderStore(dir)
  const after = await readdir(join(dir, '.tmp'))
  expect(after).not.toContain('999999999-abc')
  expect(after).toEqual(expect.arrayContaining(ownBefore))
  await store.put('bucket', 'k', Buffer.from('x'))
})

it('leaves no empty folders and no facts of deleted objects', async () => {
  const { dir, store } = await freshStore()
  await store.put('bucket', 'a/b/c', Buffer.from('x'))
  await store.put('bucket', 'a/b', Buffer.from('x'))
  await store.put('bucket', 'a/b', Buffer.from('y'))
  await store.delete('bucket', 'a/b/c')
  await store.delete('bucket', 'a/b')
  expect(await readdir(join(dir, 'bucket'))).toEqual([])
  expect(await readdir(join(dir, '.about/bucket'))).toEqual([])
})

it('gives every write a later time, also within one millisecond of the clock', async () => {
  const { dir } = await freshStore()
  const store = await createFolderStore(dir, { now: () => 1_800_000_000_000 })
  await store.put('bucket', 'k', Buffer.from('aaaa'), { metadata: { n: '1' } })
  const one = (await stat(join(dir, 'bucket/k'), { bigint: true })).mtimeNs
  await store.put('bucket', 'k', Buffer.from('bbbb'))
  const two = (await stat(join(dir, 'bucket/k'), { bigint: true })).mtimeNs
  expect(two).toBeGreaterThan(one)
  expect(await store.head('bucket', 'k')).toMatchObject({ etag: '65ba841e01d6db7733e90a5b7f9e6f80' })
})

it('makes the facts anew when a power failure cut them off', async () => {
  const { dir, store } = await freshStore()
  const { etag } = await store.put('bucket', 'k', Buffer.from('x'))
  const [facts] = await readdir(join(dir, '.about/bucket'))
  await writeFile(join(dir, '.about/bucket', facts!), '{"etag"')
  expect((await store.head('bucket', 'k'))!.etag).toBe(etag)
})

it('reads with the old facts when a kill came before the content was moved into place', async () => {
  const { dir, store } = await freshStore()
  const info = await store.put('bucket', 'k', Buffer.from('old'), { metadata: { a: 'old' } })
  // Facts of a content that never came.
  await writeFile(join(dir, '.about/bucket', 'k.1999999999000000'), JSON.stringify({ etag: 'new' }))
  expect(await (await createFolderStore(dir)).head('bucket', 'k')).toEqual(info)
})

it('keeps the facts when the folder is moved with its times', async () => {
  const { dir, store } = await freshStore()
  const info = await store.put('bucket', 'k', Buffer.from('x'), { metadata: { a: '1' } })
  const content = join(dir, 'bucket/k')
  const { atime, mtime } = await stat(content)
  await writeFile(`${content}2`, 'x')
  await utimes(`${content}2`, atime, mtime)
  await rename(dir, `${dir}-moved`)
  expect(await (await createFolderStore(`${dir}-moved`)).head('bucket', 'k')).toEqual(info)
})

it('lists common prefixes of 2,000 objects without looking at each', async () => {
  const { store } = await freshStore()
  for (let i = 0; i < 20; i++)
    await Promise.all(
      Array.from({ length: 100 }, (_, j) => store.put('bucket', `run-${i}/part-${j}`, Buffer.from('x'))),
    )
  const started = performance.now()
  const page = await store.page('bucket', { prefix: '', delimiter: '/', maxKeys: 1000 })
  const seconds = (performance.now() - started) / 1000
  expect(page.commonPrefixes).toHaveLength(20)
  expect(seconds).toBeLessThan(0.5)
  const next = await store.page('bucket', { prefix: 'run-12/', maxKeys: 1000 })
  expect(next.objects).toHaveLength(100)
})

it('reads the content that a range asks for', async () => {
  const { store } = await freshStore()
  await store.put('bucket', 'k', Buffer.from('0123456789'))
  const { body } = (await store.open('bucket', 'k', () => ({ start: 2, end: 4 })))!
  expect((await readAll(body)).toString()).toBe('234')
})
