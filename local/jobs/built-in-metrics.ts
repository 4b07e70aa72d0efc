import { repositoryOf } from '../runtimes/image-name.ts'

interface MetricDefinition {
  readonly Name: string
  readonly Regex: string
}

const value = '([-+0-9.eEinfa]+)'

/** `[3]#011train-rmse:0.5#011validation-rmse:0.6`. */
const ofRounds = (parts: readonly string[], names: readonly string[]): MetricDefinition[] =>
  parts.flatMap(part => names.map(name => ({ Name: `${part}:${name}`, Regex: `(?<![a-z])${part}-${name}:${value}` })))

/** `#quality_metric: host=algo-1, test accuracy <score>=0.97`. */
const ofQuality = (parts: readonly string[], names: readonly string[]): MetricDefinition[] =>
  parts.flatMap(part =>
    names.map(name => ({
      Name: `${part}:${name}`,
      Regex: `#quality_metric: host=\\S+, ${part} ${name.replaceAll('.', '\\.')} <\\w+>=${value}`,
    })),
  )

const parts = ['train', 'validation']

/** Metrics that built-in algorithms report without MetricDefinitions. Source: Developer Guide, "Tune a … Model" of each. */
const algorithms: readonly (readonly [RegExp, readonly MetricDefinition[]])[] = [
  [
    /^(sagemaker-)?xgboost/,
    ofRounds(parts, [
      'accuracy',
      'auc',
      'aucpr',
      'balanced_accuracy',
      'error',
      'f1',
      'f1_binary',
      'f1_macro',
      'logloss',
      'mae',
      'map',
      'mape',
      'merror',
      'mlogloss',
      'mse',
      'ndcg',
      'precision',
      'precision_macro',
      'precision_micro',
      'r2',
      'recall',
      'recall_macro',
      'recall_micro',
      'rmse',
      'rmsle',
      'aft-nloglik',
      'cox-nloglik',
      'gamma-deviance',
      'gamma-nloglik',
      'interval-regression-accuracy',
      'mphe',
      'poisson-nloglik',
      'tweedie-nloglik',
    ]),
  ],
  [
    /^linear-learner/,
    ofQuality(
      [...parts, 'test'],
      [
        'objective_loss',
        'binary_classification_accuracy',
        'binary_f_beta',
        'precision',
        'recall',
        'roc_auc_score',
        'multiclass_accuracy',
        'macro_f_beta',
        'macro_precision',
        'macro_recall',
        'objective_loss:final',
        'mse',
        'rmse',
        'mae',
        'absolute_loss',
      ],
    ),
  ],
  [/^knn/, ofQuality(['test'], ['accuracy', 'mse'])],
]

/** The metrics of a built-in algorithm's image; none for other images. */
export function builtInMetrics(image: string): readonly MetricDefinition[] {
  const name = repositoryOf(image).split('/').at(-1) ?? ''
  return algorithms.find(([repository]) => repository.test(name))?.[1] ?? []
}
