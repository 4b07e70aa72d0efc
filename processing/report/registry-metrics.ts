import type { Evaluation } from '../../schemas/evaluation.ts'

/** The groups of SageMaker's model quality statistics. */
type Group = 'binary_classification_metrics' | 'multiclass_classification_metrics' | 'regression_metrics'

/** Where a metric stands in the registry's model quality form, such as `multiclass_classification_metrics.accuracy`. */
export interface RegistryMetric {
  readonly group: Group
  readonly metric: string
}

/** Other spellings of the names that model quality statistics use. */
const spellings: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  balanced_acc: 'balanced_accuracy',
  roc_auc: 'auc',
  auroc: 'auc',
  auc_roc: 'auc',
  f1_score: 'f1',
  mean_absolute_error: 'mae',
  mean_squared_error: 'mse',
  root_mean_squared_error: 'rmse',
  r2_score: 'r2',
  r_squared: 'r2',
}

const regressionMetrics = new Set(['mae', 'mse', 'rmse', 'r2', 'mape', 'rmsle', 'msle', 'medae', 'explained_variance'])

/**
 * Group and name for an objective such as `validation:accuracy`.
 *
 * The part of the data is not in the name (`validation:`, `val_`, `test-`). Regression is known by its metrics; else the
 * number of classes in the fold report decides, and without classes the data have no label that is one.
 */
export function registryMetric(objective: string, classes: number): RegistryMetric {
  const plain = objective
    .toLowerCase()
    .replace(/^(validation|valid|val|test|eval|train)[:_\-./\s]+/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  const metric = spellings[plain] ?? (plain === '' ? 'objective' : plain)
  if (regressionMetrics.has(metric) || classes === 0) {
    // Accuracy and the like are of a classifier even when nobody named the label column.
    const classification = ['accuracy', 'auc', 'f1', 'precision', 'recall', 'balanced_accuracy'].includes(metric)
    return { group: classification ? 'multiclass_classification_metrics' : 'regression_metrics', metric }
  }
  return { group: classes > 2 ? 'multiclass_classification_metrics' : 'binary_classification_metrics', metric }
}

/** Metrics of both; where both have one, that of `folds`, which knows a deviation. */
export function mergeGroups(pooled: Pick<Evaluation, Group>, folds: Pick<Evaluation, Group>): Pick<Evaluation, Group> {
  const names = [...new Set([...Object.keys(folds), ...Object.keys(pooled)])] as Group[]
  return Object.fromEntries(names.map(name => [name, { ...folds[name], ...pooled[name], ...folds[name] }]))
}

/** The registry's part of `evaluation.json` for several metrics, each with its mean and population deviation. */
export function registryGroups(
  metrics: readonly { readonly name: string; readonly mean: number; readonly std: number }[],
  classes: number,
): Pick<Evaluation, Group> {
  const groups: Pick<Evaluation, Group> = {}
  for (const { name, mean, std } of metrics) {
    const { group, metric } = registryMetric(name, classes)
    const entries = groups[group] ?? {}
    // The objective comes first; a later metric of the same plain name does not take its place.
    entries[metric] ??= { value: mean, standard_deviation: std }
    groups[group] = entries
  }
  return groups
}
