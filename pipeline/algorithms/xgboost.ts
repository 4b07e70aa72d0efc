import { type AlgorithmTemplate, type BuiltIn, type BuiltInOptions, builtInTemplate } from './built-in.ts'
import type { HyperparametersOf, HyperparameterTable } from './hyperparameters.ts'

/**
 * Hyperparameters of XGBoost as a built-in algorithm (versions from 0.90-1 on).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html; ranges, metrics and the names that the
 * page leaves out: `algorithm_mode/` of https://github.com/aws/sagemaker-xgboost-container
 */
export const xgboostHyperparameters = {
  /** Number of boosting rounds. */
  num_round: { type: 'integer', min: 1, required: true },
  /** Number of classes; the fold report gives it in a cross-validation. */
  num_class: {
    type: 'integer',
    min: 2,
    fact: 'num_classes',
    neededFor: ['objective', ['multi:softmax', 'multi:softprob']],
  },
  /** Learning task. */
  objective: {
    type: 'oneOf',
    default: 'reg:squarederror',
    values: [
      'reg:squarederror',
      'reg:squaredlogerror',
      'reg:logistic',
      'reg:pseudohubererror',
      'reg:absoluteerror',
      'reg:quantileerror',
      'reg:gamma',
      'reg:tweedie',
      'reg:linear',
      'binary:logistic',
      'binary:logitraw',
      'binary:hinge',
      'count:poisson',
      'multi:softmax',
      'multi:softprob',
      'rank:pairwise',
      'rank:ndcg',
      'rank:map',
      'survival:aft',
      'survival:cox',
    ],
  },
  /** Metrics on the validation channel, separated by commas, such as `rmse,mae`. @default by objective */
  eval_metric: { type: 'text' },
  /** Stop when the validation metric has not improved for so many rounds. */
  early_stopping_rounds: { type: 'integer', min: 1 },
  /** Step size shrinkage. */
  eta: { type: 'float', min: 0, max: 1, default: 0.3 },
  /** Minimum loss reduction for a further partition. */
  gamma: { type: 'float', min: 0, default: 0 },
  /** Maximum depth of a tree; 0 is no limit. */
  max_depth: { type: 'integer', min: 0, default: 6 },
  /** Minimum sum of instance weight in a child. */
  min_child_weight: { type: 'float', min: 0, default: 1 },
  max_delta_step: { type: 'float', min: 0, default: 0 },
  /** Share of the records that each round samples. */
  subsample: { type: 'float', above: 0, max: 1, default: 1 },
  colsample_bytree: { type: 'float', above: 0, max: 1, default: 1 },
  colsample_bylevel: { type: 'float', above: 0, max: 1, default: 1 },
  colsample_bynode: { type: 'float', above: 0, max: 1, default: 1 },
  /** L2 regularization. */
  lambda: { type: 'float', min: 0, default: 1 },
  /** L1 regularization. */
  alpha: { type: 'float', min: 0, default: 0 },
  lambda_bias: { type: 'float', min: 0, max: 1, default: 0 },
  booster: { type: 'oneOf', values: ['gbtree', 'gblinear', 'dart'], default: 'gbtree' },
  tree_method: { type: 'oneOf', values: ['auto', 'exact', 'approx', 'hist', 'gpu_hist'], default: 'auto' },
  grow_policy: { type: 'oneOf', values: ['depthwise', 'lossguide'], default: 'depthwise' },
  process_type: { type: 'oneOf', values: ['default', 'update'], default: 'default' },
  sample_type: { type: 'oneOf', values: ['uniform', 'weighted'], default: 'uniform' },
  normalize_type: { type: 'oneOf', values: ['tree', 'forest'], default: 'tree' },
  sampling_method: { type: 'oneOf', values: ['uniform', 'gradient_based'], default: 'uniform' },
  predictor: { type: 'oneOf', values: ['auto', 'cpu_predictor', 'gpu_predictor'] },
  dsplit: { type: 'oneOf', values: ['row', 'col'] },
  updater: { type: 'text' },
  max_leaves: { type: 'integer', min: 0, default: 0 },
  max_bin: { type: 'integer', min: 0, default: 256 },
  sketch_eps: { type: 'float', above: 0, below: 1, default: 0.03 },
  num_parallel_tree: { type: 'integer', min: 1 },
  refresh_leaf: { type: 'oneOf', values: [0, 1], default: 1 },
  rate_drop: { type: 'float', min: 0, max: 1, default: 0 },
  one_drop: { type: 'oneOf', values: [0, 1], default: 0 },
  skip_drop: { type: 'float', min: 0, max: 1, default: 0 },
  /** Weight of the positive class. */
  scale_pos_weight: { type: 'float', above: 0, default: 1 },
  /** Initial prediction of every record. */
  base_score: { type: 'float', min: 0, default: 0.5 },
  tweedie_variance_power: { type: 'float', above: 1, below: 2, default: 1.5 },
  aft_loss_distribution: { type: 'oneOf', values: ['normal', 'logistic', 'extreme'] },
  aft_loss_distribution_scale: { type: 'float', min: 0 },
  /** The column after the label holds the weight of the record. */
  csv_weights: { type: 'oneOf', values: [0, 1], default: 0 },
  /** Such as `(0, 1)`. */
  monotone_constraints: { type: 'text' },
  /** Such as `[[1,2],[3,4,5]]`. */
  interaction_constraints: { type: 'text' },
  single_precision_histogram: { type: 'boolean', no: 'false', yes: 'true', default: false },
  deterministic_histogram: { type: 'boolean', no: 'false', yes: 'true', default: true },
  save_model_on_termination: { type: 'boolean', no: 'false', yes: 'true', default: false },
  use_dask_gpu_training: { type: 'boolean', no: 'false', yes: 'true', default: false },
  prob_buffer_row: { type: 'float', above: 1 },
  nthread: { type: 'integer', min: 1 },
  seed: { type: 'integer', min: -2147483647, max: 2147483646, default: 0 },
  /** 0 silent to 3 debug. */
  verbosity: { type: 'integer', min: 0, max: 3, default: 1 },
} as const satisfies HyperparameterTable

const algorithm = {
  call: 'xgboost',
  image: 'xgboost',
  hyperparameters: xgboostHyperparameters,
  formats: {
    csv: { contentType: 'text/csv' },
    libsvm: { contentType: 'text/libsvm' },
    parquet: { contentType: 'application/x-parquet' },
    'recordio-protobuf': { contentType: 'application/x-recordio-protobuf' },
  },
  validationChannel: () => 'validation',
  metrics: [
    'validation:accuracy',
    'validation:auc',
    'validation:aucpr',
    'validation:balanced_accuracy',
    'validation:f1',
    'validation:f1_binary',
    'validation:f1_macro',
    'validation:map',
    'validation:ndcg',
    'validation:precision',
    'validation:precision_macro',
    'validation:precision_micro',
    'validation:r2',
    'validation:recall',
    'validation:recall_macro',
    'validation:recall_micro',
    'validation:aft-nloglik',
    'validation:cox-nloglik',
    'validation:error',
    'validation:gamma-deviance',
    'validation:gamma-nloglik',
    'validation:interval-regression-accuracy',
    'validation:logloss',
    'validation:mae',
    'validation:mape',
    'validation:merror',
    'validation:mlogloss',
    'validation:mphe',
    'validation:mse',
    'validation:poisson-nloglik',
    'validation:rmse',
    'validation:rmsle',
    'validation:tweedie-nloglik',
  ],
  contentTypes: ['text/csv', 'text/libsvm'],
  responseTypes: ['text/csv'],
} as const satisfies BuiltIn<'xgboost', typeof xgboostHyperparameters, string>

export type XgboostHyperparameters = HyperparametersOf<typeof xgboostHyperparameters>
export type XgboostOptions = BuiltInOptions<'xgboost', typeof xgboostHyperparameters>
export type XgboostMetric = (typeof algorithm.metrics)[number]

/**
 * XGBoost, the built-in algorithm: CSV with the label first and without a header, or libsvm.
 *
 * In a cross-validation `num_class` comes from the fold report when the objective is multi-class.
 */
export const xgboost = (options: XgboostOptions): AlgorithmTemplate<XgboostMetric> =>
  builtInTemplate(algorithm, options)
