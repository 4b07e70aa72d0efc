import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { isUserError } from '../../../schemas/problem.ts'
import { removeCases, splitCase } from './split-case.ts'
import type { SplitCase } from './split-case.ts'

afterEach(removeCases)

/** Images of two classes from six patients; the order of the names is that of bytes, not of languages. */
const names = Array.from(
  { length: 36 },
  (_, i) => `p${i % 6}/${i % 2 === 0 ? 'Ähre' : 'zebra'}/${i < 18 ? 'A' : 'a'} ${i}.jpg`,
)
const images = Object.fromEntries(names.map(name => [name, Buffer.from([0xff, 0xd8, ...Buffer.from(name), 0])]))
const options = {
  strategy: 'stratified-kfold',
  k: 3,
  shuffle: true,
  seed: 1,
  format: 'files',
  label: 'folder',
} as const

const byBytes = (list: readonly string[]) => list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

type Manifest = readonly [{ readonly prefix: string }, ...string[]]

function listed({ files }: SplitCase, folder: string): { readonly prefix: string; readonly names: readonly string[] } {
  expect([...files(folder).keys()]).toEqual(['manifest.json'])
  const [{ prefix }, ...rest] = JSON.parse(files(folder).get('manifest.json')?.toString() ?? '') as Manifest
  return { prefix, names: rest }
}

describe('a folder of files', () => {
  test('is split by files, which every fold links to; labels are the names of their folders', async () => {
    const { files, report, root } = await splitCase(images, options)
    expect(report).toMatchObject({ records: 36, classes: { Ähre: 18, zebra: 18 }, inputs: [{ name: 'files.txt' }] })
    for (const { index, validation } of report.folds) {
      expect(validation.classes).toEqual({ Ähre: 6, zebra: 6 })
      const both = [...files(`train/${index}`), ...files(`validation/${index}`)]
      expect(byBytes(both.map(([name]) => name))).toEqual(byBytes(names))
      for (const [name, bytes] of both) expect(bytes).toEqual(images[name])
    }
    expect(byBytes([...files('all').keys()])).toEqual(byBytes(names))
    const inode = (path: string) => statSync(join(root, path)).ino
    expect(inode(`out/all/${names[0]}`)).toBe(inode(`data/${names[0]}`))
  })

  test('becomes S3 manifests of the input, and no file is written', async () => {
    const made = await splitCase(
      images,
      { ...options, strategy: 'group-kfold', groups: '0', shuffle: false, seed: undefined, layout: 'manifest' },
      { dataUri: 's3://bucket/images' },
    )
    expect(made.report.certificate).toMatchObject({ groupsKeptTogether: true, complete: true })
    for (const { index } of made.report.folds) {
      const train = listed(made, `train/${index}`)
      const validation = listed(made, `validation/${index}`)
      expect(train.prefix).toBe('s3://bucket/images/')
      expect(byBytes([...train.names, ...validation.names])).toEqual(byBytes(names))
      const patients = new Set(validation.names.map(name => name.slice(0, 2)))
      expect(train.names.some(name => patients.has(name.slice(0, 2)))).toBe(false)
    }
    expect(byBytes(listed(made, 'all').names)).toEqual(byBytes(names))
  })

  test('can be given as a list or as a manifest of S3 objects, with a test set', async () => {
    const uris = names.map(name => `s3://bucket/images/${name}`)
    const more = { ...options, layout: 'manifest', holdout: 6 } as const
    const fromList = await splitCase({ 'list.txt': uris.join('\r\n') }, more)
    const manifest = JSON.stringify([{ prefix: 's3://bucket/images/' }, ...names])
    const fromManifest = await splitCase({ 'images.manifest': manifest }, more)
    expect(fromManifest.report.certificate.digest).toBe(fromList.report.certificate.digest)
    const parts = ['train/0', 'validation/0', 'test'].map(folder => listed(fromList, folder))
    expect(parts.map(part => part.names.length)).toEqual([20, 10, 6])
    for (const part of parts) expect(part.prefix).toBe('s3://bucket/')
    expect(byBytes(parts.flatMap(part => part.names))).toEqual(byBytes(names.map(name => `images/${name}`)))
  })

  test.each<[string, Record<string, string | Uint8Array>, Partial<SplitOptionsInput>, RegExp]>([
    [
      'a file without a folder',
      { ...images, 'x.jpg': '' },
      {},
      /^files\.txt:37 — "x\.jpg" lies in no folder, so it has no label/,
    ],
    [
      'an unknown column',
      images,
      { label: 'class' },
      /^there is no column "class" — the columns of files are "folder"/,
    ],
    [
      'a name with a line end',
      { ...images, 'a/b\nc.jpg': '' },
      {},
      /^"a\/b\\nc\.jpg" — a line end in the name of a file/,
    ],
    [
      'a manifest that is none',
      { 'x.manifest': '[{"prefix": 1}, "a"]' },
      {},
      /x\.manifest — this is no S3 manifest — it must be of the form/,
    ],
    ['a manifest that is cut off', { 'x.manifest': '[{"prefix": "s3://b/"' }, {}, /x\.manifest — this is no JSON \(/],
    [
      'objects of two buckets',
      { 'x.txt': Array.from({ length: 9 }, (_, i) => `s3://b${i % 2}/c${i % 2}/${i}`).join('\n') },
      { layout: 'manifest' },
      /^s3:\/\/b\d\/c\d\/\d — a manifest lists files of one bucket, and others lie in s3:\/\/b\d\/ — split them apart$/,
    ],
    [
      'objects in S3 and layout copy',
      { 'x.txt': Array.from({ length: 9 }, (_, i) => `s3://b/c/${i}`).join('\n') },
      {},
      /^s3:\/\/b\/c\/\d — the file does not lie in the folder that is split — use layout manifest/,
    ],
    [
      'paths and no URI',
      images,
      { layout: 'manifest' },
      /^layout manifest lists files by their S3 URI, and the list has only paths/,
    ],
  ])('is refused with %s', async (_, data, more, sentence) => {
    const error = await splitCase(data, { ...options, ...more }).catch((reason: unknown) => reason)
    expect((error as Error).message).toMatch(sentence)
    expect(isUserError(error)).toBe(true)
  })

  test('that leave theirs are not followed', async () => {
    const list = { 'x.txt': Array.from({ length: 9 }, (_, i) => `../../${i % 2}/${i}`).join('\n') }
    await expect(splitCase(list, options)).rejects.toThrow('does not lie in the folder that is split')
  })
})

describe('number pairs', () => {
  const iris = readFileSync(new URL('../../fixtures/split/iris.csv', import.meta.url))
  const digests = JSON.parse(
    readFileSync(new URL('../../fixtures/split/iris_files_sha256.json', import.meta.url), 'utf8'),
  ) as Record<string, string>

  test.each([3, 5, 10])('are byte for byte the files that Field Notes writes of iris, k = %i', async k => {
    const { files, report } = await splitCase(
      { 'iris.csv': iris },
      { strategy: 'kfold', k, shuffle: true, seed: 23, header: true, label: 'species', numberPairs: true },
    )
    const expected = Object.entries(digests).filter(([path]) => path.startsWith(`k${k}/`))
    expect(expected).toHaveLength(4 * k + 2)
    for (const [path, digest] of expected) {
      const ours = path
        .replace(`k${k}/`, '')
        .replace('train/all/', 'all/')
        .replace(/^test\//, 'validation/')
      const folder = dirname(ours)
      expect([...files(folder).keys()]).toHaveLength(2)
      expect(
        createHash('sha256')
          .update(files(folder).get(basename(ours)) ?? '')
          .digest('hex'),
        path,
      ).toBe(digest)
    }
    expect(report.certificate).toMatchObject({ disjoint: true, complete: true })
    expect(report.storage).toEqual({ numberPairs: true })
  })

  test('of records that are no numbers are refused', async () => {
    const rows = Array.from({ length: 6 }, (_, i) => `${i},x,1\n`).join('')
    const pairs = { strategy: 'kfold', k: 2, label: '2', numberPairs: true } as const
    await expect(splitCase({ 'd.csv': rows }, pairs)).rejects.toThrow(
      '"x" — this is no number, and --number-pairs writes numbers — leave the option out, or encode the column',
    )
  })
})
