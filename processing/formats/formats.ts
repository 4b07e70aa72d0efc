import type { FormatName } from '../../schemas/split-names.ts'
import { delimitedFormat } from './delimited.ts'
import type { Format } from './format.ts'
import { files } from './files.ts'
import { augmentedManifest, jsonLines } from './json-lines.ts'
import { libsvm } from './libsvm.ts'
import { parquet } from './parquet/parquet.ts'
import { recordio } from './recordio/recordio.ts'
import { text } from './text.ts'

/** Every record format by the name that the command line uses. */
export const formats = {
  csv: delimitedFormat('.csv', ','),
  files,
  tsv: delimitedFormat('.tsv', '\t'),
  jsonl: jsonLines,
  'augmented-manifest': augmentedManifest,
  libsvm,
  parquet,
  'recordio-protobuf': recordio,
  text,
} as const satisfies Record<FormatName, Format>
