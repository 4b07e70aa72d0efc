import { type AlgorithmTemplate, type BuiltIn, type BuiltInOptions, builtInTemplate } from './built-in.ts'
import type { HyperparametersOf, HyperparameterTable } from './hyperparameters.ts'

/**
 * Hyperparameters of BlazingText.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/blazingtext_hyperparameters.html, blazingtext-tuning.html and blazingtext.html
 */
export const blazingTextHyperparameters = {
  /** Word vectors (three kinds), or text classification (`supervised`). */
  mode: { type: 'oneOf', values: ['batch_skipgram', 'skipgram', 'cbow', 'supervised'], required: true },
  epochs: { type: 'integer', min: 1, default: 5 },
  learning_rate: { type: 'float', above: 0, default: 0.05 },
  /** Dimension of the vectors. */
  vector_dim: { type: 'integer', min: 1, default: 100 },
  /** Words that are rarer are left out. */
  min_count: { type: 'integer', min: 0, default: 5 },
  buckets: { type: 'integer', min: 1, default: 2000000 },
  word_ngrams: { type: 'integer', min: 1, default: 2 },
  early_stopping: { type: 'boolean', no: 'False', yes: 'True', default: false },
  min_epochs: { type: 'integer', min: 1, default: 5 },
  patience: { type: 'integer', min: 1, default: 4 },
  batch_size: { type: 'integer', min: 1, default: 11 },
  window_size: { type: 'integer', min: 1, default: 5 },
  negative_samples: { type: 'integer', min: 1, default: 5 },
  sampling_threshold: { type: 'float', above: 0, below: 1, default: 0.0001 },
  subwords: { type: 'boolean', no: 'False', yes: 'True', default: false },
  min_char: { type: 'integer', min: 1, default: 3 },
  max_char: { type: 'integer', min: 1, default: 6 },
  evaluation: { type: 'boolean', no: 'False', yes: 'True', default: true },
} as const satisfies HyperparameterTable

const algorithm = {
  call: 'blazingText',
  image: 'blazingtext',
  hyperparameters: blazingTextHyperparameters,
  formats: {
    text: { contentType: 'text/plain' },
    'augmented-manifest': {
      augmentedManifest: ['source', 'label'],
      recordWrapper: 'RecordIO',
      inputMode: 'Pipe',
    },
  },
  // Several text files have to be put together to one before it reads them, see blazingtext.html above.
  singleFile: ['text'],
  validationChannel: values => (values['mode'] === 'supervised' ? 'validation' : undefined),
  metrics: ['train:accuracy', 'validation:accuracy', 'train:mean_rho'],
  contentTypes: ['application/json', 'application/jsonlines'],
  responseTypes: ['application/json', 'application/jsonlines'],
} as const satisfies BuiltIn<'blazingtext', typeof blazingTextHyperparameters, string>

export type BlazingTextHyperparameters = HyperparametersOf<typeof blazingTextHyperparameters>
export type BlazingTextOptions = BuiltInOptions<'blazingtext', typeof blazingTextHyperparameters>
export type BlazingTextMetric = (typeof algorithm.metrics)[number]

/**
 * BlazingText, the built-in algorithm: one sentence a line, labels as `__label__x` words, or an augmented manifest with
 * `source` and `label`.
 *
 * Only the mode `supervised` has a validation channel.
 */
export const blazingText = (options: BlazingTextOptions): AlgorithmTemplate<BlazingTextMetric> =>
  builtInTemplate(algorithm, options)
