import { type AlgorithmTemplate, type BuiltIn, type BuiltInOptions, builtInTemplate } from './built-in.ts'
import type { HyperparametersOf, HyperparameterTable } from './hyperparameters.ts'

/**
 * Hyperparameters of Linear Learner.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html and linear-learner-tuning.html
 */
export const linearLearnerHyperparameters = {
  /** What is predicted. */
  predictor_type: {
    type: 'oneOf',
    values: ['binary_classifier', 'multiclass_classifier', 'regressor'],
    required: true,
  },
  /** Number of classes, labelled from 0; the fold report gives it in a cross-validation. */
  num_classes: {
    type: 'integer',
    min: 3,
    max: 1000000,
    fact: 'num_classes',
    neededFor: ['predictor_type', ['multiclass_classifier']],
  },
  /** Number of features. */
  feature_dim: { type: 'integer', min: 1, words: ['auto'], default: 'auto' },
  /** Records per step. */
  mini_batch_size: { type: 'integer', min: 1, default: 1000 },
  /** Most passes over the data. */
  epochs: { type: 'integer', min: 1, default: 15 },
  loss: {
    type: 'oneOf',
    default: 'auto',
    values: [
      'auto',
      'logistic',
      'softmax_loss',
      'squared_loss',
      'absolute_loss',
      'hinge_loss',
      'eps_insensitive_squared_loss',
      'eps_insensitive_absolute_loss',
      'quantile_loss',
      'huber_loss',
    ],
  },
  optimizer: { type: 'oneOf', values: ['auto', 'sgd', 'adam', 'rmsprop'], default: 'auto' },
  learning_rate: { type: 'float', above: 0, words: ['auto'], default: 'auto' },
  /** L1 regularization. */
  l1: { type: 'float', min: 0, words: ['auto'], default: 'auto' },
  /** L2 regularization. */
  wd: { type: 'float', min: 0, words: ['auto'], default: 'auto' },
  momentum: { type: 'float', min: 0, max: 1, words: ['auto'], default: 'auto' },
  beta_1: { type: 'float', min: 0, max: 1, words: ['auto'], default: 'auto' },
  beta_2: { type: 'float', min: 0, max: 1, words: ['auto'], default: 'auto' },
  bias_lr_mult: { type: 'float', above: 0, words: ['auto'], default: 'auto' },
  bias_wd_mult: { type: 'float', min: 0, words: ['auto'], default: 'auto' },
  use_bias: { type: 'boolean', no: 'false', yes: 'true', default: true },
  init_method: { type: 'oneOf', values: ['uniform', 'normal'], default: 'uniform' },
  init_scale: { type: 'float', above: 0, default: 0.07 },
  init_sigma: { type: 'float', above: 0, default: 0.01 },
  init_bias: { type: 'float', default: 0 },
  use_lr_scheduler: { type: 'boolean', no: 'false', yes: 'true', default: true },
  lr_scheduler_step: { type: 'integer', min: 1, words: ['auto'], default: 'auto' },
  lr_scheduler_factor: { type: 'float', above: 0, below: 1, words: ['auto'], default: 'auto' },
  lr_scheduler_minimum_lr: { type: 'float', above: 0, words: ['auto'], default: 'auto' },
  normalize_data: { type: 'boolean', no: 'false', yes: 'true', words: ['auto'], default: true },
  normalize_label: { type: 'boolean', no: 'false', yes: 'true', words: ['auto'], default: 'auto' },
  unbias_data: { type: 'boolean', no: 'false', yes: 'true', words: ['auto'], default: 'auto' },
  unbias_label: { type: 'boolean', no: 'false', yes: 'true', words: ['auto'], default: 'auto' },
  num_point_for_scaler: { type: 'integer', min: 1, default: 10000 },
  num_models: { type: 'integer', min: 1, words: ['auto'], default: 'auto' },
  num_calibration_samples: { type: 'integer', min: 1, words: ['auto'], default: 'auto' },
  early_stopping_patience: { type: 'integer', min: 1, default: 3 },
  early_stopping_tolerance: { type: 'float', above: 0, default: 0.001 },
  binary_classifier_model_selection_criteria: {
    type: 'oneOf',
    default: 'accuracy',
    values: ['accuracy', 'f_beta', 'precision_at_target_recall', 'recall_at_target_precision', 'loss_function'],
  },
  target_precision: { type: 'float', above: 0, below: 1, default: 0.8 },
  target_recall: { type: 'float', above: 0, below: 1, default: 0.8 },
  positive_example_weight_mult: { type: 'float', above: 0, words: ['auto', 'balanced'], default: 1 },
  balance_multiclass_weights: { type: 'boolean', no: 'false', yes: 'true', default: false },
  accuracy_top_k: { type: 'integer', min: 1, max: 1000000, default: 3 },
  f_beta: { type: 'float', above: 0, default: 1 },
  margin: { type: 'float', min: 0, default: 1 },
  quantile: { type: 'float', above: 0, below: 1, default: 0.5 },
  loss_insensitivity: { type: 'float', above: 0, default: 0.01 },
  huber_delta: { type: 'float', min: 0, default: 1 },
} as const satisfies HyperparameterTable

const algorithm = {
  call: 'linearLearner',
  image: 'linear-learner',
  hyperparameters: linearLearnerHyperparameters,
  formats: {
    csv: { contentType: 'text/csv' },
    'recordio-protobuf': { contentType: 'application/x-recordio-protobuf' },
  },
  validationChannel: () => 'validation',
  metrics: [
    'validation:absolute_loss',
    'validation:binary_classification_accuracy',
    'validation:binary_f_beta',
    'validation:dcg',
    'validation:macro_f_beta',
    'validation:macro_precision',
    'validation:macro_recall',
    'validation:mse',
    'validation:multiclass_accuracy',
    'validation:multiclass_top_k_accuracy',
    'validation:objective_loss',
    'validation:objective_loss:final',
    'validation:precision',
    'validation:recall',
    'validation:roc_auc_score',
  ],
  contentTypes: ['text/csv', 'application/json', 'application/x-recordio-protobuf'],
  responseTypes: ['application/json', 'application/x-recordio-protobuf'],
} as const satisfies BuiltIn<'linear-learner', typeof linearLearnerHyperparameters, string>

export type LinearLearnerHyperparameters = HyperparametersOf<typeof linearLearnerHyperparameters>
export type LinearLearnerOptions = BuiltInOptions<'linear-learner', typeof linearLearnerHyperparameters>
export type LinearLearnerMetric = (typeof algorithm.metrics)[number]

/**
 * Linear Learner, the built-in algorithm: CSV with the label first and without a header.
 *
 * In a cross-validation `num_classes` comes from the fold report for the multi-class classifier.
 */
export const linearLearner = (options: LinearLearnerOptions): AlgorithmTemplate<LinearLearnerMetric> =>
  builtInTemplate(algorithm, options)
