import { type AlgorithmTemplate, type BuiltIn, type BuiltInOptions, builtInTemplate } from './built-in.ts'
import type { HyperparametersOf, HyperparameterTable } from './hyperparameters.ts'

/**
 * Hyperparameters of k-nearest neighbors.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/kNN_hyperparameters.html, kNN-tuning.html and kNN-in-formats.html
 */
export const knnHyperparameters = {
  /** Number of neighbors. */
  k: { type: 'integer', min: 1, required: true },
  /** Number of features. */
  feature_dim: { type: 'integer', min: 1, required: true },
  predictor_type: { type: 'oneOf', values: ['classifier', 'regressor'], required: true },
  /** Records drawn from the training data; all of a fold in a cross-validation. */
  sample_size: { type: 'integer', min: 1, fact: 'num_training_samples' },
  mini_batch_size: { type: 'integer', min: 1, default: 5000 },
  dimension_reduction_type: { type: 'oneOf', values: ['sign', 'fjlt'] },
  dimension_reduction_target: { type: 'integer', min: 1 },
  index_type: { type: 'oneOf', values: ['faiss.Flat', 'faiss.IVFFlat', 'faiss.IVFPQ'], default: 'faiss.Flat' },
  index_metric: { type: 'oneOf', values: ['L2', 'INNER_PRODUCT', 'COSINE'], default: 'L2' },
  faiss_index_ivf_nlists: { type: 'integer', min: 1, words: ['auto'], default: 'auto' },
  faiss_index_pq_m: { type: 'oneOf', values: [1, 2, 3, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96] },
} as const satisfies HyperparameterTable

const algorithm = {
  call: 'knn',
  image: 'knn',
  hyperparameters: knnHyperparameters,
  formats: {
    csv: { contentType: 'text/csv; label_size=1' },
    'recordio-protobuf': { contentType: 'application/x-recordio-protobuf' },
  },
  validationChannel: () => 'test',
  metrics: ['test:accuracy', 'test:mse'],
  contentTypes: ['text/csv', 'application/json', 'application/x-recordio-protobuf'],
  responseTypes: ['application/json', 'application/jsonlines', 'application/x-recordio-protobuf'],
} as const satisfies BuiltIn<'knn', typeof knnHyperparameters, string>

export type KnnHyperparameters = HyperparametersOf<typeof knnHyperparameters>
export type KnnOptions = BuiltInOptions<'knn', typeof knnHyperparameters>
export type KnnMetric = (typeof algorithm.metrics)[number]

/**
 * k-nearest neighbors, the built-in algorithm: CSV with the label first and without a header.
 *
 * It judges itself on the channel `test`. In a cross-validation `sample_size` is the number of training records when it is
 * not given.
 */
export const knn = (options: KnnOptions): AlgorithmTemplate<KnnMetric> => builtInTemplate(algorithm, options)
