import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { BlockMemory } from '../../../processing/formats/block-memory.ts'
import { formats } from '../../../processing/formats/formats.ts'
import { Duplicates } from '../../../processing/split/duplicates.ts'
import { removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

const kfold = { strategy: 'kfold', k: 3 } as const

describe('the certificate', () => {
  test('names records that a fold validates on and trains on copies of, with file and line', async () => {
    const { report } = await splitCase(
      { 'a.csv': 'x,y\n1,"two\nlines"\n2,b\n\n3,c\r\n', 'b.csv': 'x,y\n3,c\n4,d\n2,b' },
      { ...kfold, header: true },
    )
    expect(report.certificate.duplicates).toEqual({
      records: 2,
      checkedShare: 1,
      examples: [
        { fold: 0, validation: { file: 'a.csv', line: 4 }, train: { file: 'b.csv', line: 4 } },
        { fold: 2, validation: { file: 'b.csv', line: 4 }, train: { file: 'a.csv', line: 4 } },
      ],
    })
    expect(report.warnings).toContain(
      '2 validation records are copies of records that the same fold trains on: fold 0 validates on a.csv:4 and trains on b.csv:4.',
    )
  })

  test('says nothing of copies on one side of every fold', async () => {
    const { report } = await splitCase({ 'a.csv': '1,a\n1,a\n2,b\n2,b\n3,c\n3,c\n' }, kfold)
    expect(report.certificate.duplicates).toEqual({ records: 0, checkedShare: 1, examples: [] })
    expect(report.warnings).toEqual([])
  })

  test('counts as a comparison of all pairs does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('', 'a', 'b', 'cc', 'a record of more than eight bytes'), {
          minLength: 6,
          maxLength: 40,
        }),
        fc.integer({ min: 0, max: 99 }),
        async (values, seed) => {
          const rows = values.map((value, i) => (value === '' ? `only ${i}` : value))
          const { report, records } = await splitCase(
            { 'a.txt': rows.join('\n') },
            { strategy: 'repeated-kfold', k: 3, repeats: 2, seed, format: 'text' },
          )
          let expected = 0
          for (const { index } of report.folds) {
            const train = new Set(records(`train/${index}`).trimEnd().split('\n'))
            expected += records(`validation/${index}`)
              .trimEnd()
              .split('\n')
              .filter(record => train.has(record)).length
          }
          expect(report.certificate.duplicates?.records).toBe(expected)
        },
      ),
      { numRuns: 15 },
    )
  })

  test('says which class is furthest from its share, and that time goes on', async () => {
    const { report } = await splitCase(
      { 'a.csv': 'a\na\nb\nb\na\nb\n' },
      { strategy: 'time-series-split', k: 2, label: '0' },
    )
    expect(report.certificate).toMatchObject({
      timeOrderKept: true,
      worstImbalance: { fold: 0, class: 'a', share: 0, expected: 0.5 },
    })
    const { report: shuffled } = await splitCase({ 'a.csv': '1\n2\n3\n4\n' }, { strategy: 'kfold', k: 2 })
    expect(shuffled.certificate).toMatchObject({ timeOrderKept: null, worstImbalance: null })
  })
})

test('of more records than are kept, all copies are followed or none, and the share is told', () => {
  const memory = new BlockMemory()
  const duplicates = new Duplicates(memory, 1000)
  const lines = Array.from({ length: 40_000 }, (_, i) => `record ${i % 20_000}\n`)
  const bytes = Buffer.from(lines.join(''))
  memory.reserve(bytes.length, 0)
  memory.bytes.set(bytes)
  const count = formats.text.open({ header: false, columns: [] }).findEnds(memory, 0, bytes.length)
  expect(count).toBe(40_000)
  for (let from = 0; from < count; from += 100)
    duplicates.note(from === 0 ? 0 : (memory.ends[from - 1] as number), from, from + 100)
  const round = { cells: 2, cellOf: Uint8Array.from(lines, (_, i) => (i < 20_000 ? 0 : 1)), folds: [] }
  const folds = new Map([[0, { train: { only: [0] }, validation: { only: [1] } }]])
  const { records, examples } = duplicates.leaks(round, folds)
  expect(duplicates.checkedShare).toBeLessThan(1 / 16)
  expect(records / duplicates.checkedShare / 20_000).toBeGreaterThan(0.7)
  expect(records / duplicates.checkedShare / 20_000).toBeLessThan(1.4)
  for (const { validation, train } of examples) expect(validation - train).toBe(20_000)
  expect(examples).toHaveLength(10)
})
