import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Blake3 } from '../../../processing/split/blake3.ts'
import { Digests } from '../../../processing/split/digests.ts'
import { blake3 } from './plain-blake3.ts'

/** The published vectors (BLAKE3-team/BLAKE3, test_vectors.json): of the bytes 0, 1, … 250, 0, 1, … */
const vectors: readonly (readonly [number, string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [4097, '9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995'],
  [8193, 'bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b'],
  [16384, 'f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4'],
  [31744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
]
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251)

test.each(vectors)('the digest of %i bytes is the published one', (length, digest) => {
  expect(new Blake3().update(bytes(length)).digest()).toBe(digest)
  expect(blake3(bytes(length))).toBe(digest)
})

test('pieces of any size give the digest of the whole', () => {
  const data = bytes(140_000).map((byte, i) => byte ^ (i >> 9))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 7 }), sizes => {
      const hash = new Blake3()
      const other = new Blake3().update(data.subarray(0, 99))
      let at = 0
      for (const size of sizes) hash.update(data.subarray(at, (at += size)))
      expect(hash.digest()).toBe(blake3(data.subarray(0, at)))
      expect(other.digest()).toBe(blake3(data.subarray(0, 99)))
    }),
    { numRuns: 60 },
  )
})

test('threads hash ranges of files as they are asked to, many files at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-digests-'))
  const digests = new Digests(1e9)
  try {
    const data = bytes(3_000_000)
    const path = join(folder, 'data')
    writeFileSync(path, data)
    const parts = Array.from({ length: 200 }, (_, i) =>
      digests
        .start(1)
        .read(path, i, 3000)
        .read(path, 50_000 + i, 20_000),
    )
    const whole = digests.ofFile(path, data.length)
    const expected = (i: number) =>
      new Blake3().update(data.subarray(i, i + 3000)).update(data.subarray(50_000 + i, 70_000 + i))
    expect(await Promise.all(parts.map(part => part.end()))).toEqual(parts.map((_, i) => expected(i).digest()))
    expect(await whole).toBe(blake3(data))
    await expect(digests.ofFile('/nonexistent/file', 1)).rejects.toMatchObject({ code: 'ENOENT' })
  } finally {
    await digests.close()
    rmSync(folder, { recursive: true })
  }
})

test('while the thread is behind, whoever writes takes a share of the digests, and they are the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-digests-'))
  const digests = new Digests(1e9)
  try {
    const path = join(folder, 'data')
    writeFileSync(path, bytes(3_000_000))
    const isAlone = availableParallelism() <= 2
    expect(digests.ownShare(3e6, 5)).toBe(0)
    const whole = digests.ofFile(path, 3_000_000)
    // 5 files of 3 MB are to come, and 3 MB are still to be hashed: the thread gets fewer than this one.
    expect(digests.ownShare(3e6, 5)).toBe(isAlone ? 3 : 0)
    expect(digests.ownShare(3e9, 5)).toBe(isAlone ? 1 : 0)
    expect(digests.ownShare(1, 5)).toBe(isAlone ? 5 : 0)
    expect(await digests.start('here').read(path, 0, null).end()).toBe(await whole)
    expect(digests.ownShare(3e6, 5)).toBe(0)
  } finally {
    await digests.close()
    rmSync(folder, { recursive: true })
  }
})

test('a thread that cannot read a part of a file gives no digest', async () => {
  const digests = new Digests(1e9)
  try {
    const missing = digests.start(0).read('/nonexistent/part', 0, 10)
    await expect(missing.end()).rejects.toMatchObject({ code: 'ENOENT', path: '/nonexistent/part' })
  } finally {
    await digests.close()
  }
})
