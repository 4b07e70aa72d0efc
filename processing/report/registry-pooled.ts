import type { Evaluation, PooledMetrics, RegistryGroup } from '../../schemas/evaluation.ts'

type Classification = Extract<PooledMetrics, { kind: 'classification' }>
type Classes = Classification['classes']

/**
 * What SageMaker's model quality statistics say beside the folds' metrics, from all out-of-fold predictions: the confusion
 * matrix, rates, F scores and curves. They are of one set of predictions, so their deviation is "NaN", as AWS writes it.
 *
 * Source: Developer Guide, "Model quality metrics".
 */
export function pooledGroups(pooled: PooledMetrics): Pick<Evaluation, GroupName> {
  if (pooled.kind === 'regression') {
    const { mae, mse, rmse, r2 } = pooled
    return { regression_metrics: { ...single({ mae, mse, rmse }), ...(r2 !== null && single({ r2 })) } }
  }
  const shared: RegistryGroup = { confusion_matrix: confusion(pooled), ...single({ accuracy: pooled.accuracy }) }
  return pooled.classes.length === 2
    ? { binary_classification_metrics: { ...shared, ...binary(pooled) } }
    : { multiclass_classification_metrics: { ...shared, ...single(weighted(pooled.classes)) } }
}

type GroupName = 'binary_classification_metrics' | 'multiclass_classification_metrics' | 'regression_metrics'

const single = (values: Readonly<Record<string, number>>): RegistryGroup =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, standard_deviation: 'NaN' as const }]),
  )

/** Rows are the true classes. */
function confusion({ classes, confusion_matrix: matrix }: Classification): Record<string, Record<string, number>> {
  return Object.fromEntries(
    classes.map(({ name }, row) => [
      name,
      Object.fromEntries(classes.map((other, column) => [other.name, matrix[row]?.[column] ?? 0])),
    ]),
  )
}

/** The second class is the positive one. */
function binary({ classes, roc, precision_recall: curves }: Classification): RegistryGroup {
  const [negative, positive] = classes
  if (negative === undefined || positive === undefined) return {}
  const [rates, precisions] = [roc[0], curves[0]]
  return {
    ...single({
      recall: positive.recall,
      precision: positive.precision,
      true_positive_rate: positive.recall,
      true_negative_rate: negative.recall,
      false_positive_rate: 1 - negative.recall,
      false_negative_rate: 1 - positive.recall,
      f0_5: fScore(positive, 0.5),
      f1: fScore(positive, 1),
      f2: fScore(positive, 2),
      ...(rates !== undefined && { auc: rates.area }),
    }),
    ...(rates !== undefined && {
      receiver_operating_characteristic_curve: {
        false_positive_rates: rates.points.map(([x]) => x),
        true_positive_rates: rates.points.map(([, y]) => y),
      },
    }),
    ...(precisions !== undefined && {
      precision_recall_curve: {
        precisions: precisions.points.map(([, y]) => y),
        recalls: precisions.points.map(([x]) => x),
      },
    }),
  }
}

/** Means over the classes, weighted by their records. */
function weighted(classes: Classes): Record<string, number> {
  const records = classes.reduce((sum, { support }) => sum + support, 0)
  const over = (of: (each: Classes[number]) => number) =>
    records === 0 ? 0 : classes.reduce((sum, each) => sum + of(each) * each.support, 0) / records
  return {
    weighted_recall: over(({ recall }) => recall),
    weighted_precision: over(({ precision }) => precision),
    weighted_f0_5: over(each => fScore(each, 0.5)),
    weighted_f1: over(each => fScore(each, 1)),
    weighted_f2: over(each => fScore(each, 2)),
  }
}

/** 0 where undefined, as scikit-learn has it. */
function fScore({ precision, recall }: Pick<Classes[number], 'precision' | 'recall'>, beta: number): number {
  const square = beta * beta
  const divisor = square * precision + recall
  return divisor === 0 ? 0 : ((1 + square) * precision * recall) / divisor
}
