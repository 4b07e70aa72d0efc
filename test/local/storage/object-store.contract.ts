import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectInfo, ObjectStore } from '../../../local/contract.ts'
import { readAll } from './fresh-store.ts'

/** What every {@link ObjectStore} does; an implementation's test calls this with a maker of empty stores. */
export function describeObjectStore(name: string, make: () => Promise<ObjectStore>): void {
  const collect = async (items: AsyncIterable<ObjectInfo>) => {
    const keys: string[] = []
    for await (const { key } of items) keys.push(key)
    return keys
  }
  const read = async (store: ObjectStore, bucket: string, key: string) => {
    const found = await store.get(bucket, key)
    return found === undefined ? undefined : (await readAll(found.body)).toString()
  }
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

  describe(name, () => {
    it('gives back what was put, with its facts', async () => {
      const store = await make()
      const before = Date.now()
      const info = await store.put('bucket', 'a/b', Buffer.from('hello'), {
        contentType: 'text/x',
        metadata: { a: '1' },
      })
      expect(info).toMatchObject({
        bucket: 'bucket',
        key: 'a/b',
        sizeBytes: 5,
        etag: '5d41402abc4b2a76b9719d911017c592',
        contentType: 'text/x',
        metadata: { a: '1' },
      })
      expect(info.lastModified.getTime()).toBeGreaterThanOrEqual(before)
      expect(await store.head('bucket', 'a/b')).toEqual(info)
      const got = (await store.get('bucket', 'a/b'))!
      expect(got.info).toEqual(info)
      expect((await readAll(got.body)).toString()).toBe('hello')
    })

    it('knows nothing of what is not there', async () => {
      const store = await make()
      expect(await store.head('bucket', 'a')).toBeUndefined()
      expect(await store.get('bucket', 'a')).toBeUndefined()
      expect(await store.getFile('bucket', 'a', '/nowhere/x')).toBe(false)
      expect(await collect(store.list('bucket'))).toEqual([])
      await store.delete('bucket', 'a')
    })

    it('copies files in and out', async () => {
      const store = await make()
      const dir = await mkdtemp(join(tmpdir(), 'foldwise-files-'))
      const content = randomBytes(3_000_000)
      await writeFile(join(dir, 'in'), content)
      const info = await store.putFile('bucket', 'file', join(dir, 'in'))
      expect(info).toEqual(
        await store
          .put('bucket', 'same', content)
          .then(same => ({ ...same, key: 'file', lastModified: info.lastModified })),
      )
      expect(await store.getFile('bucket', 'file', join(dir, 'out'))).toBe(true)
      expect((await readFile(join(dir, 'out'))).equals(content)).toBe(true)
      await writeFile(join(dir, 'out'), 'changed')
      await writeFile(join(dir, 'in'), 'changed')
      expect((await readAll((await store.get('bucket', 'file'))!.body)).equals(content)).toBe(true)
    })

    it('takes any keys and lists them by prefix in the order of their bytes', async () => {
      const segment = fc.oneof(
        fc.constantFrom(
          '',
          '.',
          '..',
          'a',
          'A',
          'train',
          '%',
          '%2E',
          '%empty',
          'x%object',
          ' ',
          'ä',
          '🙂',
          '\uffff',
          'x'.repeat(200),
          'é'.repeat(120),
        ),
        fc.string({ unit: 'grapheme', maxLength: 5 }).filter(text => !text.includes('/')),
      )
      const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))
      const usable = key.filter(
        text => text !== '' && Buffer.byteLength(text) <= 1024 && Buffer.from(text).toString() === text,
      )
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(usable, { maxLength: 12 }), fc.nat(5), async (keys, length) => {
          const store = await make()
          for (const [i, key] of keys.entries()) await store.put('bucket', key, Buffer.from(`content ${i}`))
          for (const [i, key] of keys.entries()) expect(await read(store, 'bucket', key)).toBe(`content ${i}`)
          expect(await collect(store.list('bucket'))).toEqual([...keys].sort(byBytes))
          for (const prefix of keys.map(key => Array.from(key).slice(0, length).join(''))) {
            expect(await collect(store.list('bucket', prefix))).toEqual(
              keys.filter(key => key.startsWith(prefix)).sort(byBytes),
            )
          }
          for (const key of keys) {
            await store.delete('bucket', key)
            expect(await store.head('bucket', key)).toBeUndefined()
          }
          expect(await collect(store.list('bucket'))).toEqual([])
        }),
        { numRuns: 60 },
      )
    })

    it('replaces an object whole, with its facts', async () => {
      const store = await make()
      await store.put('bucket', 'k', Buffer.from('long content'), { metadata: { a: '1' } })
      await store.put('bucket', 'k', Buffer.from('short'))
      expect(await read(store, 'bucket', 'k')).toBe('short')
      expect((await store.head('bucket', 'k'))!.metadata).toBeUndefined()
    })

    it('lets a reader finish the content that it began, although the object is replaced or deleted', async () => {
      const store = await make()
      const content = randomBytes(2_000_000)
      await store.put('bucket', 'k', content)
      const one = await store.get('bucket', 'k')
      const two = await store.get('bucket', 'k')
      await store.put('bucket', 'k', Buffer.from('new'))
      expect((await readAll(one!.body)).equals(content)).toBe(true)
      await store.delete('bucket', 'k')
      expect((await readAll(two!.body)).equals(content)).toBe(true)
    })

    it('shows readers one whole content while many write', async () => {
      const store = await make()
      const contents = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000 + i, i))
      const facts = new Set<string>()
      await store.put('bucket', 'k', contents[0]!, { metadata: { writer: '0' } })
      const writers = { done: false }
      const reading = (async () => {
        while (!writers.done) {
          const { info, body } = (await store.get('bucket', 'k'))!
          const content = await readAll(body)
          const writer = content[0]!
          expect(content.equals(contents[writer]!)).toBe(true)
          expect(info).toMatchObject({ sizeBytes: content.byteLength, metadata: { writer: String(writer) } })
          facts.add(info.etag)
        }
      })()
      for (let round = 0; round < 5; round++) {
        await Promise.all(
          contents.map((content, i) =>
            store.put('bucket', 'k', Readable.from([content.subarray(0, 99), content.subarray(99)]), {
              metadata: { writer: String(i) },
            }),
          ),
        )
      }
      writers.done = true
      await reading
      expect(facts.size).toBeGreaterThan(1)
    })

    it('keeps p/x and p/x/y apart while both come and go', async () => {
      const store = await make()
      const keys = ['p', 'p/x', 'p/x/y', 'p/x/y/z', 'p/']
      for (let round = 0; round < 20; round++) {
        await Promise.all(keys.map(key => store.put('bucket', key, Buffer.from(key))))
        for (const key of keys) expect(await read(store, 'bucket', key)).toBe(key)
        expect(await collect(store.list('bucket'))).toEqual(['p', 'p/', 'p/x', 'p/x/y', 'p/x/y/z'])
        await Promise.all(keys.filter((_, i) => (i + round) % 2 === 0).map(key => store.delete('bucket', key)))
      }
    })

    it('leaves nothing behind when a body breaks off', async () => {
      const store = await make()
      await store.put('bucket', 'k', Buffer.from('before'))
      const broken = Readable.from(
        (async function* () {
          yield Buffer.alloc(3_000_000)
          throw new Error('the sender has gone')
        })(),
      )
      await expect(store.put('bucket', 'k', broken)).rejects.toThrow('the sender has gone')
      expect(await read(store, 'bucket', 'k')).toBe('before')
      expect(await collect(store.list('bucket'))).toEqual(['k'])
    })

    it('refuses names and keys that S3 refuses', async () => {
      const store = await make()
      for (const bucket of ['', 'ab', '..', '.about', 'A-b', 'a/b', 'x'.repeat(64)]) {
        await expect(store.put(bucket, 'k', Buffer.from(''))).rejects.toMatchObject({ code: 'InvalidBucketName' })
        await expect(store.head(bucket, 'k')).rejects.toMatchObject({ code: 'InvalidBucketName' })
      }
      await expect(store.put('bucket', '', Buffer.from(''))).rejects.toMatchObject({ code: 'InvalidArgument' })
      await expect(store.put('bucket', 'x'.repeat(1025), Buffer.from(''))).rejects.toMatchObject({
        code: 'KeyTooLongError',
      })
      await expect(store.put('bucket', '\ud800', Buffer.from(''))).rejects.toMatchObject({ code: 'InvalidURI' })
    })
  })
}
