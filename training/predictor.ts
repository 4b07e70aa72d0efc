import SVM from 'libsvm-js/asm.js'
import { UserError } from '../schemas/problem.ts'
import { decisionFunction } from './decision.ts'
import type { SvmModel } from './model-file.ts'
import { readCsv } from '../schemas/read-csv.ts'
import { toNumber } from './read-channel.ts'
import { isConstantKernel } from './svm-model.ts'

/** A loaded model. It holds memory that is not garbage-collected: call `free()` when done. */
export interface Predictor {
  /** The class of every row; a row has the model's features in their order. */
  predict(rows: readonly (readonly number[])[]): string[]
  /**
   * The class of every CSV record. A first record that is the model's feature names is a header.
   *
   * @throws UserError naming the line
   */
  predictCsv(text: string): string[]
  /** One score per class for a row; see {@link decisionFunction}. */
  scores(row: readonly number[]): number[]
  free(): void
}

export function createPredictor(model: SvmModel): Predictor {
  const svm = SVM.load(model.libsvm)
  const constant = isConstantKernel({ kernel: model.hyperparameters.kernel, gamma: model.gamma })
  const zeros = model.features.map(() => 0)
  const predict = (rows: readonly (readonly number[])[]) =>
    rows.map(row => model.classes[svm.predictOne(constant ? zeros : row)] ?? '')
  const decide = decisionFunction(model)
  const scores = (row: readonly number[]) => decide(constant ? zeros : row)
  return { predict, scores, predictCsv: text => predict(readRows(text, model.features)), free: () => svm.free() }
}

function readRows(text: string, features: readonly string[]): number[][] {
  const records = readCsv(text, 'request')
  const hasHeader = records[0]?.cells.map(cell => cell.trim()).join(',') === features.join(',')
  const data = hasHeader && records[0]?.cells.some(cell => toNumber(cell) === undefined) ? records.slice(1) : records
  return data.map(({ line, cells }) => {
    if (cells.length !== features.length) {
      throw new UserError(
        `request line ${line}: ${cells.length} cells, but the model has ${features.length} features (${features.join(', ')}).`,
      )
    }
    return cells.map((cell, index) => {
      const value = toNumber(cell)
      if (value !== undefined) return value
      throw new UserError(`request line ${line}, feature "${features[index]}": "${cell}" is not a finite number.`)
    })
  })
}
