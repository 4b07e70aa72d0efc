import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { foldReportSchema } from '../../../schemas/fold-report.ts'
import { blake3 } from './plain-blake3.ts'
import { removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/split/${name}`, import.meta.url), 'utf8')
const iris = fixture('iris.csv')
const irisRows = iris.trimEnd().split('\n').slice(1)
const { folds: irisFolds } = JSON.parse(fixture('iris_kfold_23.json')) as {
  folds: Record<string, { test: number[]; test_class_counts: number[] }[]>
}
const kfold = { strategy: 'kfold', k: 5, shuffle: true, seed: 23, header: true, label: 'species' } as const

describe('iris', () => {
  test.each(['3', '5', '10'])('is split into the records of scikit-learn, k = %s', async k => {
    const { report, records, files } = await splitCase({ 'iris.csv': iris }, { ...kfold, k: Number(k) })
    irisFolds[k]?.forEach((fold, i) => {
      expect(records(`validation/${i}`)).toBe(fold.test.map(row => `${irisRows[row]}\n`).join(''))
      const rest = irisRows.filter((_, row) => !fold.test.includes(row))
      expect(records(`train/${i}`).split('\n').sort()).toEqual([...rest, ''].sort())
      expect(Object.values(report.folds[i]?.validation.classes ?? {})).toEqual(fold.test_class_counts)
    })
    expect(records('all').split('\n').sort()).toEqual([...irisRows, ''].sort())
    for (const folder of ['train', 'validation', 'all'])
      for (const content of files(folder).values()) expect(content.toString()).toMatch(/^sepal_length,/)
  })

  test('leaves a report that the contract accepts, with the same digests as the files', async () => {
    const { root, report, records } = await splitCase({ 'iris.csv': iris }, kfold)
    const written = foldReportSchema.parse(JSON.parse(readFileSync(join(root, 'out/report/folds.json'), 'utf8')))
    expect(written).toEqual(report)
    expect(report).toMatchObject({ records: 150, classes: { 0: 50, 1: 50, 2: 50 }, k: 5, repeats: 1, seed: 23 })
    expect(report.certificate).toMatchObject({ disjoint: true, complete: true, groupsKeptTogether: null })
    expect(report.inputs[0]?.digest).toBe(blake3(Buffer.from(iris)))
    expect(report.hyperparameters).toEqual({
      num_training_samples: String(report.records),
      num_classes: String(Object.keys(report.classes).length),
      fold_name: 'final',
    })
    expect(report.folds[1]?.hyperparameters).toEqual({
      num_training_samples: '120',
      num_validation_samples: '30',
      num_classes: '3',
      fold_name: 'fold1',
    })
    for (const { index, validation } of report.folds)
      expect(validation.digest).toBe(blake3(Buffer.from(records(`validation/${index}`))))
  })

  test('keeps fold 1 apart from fold 11', async () => {
    const { files, records } = await splitCase({ 'iris.csv': iris }, { ...kfold, k: 12 })
    expect([...files('train/1').keys()]).toHaveLength(11)
    expect([...files('train/11').keys()]).not.toContain('part-11.csv')
    expect([...files('all').keys()].slice(0, 3)).toEqual(['part-00.csv', 'part-01.csv', 'part-02.csv'])
    expect(records('train/1').split('\n')).toHaveLength(150 - 13 + 1)
  })

  test('is stored once however many folders show it', async () => {
    const { root, files } = await splitCase({ 'iris.csv': iris }, kfold)
    const inodes = (folder: string) =>
      [...files(folder).keys()].map(file => statSync(join(root, 'out', folder, file)).ino)
    expect(new Set(['train', 'validation', 'all'].flatMap(inodes)).size).toBe(5)
  })

  test('is copied where links are impossible', async () => {
    const link = () => {
      throw Object.assign(new Error('cross-device link'), { code: 'EXDEV' })
    }
    const linked = await splitCase({ 'iris.csv': iris }, kfold)
    const copied = await splitCase({ 'iris.csv': iris }, kfold, { link })
    for (const folder of ['train', 'validation', 'all']) expect(copied.files(folder)).toEqual(linked.files(folder))
    expect(copied.report).toEqual(linked.report)
  })

  test('is listed by manifests when every record shall be stored once in S3', async () => {
    const { files, report } = await splitCase(
      { 'iris.csv': iris },
      { ...kfold, k: 3, layout: 'manifest' },
      { s3Uri: 's3://bucket/run/validation' },
    )
    const manifest = (folder: string) => JSON.parse(files(folder).get('manifest.json')?.toString() ?? '') as unknown
    expect([...files('train').keys()]).toEqual([0, 1, 2].map(i => `${i}/manifest.json`))
    expect(manifest('train/1')).toEqual([{ prefix: 's3://bucket/run/validation/' }, '0/part-0.csv', '2/part-2.csv'])
    expect(manifest('all')).toHaveLength(4)
    expect([...files('validation').keys()]).toEqual(['0/part-0.csv', '1/part-1.csv', '2/part-2.csv'])
    const copy = await splitCase({ 'iris.csv': iris }, { ...kfold, k: 3 })
    expect(report.certificate.digest).toBe(copy.report.certificate.digest)
  })
})

describe('records', () => {
  test('with quoted line ends stay whole, byte for byte', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i},"line one\nline ""two"", ${i}\r\nthree",${i % 2 ? 'odd' : 'even'}\n`,
    )
    const data = `id,text,kind\n${rows.join('')}`
    const { records, report } = await splitCase(
      { 'q.csv': data },
      { strategy: 'stratified-kfold', k: 4, header: true, label: 'kind' },
    )
    expect(report.records).toBe(40)
    for (let i = 0; i < 4; i++)
      for (const row of rows) expect(count(records(`validation/${i}`) + records(`train/${i}`), row)).toBe(1)
  })

  test('keep CRLF, and the last one gets the line end that it lacks', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `${i},x${i}`)
    const { records, files } = await splitCase(
      { 'w.csv': `id,x\r\n${rows.join('\r\n')}` },
      { strategy: 'kfold', k: 3, header: true },
    )
    expect(records('all')).toBe(rows.map(row => `${row}\r\n`).join(''))
    expect(files('validation/0').get('part-0.csv')?.toString()).toBe('id,x\r\n0,x0\r\n1,x1\r\n2,x2\r\n')
  })

  test('of several files are taken in the order of their names, and the header only once', async () => {
    const { records, report } = await splitCase(
      { 'b.csv': 'id\n3\n4', 'a.csv': 'id\n1\n2', 'sub/c.csv': 'id\n5\n6\n', 'empty.csv': '', _SUCCESS: '' },
      { strategy: 'kfold', k: 2, header: true },
    )
    expect(records('validation/0')).toBe('1\n2\n3\n')
    expect(records('validation/1')).toBe('4\n5\n6\n')
    expect(report.inputs.map(({ name, records }) => [name, records])).toEqual([
      ['a.csv', 2],
      ['b.csv', 2],
      ['sub/c.csv', 2],
    ])
    expect(report.warnings).toEqual(['empty.csv is empty and was left out.'])
  })

  test('do not include empty lines or a byte order mark, and the report says so', async () => {
    const { records, report } = await splitCase(
      { 'e.csv': '\uFEFFid,x\n\n1,a\n\r\n2,b\n\n' },
      { strategy: 'kfold', k: 2, header: true },
    )
    expect(report.folds.map(({ validation }) => validation.records)).toEqual([1, 1])
    expect(records('all')).toContain('1,a\n')
    expect(report.warnings).toEqual([
      'e.csv begins with a byte order mark, which was left out.',
      '3 empty lines were left out.',
    ])
  })

  test('of JSON Lines are stratified by a member and copied as they are', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `{ "n":${i}, "class" : ${i % 3},"t":"\u00e9\\n${i}" }`)
    const { records, report } = await splitCase(
      { 'd.jsonl': rows.join('\n') },
      { strategy: 'stratified-kfold', k: 2, format: 'jsonl', label: 'class' },
    )
    expect(report.classes).toEqual({ 0: 4, 1: 4, 2: 4 })
    const all = Buffer.from(records('all'), 'latin1').toString('utf8')
    expect(all.trimEnd().split('\n').sort()).toEqual(rows.toSorted())
    for (const fold of report.folds) expect(fold.validation.classes).toEqual({ 0: 2, 1: 2, 2: 2 })
  })

  test('come out of gzip files as out of plain ones, also of several in one file', async () => {
    const rows = Array.from({ length: 90_000 }, (_, i) => `${i},${'x'.repeat(i % 50)}\n`)
    const plain = await splitCase({ 'a.csv': rows.join('') }, { strategy: 'kfold', k: 3, shuffle: true, seed: 5 })
    const members = [rows.slice(0, 40_000), rows.slice(40_000)].map(part => zlib.gzipSync(part.join('')))
    const zipped = await splitCase(
      { 'a.csv.gz': Buffer.concat(members) },
      { strategy: 'kfold', k: 3, shuffle: true, seed: 5 },
    )
    expect(zipped.report.certificate.digest).toBe(plain.report.certificate.digest)
    for (const folder of ['validation', 'train', 'all'])
      expect(zipped.records(folder) === plain.records(folder)).toBe(true)
    expect(zipped.report.inputs[0]?.digest).toBe(blake3(Buffer.concat(members)))
  })

  test('come out of a zstd file of several frames as out of a plain one, with every Node', async () => {
    const packed = readFileSync(new URL('../../fixtures/split/iris.csv.zst', import.meta.url))
    const made = await splitCase({ 'iris.csv.zst': packed }, kfold)
    const plain = await splitCase({ 'iris.csv': iris }, kfold)
    expect(made.report.certificate.digest).toBe(plain.report.certificate.digest)
    expect(made.files('all')).toEqual(plain.files('all'))
  })

  const { zstdCompressSync } = zlib as { zstdCompressSync?: (data: string) => Buffer }
  test.runIf(zstdCompressSync !== undefined)(
    'come out of zstd files as out of plain ones (Node 22.15 and later)',
    async () => {
      const rows = Array.from({ length: 90_000 }, (_, i) => `${i},${'x'.repeat(i % 50)}\n`).join('')
      const plain = await splitCase({ 'a.csv': rows }, { strategy: 'kfold', k: 3, shuffle: true, seed: 5 })
      const packed = await splitCase(
        { 'a.csv.zst': zstdCompressSync?.(rows) ?? '' },
        { strategy: 'kfold', k: 3, shuffle: true, seed: 5 },
      )
      expect(packed.report.certificate.digest).toBe(plain.report.certificate.digest)
    },
  )

  test('whose labels are equal numbers are of one class', async () => {
    const { report } = await splitCase(
      { 'n.csv': '1,a\n1.0,b\n2,c\n2.00,d\n' },
      { strategy: 'stratified-kfold', k: 2, label: '0' },
    )
    expect(report.classes).toEqual({ 1: 2, 2: 2 })
  })

  test('longer than a read are whole', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => `${i},"${'long\n'.repeat(600_000)}${i}"\n`)
    const { records } = await splitCase({ 'l.csv': rows.join('') }, { strategy: 'kfold', k: 3 })
    expect(records('all') === rows.join('')).toBe(true)
  })

  test('out are the records in, whatever they hold', async () => {
    const field = fc.oneof(
      fc.stringMatching(/^[a-z0-9 é]{0,6}$/),
      fc.stringMatching(/^[a-z,"\n\r]{0,8}$/).map(text => `"${text.replaceAll('"', '""')}"`),
    )
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain(width =>
        fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 4, maxLength: 60 }),
      )
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 2, max: 4 }),
        fc.nat(1000),
        async (rows, lineEnd, final, k, seed) => {
          const lines = rows.map(row => row.join(','))
          const data = lines.join(lineEnd) + (final ? lineEnd : '')
          const { records, report } = await splitCase({ 'p.csv': data }, { strategy: 'kfold', k, shuffle: true, seed })
          expect(report.records).toBe(lines.length)
          const expected = lines.map(line => Buffer.from(line + lineEnd).toString('latin1'))
          const whole = records('all')
          expect(whole.length).toBe(expected.join('').length)
          for (const line of new Set(expected))
            expect(count(whole, line)).toBeGreaterThanOrEqual(expected.filter(other => other === line).length)
          for (let i = 0; i < k; i++)
            expect(records(`train/${i}`).length + records(`validation/${i}`).length).toBe(whole.length)
          removeCases()
        },
      ),
      { numRuns: 60 },
    )
  })
})

function count(text: string, part: string): number {
  return text.split(part).length - 1
}
