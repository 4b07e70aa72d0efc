import { type AlgorithmTemplate, type BuiltIn, type BuiltInOptions, builtInTemplate } from './built-in.ts'
import type { HyperparametersOf, HyperparameterTable } from './hyperparameters.ts'

/**
 * Hyperparameters of Image Classification (MXNet).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/IC-Hyperparameter.html, IC-tuning.html and image-classification.html
 */
export const imageClassificationHyperparameters = {
  /** Number of classes; the fold report gives it in a cross-validation. */
  num_classes: { type: 'integer', min: 1, fact: 'num_classes' },
  /** Number of training images; the fold report gives it in a cross-validation. */
  num_training_samples: { type: 'integer', min: 1, fact: 'num_training_samples' },
  /** Number of layers of the ResNet. */
  num_layers: { type: 'oneOf', values: [18, 20, 32, 34, 44, 50, 56, 101, 110, 152, 200], default: 152 },
  /** Start from a pre-trained network. */
  use_pretrained_model: { type: 'oneOf', values: [0, 1], default: 0 },
  /** Channels, height and width, such as `3,224,224`. */
  image_shape: { type: 'text', default: '3,224,224' },
  /** Shortest side after resizing, in pixels. */
  resize: { type: 'integer', min: 1 },
  augmentation_type: { type: 'oneOf', values: ['crop', 'crop_color', 'crop_color_transform'] },
  epochs: { type: 'integer', min: 1, default: 30 },
  mini_batch_size: { type: 'integer', min: 1, default: 32 },
  learning_rate: { type: 'float', min: 0, max: 1, default: 0.1 },
  lr_scheduler_factor: { type: 'float', min: 0, max: 1, default: 0.1 },
  /** Epochs after which the rate is reduced, such as `10,20`. */
  lr_scheduler_step: { type: 'text' },
  optimizer: { type: 'oneOf', values: ['sgd', 'adam', 'rmsprop', 'nag'], default: 'sgd' },
  momentum: { type: 'float', min: 0, max: 1, default: 0.9 },
  weight_decay: { type: 'float', min: 0, max: 1, default: 0.0001 },
  beta_1: { type: 'float', min: 0, max: 1, default: 0.9 },
  beta_2: { type: 'float', min: 0, max: 1, default: 0.999 },
  eps: { type: 'float', min: 0, max: 1, default: 1e-8 },
  gamma: { type: 'float', min: 0, max: 1, default: 0.9 },
  checkpoint_frequency: { type: 'integer', min: 1 },
  early_stopping: { type: 'boolean', no: 'False', yes: 'True', default: false },
  early_stopping_min_epochs: { type: 'integer', min: 1, default: 10 },
  early_stopping_patience: { type: 'integer', min: 1, default: 5 },
  early_stopping_tolerance: { type: 'float', min: 0, max: 1, default: 0 },
  multi_label: { type: 'oneOf', values: [0, 1], default: 0 },
  use_weighted_loss: { type: 'oneOf', values: [0, 1], default: 0 },
  precision_dtype: { type: 'oneOf', values: ['float32', 'float16'], default: 'float32' },
  kv_store: { type: 'oneOf', values: ['dist_sync', 'dist_async'] },
  /** Also report whether the label is among so many best guesses. */
  top_k: { type: 'integer', min: 2 },
} as const satisfies HyperparameterTable

const algorithm = {
  call: 'imageClassification',
  image: 'image-classification',
  hyperparameters: imageClassificationHyperparameters,
  formats: {
    'augmented-manifest': {
      contentType: 'application/x-recordio',
      augmentedManifest: ['source-ref', 'class'],
      recordWrapper: 'RecordIO',
      inputMode: 'Pipe',
    },
  },
  validationChannel: () => 'validation',
  metrics: ['train:accuracy', 'train:accuracy:epoch', 'validation:accuracy', 'validation:accuracy:epoch'],
  contentTypes: ['image/png', 'image/jpeg', 'application/x-image'],
  responseTypes: ['application/json', 'application/jsonlines'],
} as const satisfies BuiltIn<'image-classification', typeof imageClassificationHyperparameters, string>

export type ImageClassificationHyperparameters = HyperparametersOf<typeof imageClassificationHyperparameters>
export type ImageClassificationOptions = BuiltInOptions<
  'image-classification',
  typeof imageClassificationHyperparameters
>
export type ImageClassificationMetric = (typeof algorithm.metrics)[number]

/**
 * Image Classification, the built-in algorithm: images that an augmented manifest names by `source-ref` and `class`.
 *
 * In a cross-validation `num_classes` and `num_training_samples` come from the fold report.
 */
export const imageClassification = (
  options: ImageClassificationOptions,
): AlgorithmTemplate<ImageClassificationMetric> => builtInTemplate(algorithm, options)
