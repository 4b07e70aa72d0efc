import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { BlockMemory } from '../../../processing/formats/block-memory.ts'
import { formats } from '../../../processing/formats/formats.ts'
import { Duplicates } from '../../../processing/split/duplicates.ts'
import { HashStore, PARTITIONS } from '../../../processing/split/hash-store.ts'
import { onePerCell } from '../../../processing/split/strategies/strategy.ts'
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

test('of more records than fit in memory all copies are found, however many one record has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-hashes-'))
  const memory = new BlockMemory()
  const spill = join(folder, 'spill')
  const duplicates = new Duplicates(memory, () => spill)
  const count = 1_100_000
  // Some records are copies of one before them, and every second record is the same: they pass the sieve in two parts.
  const text = (i: number) => (i % 2 === 0 ? 'common' : `record ${i % 100 === 1 && i > 3 ? i - 2 : i}`)
  const cellOf = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 5)
  for (let from = 0; from < count; from += 100_000) {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => `${text(from + i)}\n`).join(''))
    memory.reserve(bytes.length, 0)
    memory.bytes.set(bytes)
    expect(formats.text.open({ header: false, columns: [] }).findEnds(memory, 0, bytes.length)).toBe(100_000)
    duplicates.note(0, 0, 50_000)
    duplicates.note(memory.ends[49_999] as number, 50_000, 100_000)
  }
  expect(statSync(spill).size).toBeGreaterThan(5e5)
  // So many cells that groups are compared in several passes.
  const cells = 2000
  const folds = new Map(onePerCell(5).map((fold, i) => [i, fold]))
  const cellsByText = new Map<string, Set<number>>()
  for (let i = 0; i < count; i++) {
    const cells = cellsByText.get(text(i))
    if (cells === undefined) cellsByText.set(text(i), new Set([cellOf[i] as number]))
    else cells.add(cellOf[i] as number)
  }
  let expected = 0
  for (let i = 0; i < count; i++) if ((cellsByText.get(text(i))?.size ?? 0) > 1) expected++
  for (let round = 0; round < 2; round++) {
    const { records, examples } = duplicates.leaks({ cells, cellOf: record => cellOf[record] as number }, folds)
    expect(records).toBe(expected)
    expect(examples).toHaveLength(10)
    for (const { fold, validation, train } of examples) {
      expect(text(validation)).toBe(text(train))
      expect([cellOf[validation], cellOf[train] === fold]).toEqual([fold, false])
    }
  }
  duplicates.close()
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test('the pieces of a partition are all of its entries, equal hashes in one piece', () => {
  const memory = new BlockMemory()
  const hashes = new HashStore(memory, () => '')
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${i % 9000}\n`).join(''))
  memory.reserve(bytes.length, 0)
  memory.bytes.set(bytes)
  formats.text.open({ header: false, columns: [] }).findEnds(memory, 0, bytes.length)
  hashes.note(0, 0, 20_000)
  const pieces = 4
  const seen = new Set<number>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const whole = hashes.entries(partition, { piece: 0, pieces: 1 })
    const parts = Array.from({ length: pieces }, (_, piece) => hashes.entries(partition, { piece, pieces }))
    expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(whole.length)
    expect(parts.every(({ length }) => length > 0 && length < whole.length)).toBe(true)
    const pieceOf = new Map<number, number>()
    for (const [piece, words] of parts.entries())
      for (let at = 2; at < words.length; at += 3) {
        const record = words[at] as number
        seen.add(record)
        expect(pieceOf.get(record % 9000) ?? piece).toBe(piece)
        pieceOf.set(record % 9000, piece)
      }
  }
  expect(seen.size).toBe(20_000)
  hashes.close()
})
