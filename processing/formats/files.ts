import { UserError } from '../../schemas/problem.ts'
import { MalformedRecord } from './format.ts'
import type { Format, ValueSink } from './format.ts'
import { lineCodec } from './lines.ts'

/**
 * Files as records, such as images: a record is the path of one, a line of the list that the splitter makes of a folder or is
 * given. Columns are `folder`, the name of the folder that a file lies in, and the indices of the folders on its path, 0 for
 * the first.
 */
export const files: Format = {
  extension: '.txt',
  allowsHeader: false,
  listsFiles: true,
  open({ columns }) {
    const unknown = columns.find(column => column !== 'folder' && !/^\d+$/.test(column))
    if (unknown !== undefined)
      throw new UserError(
        `there is no column ${JSON.stringify(unknown)} — the columns of files are "folder", the folder that a file lies in, and 0, 1, … for the folders on its path`,
      )
    return {
      skipsEmptyLines: true,
      ...lineCodec,
      readHeader() {
        throw new Error('a list of files has no header')
      },
      inspect(bytes, start, end, sinks) {
        const path = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
        const folders = path
          .replace(/^s3:\/\/[^/]*\//, '')
          .split('/')
          .slice(0, -1)
        columns.forEach((column, i) => {
          const value = column === 'folder' ? folders.at(-1) : folders[Number(column)]
          if (value === undefined || value === '')
            throw new MalformedRecord(
              start,
              `${JSON.stringify(path)} lies in ${folders.length === 0 ? 'no folder' : `${folders.length} folders`}, so it has no ${column === 'folder' ? 'label' : `folder ${column}`} — put it in one`,
            )
          ;(sinks[i] as ValueSink).addText(value)
        })
      },
    }
  },
}
