import { parquetMetadata } from 'hyparquet'
import type { RowGroup } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPages, windowEnd } from '../../../../processing/formats/parquet/find-pages.ts'
import { readRows } from '../../../../processing/formats/parquet/read-rows.ts'

const COUNT = 150_000
const words = ['red', 'green', null]

/** One row group, more than is decoded at once, with pages of 64 KiB: doubles, a dictionary, texts of any length, few values. */
const table = parquetWriteBuffer({
  columnData: [
    { name: 'x', type: 'DOUBLE', encoding: 'PLAIN', data: Array.from({ length: COUNT }, (_, i) => i / 7) },
    { name: 'word', type: 'STRING', nullable: true, data: Array.from({ length: COUNT }, (_, i) => words[i % 3]) },
    { name: 'text', type: 'STRING', data: Array.from({ length: COUNT }, (_, i) => `row ${i} ${'.'.repeat(i % 40)}`) },
  ],
  rowGroupSize: COUNT,
  pageSize: 64 * 1024,
})
const metadata = parquetMetadata(table)
const [group] = metadata.row_groups as [RowGroup]
const file = { byteLength: table.byteLength, slice: (start: number, end?: number) => table.slice(start, end) }

test('the pages of a column follow one another and hold all rows', async () => {
  expect([metadata.row_groups.length, Number(group.num_rows)]).toEqual([1, COUNT])
  for (const column of group.columns) {
    const pages = await findPages(file, column, COUNT)
    expect(pages[0]?.first_row_index).toBe(0n)
    for (const [i, { offset, compressed_page_size: size }] of pages.entries()) {
      const next = pages[i + 1]
      const { dictionary_page_offset: start, data_page_offset: first, total_compressed_size: total } = column.meta_data!
      expect(offset + BigInt(size)).toBe(next?.offset ?? (start || first) + total)
      expect(Number(next?.first_row_index ?? COUNT)).toBeGreaterThan(Number(pages[i]?.first_row_index))
    }
  }
  const doubles = await findPages(file, group.columns[0]!, COUNT)
  expect(doubles.length).toBeGreaterThan(10)
})

test('rows are decoded up to a border of the pages with the most bytes', async () => {
  const pages = await Promise.all(group.columns.map(column => findPages(file, column, COUNT)))
  const borders = pages[2]!.map(({ first_row_index: row }) => Number(row))
  expect(borders).toContain(windowEnd(group, pages, 0, 20_000))
  expect(windowEnd(group, pages, 0, 20_000)).toBeLessThanOrEqual(20_000)
  // No border within so few rows.
  expect(windowEnd(group, pages, 0, 10)).toBe(10)
  expect(windowEnd(group, pages, COUNT - 5, 10)).toBe(COUNT)
  let ends = 0
  for (let row = 0; row < COUNT; row = windowEnd(group, pages, row, 20_000)) ends++
  expect(ends).toBeLessThan(2 * (COUNT / 20_000))
})

test('a row group that is decoded in parts has the same rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-pages-'))
  const path = join(folder, 'd.parquet')
  writeFileSync(path, new Uint8Array(table))
  expect(Number(group.total_byte_size)).toBeGreaterThan(4 * 1024 * 1024)
  const source = readRows(path, 'd.parquet', () => {})
  const into = new Uint8Array(1 << 20)
  const texts: string[] = []
  for (;;) {
    const read = await source.read(into, 0, into.length)
    if (read === 0) break
    texts.push(Buffer.from(into.subarray(0, read)).toString())
  }
  source.close()
  const lines = texts.join('').split('\n')
  expect(lines.pop()).toBe('')
  expect(lines).toHaveLength(COUNT)
  const wrong = lines.filter(
    (line, i) => line !== JSON.stringify([i / 7, words[i % 3], `row ${i} ${'.'.repeat(i % 40)}`]),
  )
  expect(wrong).toEqual([])
  rmSync(folder, { recursive: true })
})

test('what does not hold all rows is no column', async () => {
  await expect(findPages(file, group.columns[0]!, COUNT + 1)).rejects.toThrow(
    `column x ends after ${COUNT} of ${COUNT + 1} rows`,
  )
})
