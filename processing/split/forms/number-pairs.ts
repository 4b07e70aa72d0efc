import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readCsv } from '../../../schemas/read-csv.ts'
import { UserError } from '../../../schemas/problem.ts'
import type { OutputName } from '../output-folders.ts'
import type { FinishedFolder } from './finish-folders.ts'

/** How the files of each side are called; training on everything is training too. */
const stems: Readonly<Record<OutputName, string>> = {
  train: 'train',
  all: 'train',
  validation: 'test',
  test: 'holdout',
  report: 'report',
}

/**
 * Turns a folder's CSV file of numbers into two, features and label, as `numpy.savetxt` writes them: `train_x.csv` and
 * `train_y.csv`, or `test_x.csv` and `test_y.csv` of a validation set.
 *
 * @param labelIndex Field of the label.
 */
export async function writeNumberPairs({ path, side, files }: FinishedFolder, labelIndex: number): Promise<void> {
  const [file = ''] = files
  const x = openSync(join(path, `${stems[side]}_x.csv`), 'wx')
  const y = openSync(join(path, `${stems[side]}_y.csv`), 'wx')
  try {
    let features: string[] = []
    let labels: string[] = []
    const flush = () => {
      writeSync(x, features.join(''))
      writeSync(y, labels.join(''))
      features = []
      labels = []
    }
    for await (const line of createInterface({
      input: createReadStream(join(path, file)),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const numbers = line.split(',').map(savetxtNumber)
      labels.push(`${numbers[labelIndex]}\n`)
      features.push(`${numbers.filter((_, i) => i !== labelIndex).join(',')}\n`)
      if (features.length === 4096) flush()
    }
    flush()
  } finally {
    closeSync(x)
    closeSync(y)
  }
  rmSync(join(path, file))
}

/** Index of a column that is named in the header, or told by its index. */
export function columnIndex(column: string, header: Uint8Array | null): number {
  if (header === null) return Number(column)
  const [names] = readCsv(Buffer.from(header).toString('utf8'), 'the header')
  const named = names?.cells.indexOf(column) ?? -1
  return named >= 0 ? named : Number(column)
}

/** numpy's `%.18e`. */
function savetxtNumber(field: string): string {
  const text = field.trim().replace(/^"(.*)"$/, '$1')
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value))
    throw new UserError(
      `${JSON.stringify(field)} — this is no number, and --number-pairs writes numbers — leave the option out, or encode the column`,
    )
  return value.toExponential(18).replace(/e([+-])(\d)$/, 'e$10$2')
}
