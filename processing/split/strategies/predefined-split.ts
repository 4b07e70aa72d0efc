import { UserError } from '../../../schemas/problem.ts'
import { cellsByGroup } from './group-kfold.ts'
import { checkFolds } from './leave-out.ts'
import { column, planOf, sortedCodes } from './strategy.ts'
import type { Strategy } from './strategy.ts'

/** `PredefinedSplit`: a column says which fold validates on a record; -1 is trained on by all. */
export const predefinedSplit: Strategy = {
  sklearn: 'PredefinedSplit',
  needs: ['testFold'],
  random: 'never',
  folds: 'one or more',
  takes: ['testFold'],
  fixes: true,
  plan(records, options) {
    const testFold = column(records, 'testFold')
    const wrong = testFold.values.find(value => !Number.isInteger(Number(value)))
    if (!testFold.numeric || wrong !== undefined)
      throw new UserError(
        `column ${JSON.stringify(options.testFold)} holds ${JSON.stringify(wrong)} — a predefined fold is a whole number, -1 for none`,
      )
    const codes = sortedCodes(testFold)
    const folds = codes.filter(code => Number(testFold.values[code]) !== -1)
    checkFolds(folds.length, folds.length, options)
    const cellOfCode = new Uint32Array(codes.length).fill(folds.length)
    folds.forEach((code, cell) => {
      cellOfCode[code] = cell
    })
    const round = {
      cells: codes.length,
      cellOf: cellsByGroup(testFold, cellOfCode, codes.length),
      folds: folds.map((_, cell) => ({ train: { allBut: [cell] }, validation: { only: [cell] } })),
    }
    return planOf([round], 1, { partitions: folds.length === codes.length })
  },
}
