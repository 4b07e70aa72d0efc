import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { checkCompression } from '../../../processing/split/forms/compressions.ts'
import { singleFileNames } from '../../../schemas/shard-names.ts'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { blake3 } from './plain-blake3.ts'
import { removeCases, splitCase } from './split-case.ts'
import type { SplitCase } from './split-case.ts'

afterEach(removeCases)

const rows = Array.from({ length: 500 }, (_, i) => `${i},"x\n${'y'.repeat(i % 40)}",${i % 3}\n`)
const data = { 'd.csv': `id,text,y\n${rows.join('')}` }
const options = { strategy: 'kfold', k: 3, shuffle: true, seed: 1, header: true, label: 'y' } as const
const header = 'id,text,y\n'

/** The records of a folder in the order of its files, unpacked, headers dropped. */
function unpacked({ files }: SplitCase, folder: string, head = header): string {
  return [...files(folder)]
    .map(([name, bytes]) => {
      const text = (name.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes).toString()
      expect(text.startsWith(head)).toBe(true)
      return text.slice(head.length)
    })
    .join('')
}

const folders = (k: number) => ['all', ...Array.from({ length: k }, (_, i) => [`train/${i}`, `validation/${i}`]).flat()]

async function expectSameRecords(more: Partial<SplitOptionsInput>): Promise<SplitCase> {
  const plain = await splitCase(data, options)
  const made = await splitCase(data, { ...options, ...more })
  expect(made.report.certificate.digest).toBe(plain.report.certificate.digest)
  for (const folder of folders(3)) expect(unpacked(made, folder)).toBe(unpacked(plain, folder))
  for (const { index, validation } of made.report.folds)
    expect(blake3(Buffer.from(unpacked(made, `validation/${index}`)))).toBe(validation.digest)
  return made
}

describe('files', () => {
  test('are compressed with gzip, and hold the same records under the same certificate', async () => {
    const { files, root, report } = await expectSameRecords({ compress: 'gzip' })
    expect([...files('all').keys()]).toEqual(['part-0.csv.gz', 'part-1.csv.gz', 'part-2.csv.gz'])
    expect(report.storage).toEqual({ compress: 'gzip' })
    const inode = (path: string) => statSync(join(root, 'out', path)).ino
    expect(inode('all/part-0.csv.gz')).toBe(inode('validation/0/part-0.csv.gz'))
    expect(JSON.parse(readFileSync(join(root, 'out/report/folds.json'), 'utf8'))).toEqual(report)
  })

  test('are cut at records, hold no more than was asked for, and repeat the header', async () => {
    const { files } = await expectSameRecords({ shardSize: 1000 })
    const sizes = [...files('validation/1').values()].map(bytes => bytes.length - header.length)
    expect(sizes.length).toBeGreaterThan(3)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(1000 - 60)
    expect([...files('validation/1').keys()].slice(0, 2)).toEqual(['part-1.00000.csv', 'part-1.00001.csv'])
  })

  test('are cut and compressed at once, and listed by manifests', async () => {
    await expectSameRecords({ shardSize: 700, compress: 'gzip' })
    const { files } = await splitCase(
      data,
      { ...options, shardSize: 4000, compress: 'gzip', layout: 'manifest' },
      { s3Uri: 's3://b/validation' },
    )
    const [, ...names] = JSON.parse(files('train/0').get('manifest.json')?.toString() ?? '') as string[]
    expect(names).toContain('1/part-1.00000.csv.gz')
    expect(new Set(names)).toEqual(new Set([...files('validation').keys()].filter(name => !name.startsWith('0/'))))
  })

  test('have no header where it is to be dropped', async () => {
    const plain = await splitCase(data, options)
    const made = await splitCase(data, { ...options, dropHeader: true })
    for (const folder of folders(3)) expect(unpacked(made, folder, '')).toBe(unpacked(plain, folder))
    expect(made.report).toMatchObject({ header: false, label: 'y', storage: { dropHeader: true } })
    expect(made.report.folds.map(({ validation }) => validation.digest)).toEqual(
      plain.report.folds.map(({ validation }) => validation.digest),
    )
  })

  test.each([
    { ...options, k: 11 },
    { ...options, strategy: 'repeated-kfold' as const, repeats: 4, shuffle: false, holdout: 20 },
    { ...options, strategy: 'train-test-split' as const, k: 1, testSize: 0.2 },
  ])('have the names that a pipeline gives them beforehand: %j', async choice => {
    const { files, report } = await splitCase(data, { ...choice, singleFile: true })
    const names = singleFileNames(report.folds.length, '.csv')
    expect([...files('all').keys()]).toEqual([names.all])
    for (const { index } of report.folds) {
      expect([...files(`train/${index}`).keys()]).toEqual([names.train(index)])
      expect([...files(`validation/${index}`).keys()]).toEqual([names.validation(index)])
    }
  })

  test('are one per folder, with the records in the order of the input', async () => {
    const plain = await splitCase(data, options)
    const made = await splitCase(data, { ...options, singleFile: true, holdout: 50 })
    expect(made.report.certificate).toMatchObject({ disjoint: true, complete: true })
    for (const folder of [...folders(3), 'test']) {
      expect(made.files(folder).size).toBe(1)
      const ids = recordIds(unpacked(made, folder))
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    }
    expect(recordIds(unpacked(made, 'all') + unpacked(made, 'test')).length).toBe(500)
    const whole = await splitCase(data, { ...options, singleFile: true })
    expect(whole.report.certificate.digest).toBe(plain.report.certificate.digest)
    expect(unpacked(whole, 'all')).toBe(rows.join(''))
    expect(whole.report.repeats).toBe(1)
    expect(whole.report.folds).toEqual(plain.report.folds)
  })

  test('of whatever records and sizes hold the records of the input, each once', async () => {
    const record = fc.oneof(fc.stringMatching(/^[a-z ]{0,30}$/), fc.constant('"a\r\n""b"'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 6, maxLength: 80 }),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        fc.constantFrom<SplitOptionsInput['compress']>('none', 'gzip'),
        async (values, shardSize, single, compress) => {
          const lines = values.map((value, i) => `${i},${value}\n`)
          const made = await splitCase(
            { 'd.csv': lines.join('') },
            {
              strategy: 'kfold',
              k: 3,
              shuffle: true,
              seed: 9,
              compress,
              ...(single ? { singleFile: true } : { shardSize }),
            },
          )
          for (let fold = 0; fold < 3; fold++) {
            const both = unpacked(made, `train/${fold}`, '') + unpacked(made, `validation/${fold}`, '')
            expect(both.length).toBe(lines.join('').length)
            for (const line of lines) expect(both).toContain(line)
            expect(blake3(Buffer.from(unpacked(made, `validation/${fold}`, '')))).toBe(
              made.report.folds[fold]?.validation.digest,
            )
          }
          removeCases()
        },
      ),
      { numRuns: 25 },
    )
  })
})

const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (data: Uint8Array) => Buffer }

test('zstd is written where Node can, and refused with a sentence elsewhere', async () => {
  if (zstdDecompressSync === undefined)
    expect(() => checkCompression('zstd')).toThrow(
      /^--compress is "zstd", which Node [\d.]+ cannot write — use gzip, or Node 22\.15 or later$/,
    )
  else {
    const plain = await splitCase(data, options)
    const { files } = await splitCase(data, { ...options, compress: 'zstd' })
    expect(zstdDecompressSync(files('all').get('part-0.csv.zst') as Buffer)).toEqual(
      plain.files('all').get('part-0.csv'),
    )
  }
})

function recordIds(text: string): number[] {
  return [...text.matchAll(/^(\d+),"/gm)].map(match => Number(match[1]))
}
