import type { FormatName } from '../../schemas/split-options.ts'
import { delimitedFormat } from './delimited.ts'
import type { Format } from './format.ts'
import { jsonLines } from './json-lines.ts'

/** Every record format by the name that the command line uses. */
export const formats = {
  csv: delimitedFormat('.csv', ','),
  jsonl: jsonLines,
} as const satisfies Record<FormatName, Format>
