import { UserError } from '../../schemas/problem.ts'
import { MalformedRecord } from './format.ts'
import type { Format } from './format.ts'
import { lineCodec } from './lines.ts'

/** Newline-separated text: every line is a record, empty ones too; there are no columns. */
export const text: Format = {
  extension: '.txt',
  allowsHeader: true,
  open({ columns }) {
    if (columns.length > 0)
      throw new UserError(
        `format text has no column ${JSON.stringify(columns[0])} — choose a format with columns, such as csv`,
      )
    return {
      skipsEmptyLines: false,
      ...lineCodec,
      readHeader() {},
      inspect(bytes, start, end) {
        const nul = bytes.subarray(start, end).indexOf(0)
        if (nul >= 0)
          throw new MalformedRecord(start + nul, 'there is a NUL byte, so this is not text — give a UTF-8 text file')
      },
    }
  },
}
