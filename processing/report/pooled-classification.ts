import type { PooledMetrics } from '../../schemas/evaluation.ts'
import { calibrate } from './calibration.ts'
import { precisionRecallCurve, rocCurve } from './curves.ts'
import type { PredictionRecord } from './prediction-record.ts'
import { mean } from './statistics.ts'

/** Curves of more classes are a thicket. */
const MAX_CURVES = 8

/**
 * Accuracy, confusion matrix, precision, recall and F1 per class (0 where undefined, as scikit-learn has it) and one
 * curve per class against the rest; for two classes one curve, of the second.
 */
export function poolClassification(records: readonly PredictionRecord[]): PooledMetrics {
  const names = sortedClasses(records)
  const position = new Map(names.map((name, index) => [name, index]))
  const matrix = names.map(() => names.map(() => 0))
  for (const { label, prediction } of records) {
    const row = matrix[position.get(label) ?? -1]
    const column = position.get(prediction) ?? -1
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  }
  const classes = names.map((name, index) => {
    const correct = matrix[index]?.[index] ?? 0
    const support = sum(matrix[index] ?? [])
    const predicted = sum(matrix.map(row => row[index] ?? 0))
    const precision = predicted === 0 ? 0 : correct / predicted
    const recall = support === 0 ? 0 : correct / support
    const f1 = predicted + support === 0 ? 0 : (2 * correct) / (predicted + support)
    return { name, precision, recall, f1, support }
  })
  const positives = names.length === 2 ? names.slice(1) : largest(classes)
  const calibration = positives.flatMap(name => curveOf(name, records, calibrate))
  return {
    kind: 'classification',
    records: records.length,
    accuracy: records.length === 0 ? 0 : sum(names.map((_, index) => matrix[index]?.[index] ?? 0)) / records.length,
    macro_f1: mean(classes.map(({ f1 }) => f1)),
    classes,
    confusion_matrix: matrix,
    roc: positives.flatMap(name => curveOf(name, records, rocCurve)),
    precision_recall: positives.flatMap(name => curveOf(name, records, precisionRecallCurve)),
    ...(calibration.length === positives.length && calibration.length > 0 && { calibration }),
  }
}

type Draw<T> = (positive: string, scores: readonly number[], isPositive: readonly boolean[]) => T | undefined

/** A curve, when every record has a score for the class. */
function curveOf<T>(name: string, records: readonly PredictionRecord[], draw: Draw<T>): T[] {
  const scores = records.flatMap(record => record.scores.get(name) ?? [])
  if (scores.length !== records.length) return []
  const curve = draw(
    name,
    scores,
    records.map(record => record.label === name),
  )
  return curve === undefined ? [] : [curve]
}

function sortedClasses(records: readonly PredictionRecord[]): string[] {
  const names = [...new Set(records.flatMap(({ label, prediction }) => [label, prediction]))]
  const numeric = names.every(name => name.trim() !== '' && Number.isFinite(Number(name)))
  return numeric ? names.sort((a, b) => Number(a) - Number(b)) : names.sort()
}

function largest(classes: readonly { readonly name: string; readonly support: number }[]): string[] {
  const kept = classes.toSorted((a, b) => b.support - a.support).slice(0, MAX_CURVES)
  return classes.filter(entry => kept.includes(entry)).map(({ name }) => name)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
