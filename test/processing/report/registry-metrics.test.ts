import { describe, expect, it } from 'vitest'
import { registryGroups, registryMetric } from '../../../processing/report/registry-metrics.ts'

describe('registryMetric', () => {
  it.each([
    ['validation:accuracy', 3, 'multiclass_classification_metrics', 'accuracy'],
    ['validation:accuracy', 2, 'binary_classification_metrics', 'accuracy'],
    ['accuracy', 0, 'multiclass_classification_metrics', 'accuracy'],
    ['validation:auc', 2, 'binary_classification_metrics', 'auc'],
    ['val_roc_auc', 2, 'binary_classification_metrics', 'auc'],
    ['validation-rmse', 0, 'regression_metrics', 'rmse'],
    ['validation:rmse', 40, 'regression_metrics', 'rmse'],
    ['test:R2', 0, 'regression_metrics', 'r2'],
    ['mean_squared_error', 0, 'regression_metrics', 'mse'],
    ['validation:merror', 7, 'multiclass_classification_metrics', 'merror'],
    ['validation:my metric %', 2, 'binary_classification_metrics', 'my_metric'],
    ['валид', 0, 'regression_metrics', 'objective'],
  ])('%s with %d classes is %s.%s', (objective, classes, group, metric) => {
    expect(registryMetric(objective, classes)).toEqual({ group, metric })
  })

  it('keeps the first of two metrics with the same plain name', () => {
    const metrics = [
      { name: 'validation:accuracy', mean: 0.9, std: 0.1 },
      { name: 'train:accuracy', mean: 1, std: 0 },
      { name: 'validation:f1', mean: 0.8, std: 0.2 },
    ]
    expect(registryGroups(metrics, 3)).toEqual({
      multiclass_classification_metrics: {
        accuracy: { value: 0.9, standard_deviation: 0.1 },
        f1: { value: 0.8, standard_deviation: 0.2 },
      },
    })
  })
})
