import type { AsyncBuffer, ColumnChunk, RowGroup } from 'hyparquet'

/** A data page with its header, as the index of a file has it. */
export interface PageLocation {
  readonly offset: bigint
  readonly compressed_page_size: number
  readonly first_row_index: bigint
}

/** Enough for a header without long bounds of values. */
const HEADER_BYTES = 1024

/**
 * Where the pages of a column of plain values lie, in the order of their rows: read off their headers, because few writers
 * leave an index of them.
 *
 * @throws Error when they are not those of all rows
 */
export async function findPages(
  file: AsyncBuffer,
  { meta_data: chunk }: ColumnChunk,
  rows: number,
): Promise<PageLocation[]> {
  if (chunk === undefined) throw new Error('a column has no metadata')
  const name = chunk.path_in_schema.join('.')
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
  const end = Math.min(file.byteLength, start + Number(chunk.total_compressed_size))
  const pages: PageLocation[] = []
  let row = 0
  for (let offset = start; row < rows; ) {
    const { header, bytes } = await readHeader(file, offset, end)
    const size = bytes + header.compressed_page_size
    if (!(header.compressed_page_size >= 0))
      throw new Error(`column ${name} has a page of ${header.compressed_page_size} bytes`)
    const count = header.data_page_header_v2?.num_rows ?? header.data_page_header?.num_values
    if (count !== undefined) {
      pages.push({ offset: BigInt(offset), compressed_page_size: size, first_row_index: BigInt(row) })
      row += count
    }
    offset += size
    if (offset > end || (offset === end && row < rows))
      throw new Error(`column ${name} ends after ${row} of ${rows} rows`)
  }
  return pages
}

async function readHeader(file: AsyncBuffer, offset: number, end: number) {
  const { parquetHeader } = await import('hyparquet/src/column.js')
  for (let size = HEADER_BYTES; ; size *= 16) {
    const reader = { view: new DataView(await file.slice(offset, Math.min(end, offset + size))), offset: 0 }
    try {
      const header = parquetHeader(reader)
      return { header, bytes: reader.offset }
    } catch (error) {
      // Cut off by our own haste, or by what is wrong with the file.
      if (offset + size >= end) throw error
    }
  }
}

/**
 * The end of the rows from `row` on that are decoded at once: `most` of them, or fewer where a page of the column with the most
 * bytes ends before, so that few pages are decoded twice.
 */
export function windowEnd(
  group: RowGroup,
  pages: readonly (readonly PageLocation[])[],
  row: number,
  most: number,
): number {
  const rows = Number(group.num_rows)
  if (rows - row <= most) return rows
  const sizes = group.columns.map(({ meta_data: chunk }) => Number(chunk?.total_uncompressed_size ?? 0))
  const largest = pages[sizes.indexOf(Math.max(...sizes))] ?? []
  const border = largest.findLast(({ first_row_index: first }) => Number(first) <= row + most)
  const end = Number(border?.first_row_index ?? 0)
  return end > row ? end : row + most
}
