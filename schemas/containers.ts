/**
 * What the definition and the containers agree on: where Foldwise's programs lie in their images, and which folders
 * below `/opt/ml/processing` they read and write. The emitted definition names exactly these paths.
 */
export const CONTAINER_ROOT = '/opt/foldwise'

const processingRoot = '/opt/ml/processing'

export const splitContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/split.mjs`],
  inputs: { data: `${processingRoot}/input/data` },
  outputs: {
    train: `${processingRoot}/output/train`,
    validation: `${processingRoot}/output/validation`,
    all: `${processingRoot}/output/all`,
    /** Filled only when records are held out. */
    test: `${processingRoot}/output/test`,
    report: `${processingRoot}/output/report`,
  },
  /** Relative to the output `report`. */
  reportFile: 'folds.json',
  /** Layout `manifest`: relative to `train/<i>/` and to `all/`. */
  manifestFile: 'manifest.json',
} as const

export const aggregateContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/aggregate.mjs`],
  inputs: {
    report: `${processingRoot}/input/report`,
    /** Needed by source `file` and by predictions. */
    models: `${processingRoot}/input/models`,
    /** Optional: the folder of the champion's evaluation.json, to compare with on the same folds. */
    champion: `${processingRoot}/input/champion`,
  },
  outputs: { evaluation: `${processingRoot}/output/evaluation` },
  /** Relative to the output `evaluation`. */
  evaluationFile: 'evaluation.json',
  reportFile: 'report.html',
  /** The folds' out-of-fold predictions in one file, when they were asked for. */
  predictionsFile: 'predictions.csv',
} as const

/** Chooses among candidates by what they reached on some folds. */
export const chooseContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/choose.mjs`],
  inputs: { report: `${processingRoot}/input/report` },
  outputs: { choice: `${processingRoot}/output/choice` },
  /** Relative to the output `choice`. */
  choiceFile: 'choice.json',
} as const

/** Runs a function of the user, whose bundle is an input, and keeps what it returns. */
export const functionContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/function.mjs`],
  inputs: { code: `${processingRoot}/input/code` },
  outputs: { result: `${processingRoot}/output/result` },
  /** Relative to the input `code`: a module whose default export is the function. */
  programFile: 'function.mjs',
  /** Relative to the output `result`: `{"result": <what the function returned>}`. */
  resultFile: 'result.json',
} as const

/** Puts inference code beside a model: `model.tar.gz` and a source archive in, one `model.tar.gz` out. */
export const repackContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/repack.mjs`],
  inputs: { model: `${processingRoot}/input/model`, code: `${processingRoot}/input/code` },
  outputs: { model: `${processingRoot}/output/model` },
  /** Relative to the output `model`. */
  modelFile: 'model.tar.gz',
  /** Relative to the input `code`. */
  codeFile: 'sourcedir.tar.gz',
} as const

/** The Node C-SVC trainer: image entrypoint `node /opt/foldwise/train.mjs`, argument `train` as SageMaker passes it. */
export const svmContainer = {
  entrypoint: ['node', `${CONTAINER_ROOT}/train.mjs`],
  channels: { train: 'train', validation: 'validation' },
  /** Metric name to the regular expression that finds it on stdout. */
  metrics: {
    'train:accuracy': 'train:accuracy=([0-9.eE+-]+)',
    'validation:accuracy': 'validation:accuracy=([0-9.eE+-]+)',
  },
  /** Files in `/opt/ml/model`, so in model.tar.gz. */
  modelFile: 'model.json',
  /** In `/opt/ml/output/data`, so in output.tar.gz: `{"train": {"accuracy"}, "validation": {"accuracy"}}`. */
  metricsFile: 'metrics.json',
  /** Beside it, with a validation channel: `key,label,prediction,score:<class>,…`, one line per validation record. */
  predictionsFile: 'predictions.csv',
} as const

/**
 * The address that the trainer's `serve` listens on; the local engine sets it to loopback. @default every address, as a
 * container needs
 */
export const BIND_HOST_VARIABLE = 'FOLDWISE_BIND_TO_HOST'

/**
 * Where the hosts of a processing job listen, for machines on which their names are not known:
 * `algo-1=127.0.0.1:4711,algo-2=127.0.0.1`. The local engine sets it. @default their names, as SageMaker resolves them
 */
export const HOST_ADDRESSES_VARIABLE = 'FOLDWISE_HOST_ADDRESSES'
