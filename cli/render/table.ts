import { stripVTControlCharacters } from 'node:util'

export interface Column {
  readonly title: string
  /** @default 'left' */
  readonly align?: 'left' | 'right'
}

/** Lines of a table whose columns are as wide as their widest cell; cells may be coloured. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => Math.max(...all.map(row => visibleLength(row[index] ?? ''))))
  return all.map(row =>
    columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd(),
  )
}

/** Pads a text that may be coloured. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - visibleLength(text)))
  return align === 'left' ? text + space : space + text
}

/** Characters that take a place on the screen. */
export const visibleLength = (text: string): number => stripVTControlCharacters(text).length

/** `word` after a count, with its plural: `1 error`, `2 errors`. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
