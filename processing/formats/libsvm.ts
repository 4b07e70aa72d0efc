import { UserError } from '../../schemas/problem.ts'
import { MalformedRecord } from './format.ts'
import type { Format, ValueSink } from './format.ts'
import { lineCodec } from './lines.ts'

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
const RECORD = new RegExp(`^(${NUMBER}(?:,${NUMBER})*)((?:[ \t]+(?:qid|\\d+):${NUMBER})*)[ \t]*(?:#.*)?$`)
const QUERY = /(?:^|[ \t])qid:(\S+)/

/**
 * libsvm's sparse text: `<label> [qid:<query>] <index>:<value> …`, as XGBoost reads it too. Columns are `label` and `qid`.
 */
export const libsvm: Format = {
  extension: '.libsvm',
  allowsHeader: false,
  open({ columns }) {
    const unknown = columns.find(column => column !== 'label' && column !== 'qid')
    if (unknown !== undefined)
      throw new UserError(
        `there is no column ${JSON.stringify(unknown)} — the columns of libsvm data are "label", "qid"`,
      )
    return {
      skipsEmptyLines: true,
      ...lineCodec,
      readHeader() {
        throw new Error('libsvm data has no header')
      },
      inspect(bytes, start, end, sinks) {
        const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
        const match = RECORD.exec(line)
        if (match === null)
          throw new MalformedRecord(start, 'the line is not "<label> <index>:<value> …" — repair or remove it')
        columns.forEach((column, i) => {
          const value = column === 'label' ? match[1] : QUERY.exec(match[2] ?? '')?.[1]
          if (value === undefined) throw new MalformedRecord(start, 'the line has no qid — every record needs one')
          ;(sinks[i] as ValueSink).addText(value)
        })
      },
    }
  },
}
