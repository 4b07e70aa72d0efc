// The splitter's shuffled folds as one id per row: node deal-rows.mjs ROWS K. Prints the peak of its memory in KiB.
import { kFoldCells } from '../../../processing/split/strategies/kfold.ts'
import { Mt19937 } from '../../../processing/split/mt19937.ts'

const [rows = 0, k = 0] = process.argv.slice(2).map(Number)
const folds = kFoldCells(rows, k, new Mt19937(23))
const sample = [0, Math.floor(rows / 3), Math.floor(rows / 2), rows - 1].map(row => folds[row])
console.log(process.resourceUsage().maxRSS, ...sample)
