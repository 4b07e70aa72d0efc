import { UserError } from '../../../schemas/problem.ts'
import { compactArray } from '../shuffle.ts'
import { planOf } from './strategy.ts'
import type { PlannedFold, Strategy } from './strategy.ts'

/**
 * `TimeSeriesSplit`: validation on successive blocks at the end, training on what lies before. The records must be in the
 * order of time. Cells are the pieces between all borders of all folds.
 */
export const timeSeriesSplit: Strategy = {
  sklearn: 'TimeSeriesSplit',
  needs: [],
  random: 'never',
  takes: ['testSize', 'gap', 'maxTrainSize'],
  plan({ count }, { k, gap = 0, maxTrainSize, testSize = Math.floor(count / (k + 1)) }) {
    if (!Number.isInteger(testSize))
      throw new UserError(`test_size=${testSize} is no number of records — time-series-split takes a whole number`)
    if (k + 1 > count)
      throw new UserError(`Cannot have number of folds=${k + 1} greater than the number of samples=${count}.`)
    if (count - gap - testSize * k <= 0)
      throw new UserError(
        `Too many splits=${k} for number of samples=${count} with test_size=${testSize} and gap=${gap}.`,
      )
    const spans = Array.from({ length: k }, (_, fold) => {
      const testStart = count - (k - fold) * testSize
      const trainEnd = testStart - gap
      const trainStart = maxTrainSize !== undefined && maxTrainSize < trainEnd ? trainEnd - maxTrainSize : 0
      return { trainStart, trainEnd, testStart, testEnd: testStart + testSize }
    })
    const borders = [...new Set([0, count, ...spans.flatMap(span => Object.values(span))])].sort((a, b) => a - b)
    const cells = borders.length - 1
    const cellOf = compactArray(count, cells)
    for (let cell = 0; cell < cells; cell++) cellOf.fill(cell, borders[cell], borders[cell + 1])
    const between = (start: number, end: number) => ({
      only: Array.from({ length: cells }, (_, cell) => cell).filter(
        cell => (borders[cell] as number) >= start && (borders[cell + 1] as number) <= end,
      ),
    })
    const folds = spans.map(
      (span): PlannedFold => ({
        train: between(span.trainStart, span.trainEnd),
        validation: between(span.testStart, span.testEnd),
      }),
    )
    return planOf([{ cells, cellOf, folds }], 1, { keepsTime: true })
  },
}
