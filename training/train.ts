import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { svmContainer } from '../schemas/containers.ts'
import { hyperparametersSchema, inputDataConfigSchema, optMl } from '../schemas/opt-ml.ts'
import { UserError } from '../schemas/problem.ts'
import { findClasses } from './classes.ts'
import type { Classes } from './classes.ts'
import { resolveGamma } from './gamma.ts'
import { parseHyperparameters } from './hyperparameters.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import type { SvmModel } from './model-file.ts'
import { renderPredictions } from './predictions.ts'
import { createPredictor } from './predictor.ts'
import { readChannel } from './read-channel.ts'
import type { Dataset } from './read-channel.ts'
import { fitSvm } from './svm-model.ts'

/** How well a model names the classes of one channel. */
export interface Score {
  readonly accuracy: number
  readonly correct: number
  readonly records: number
}

export interface TrainingResult {
  readonly train: Score
  /** Absent without a validation channel. */
  readonly validation?: Score
}

/** Where the trainer's lines go. */
export interface TrainingLog {
  out(line: string): void
  err(line: string): void
}

/**
 * One training job on the `/opt/ml` contract below `root`: reads the hyperparameters and the channels `train` and
 * (optional) `validation`, prints the metrics, writes `model/model.json` and `output/data/metrics.json`, and with a validation channel
 * `output/data/predictions.csv`.
 *
 * @throws UserError before anything is written
 */
export async function train(root: string, log: TrainingLog): Promise<TrainingResult> {
  const hyperparameters = parseHyperparameters(
    await readConfig(root, optMl.hyperparameters, text => hyperparametersSchema.parse(JSON.parse(text)), {}),
  )
  const channels = await readConfig(
    root,
    optMl.inputDataConfig,
    text => Object.keys(inputDataConfigSchema.parse(JSON.parse(text))),
    [svmContainer.channels.train],
  )
  const data = await readChannel(join(root, optMl.channel('train')), svmContainer.channels.train, hyperparameters)
  const validation = channels.includes(svmContainer.channels.validation)
    ? await readChannel(join(root, optMl.channel('validation')), svmContainer.channels.validation, hyperparameters)
    : undefined
  if (validation !== undefined) checkSameFeatures(data, validation)

  const { model, classes } = fit(data, hyperparameters)
  const predictor = createPredictor(model)
  try {
    const score = (part: Dataset) => scoreOf(predictor.predict(part.rows), part, classes)
    const result = { train: score(data), ...(validation === undefined ? {} : { validation: score(validation) }) }
    if (validation !== undefined) warnOfUnknownClasses(validation, classes, log)
    for (const [part, { accuracy }] of Object.entries(result)) log.out(`${part}:accuracy=${accuracy}`)
    if (validation !== undefined) {
      const predicted = predictor.predict(validation.rows)
      // One spelling per class, so that `1` and `1.0` do not become two in the pooled predictions.
      const labels = validation.labels.map(label => model.classes[classes.indexOf(label)] ?? label)
      const text = renderPredictions({ ...validation, labels }, model.classes, predicted, predictor.scores)
      await writeWhole(join(root, optMl.outputData, svmContainer.predictionsFile), text)
    }
    await writeWhole(join(root, optMl.outputData, svmContainer.metricsFile), `${JSON.stringify(result, null, 2)}\n`)
    await writeWhole(join(root, optMl.model, svmContainer.modelFile), `${JSON.stringify(model, null, 2)}\n`)
    return result
  } finally {
    predictor.free()
  }
}

/**
 * Fits a C-SVC to a data set.
 *
 * @throws UserError when there is only one class
 */
export function fit(data: Dataset, hyperparameters: Hyperparameters): { model: SvmModel; classes: Classes } {
  const classes = findClasses(data.labels)
  if (classes.names.length < 2) {
    throw new UserError(
      `Channel "train": The number of classes has to be greater than one; got 1 class ("${classes.names[0]}") in ${data.labels.length} records — check the label column or shuffle the split.`,
    )
  }
  const { C, kernel, gamma, degree, coef0, tol } = hyperparameters
  const resolved = resolveGamma(gamma, data.rows)
  const targets = data.labels.map(label => classes.indexOf(label))
  const svm = fitSvm(data.rows, targets, { C, kernel, gamma: resolved, degree, coef0, tol })
  const model: SvmModel = {
    version: 1,
    hyperparameters: { C, kernel, gamma, degree, coef0, tol },
    gamma: resolved,
    classes: [...classes.names],
    features: [...data.features],
    supportVectors: [...svm.supportVectors],
    libsvm: svm.libsvm,
  }
  return { model, classes }
}

function scoreOf(predicted: readonly string[], part: Dataset, classes: Classes): Score {
  const correct = part.labels.filter((label, index) => {
    const position = classes.indexOf(label)
    return position !== -1 && classes.names[position] === predicted[index]
  }).length
  return { accuracy: correct / part.labels.length, correct, records: part.labels.length }
}

async function readConfig<Value>(
  root: string,
  path: string,
  parse: (text: string) => Value,
  missing: Value,
): Promise<Value> {
  let text: string
  try {
    text = await readFile(join(root, path), 'utf8')
  } catch (error) {
    // SageMaker leaves hyperparameters.json out when a job has none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing
    throw error
  }
  try {
    return parse(text)
  } catch (error) {
    throw new UserError(`${path}: it is not the JSON that SageMaker gives a training job.`, { cause: error })
  }
}

function checkSameFeatures(data: Dataset, validation: Dataset): void {
  if (data.features.join(',') === validation.features.join(',')) return
  throw new UserError(
    `Channel "validation": its features are ${validation.features.join(', ')}, but training has ${data.features.join(', ')} — both channels need the same columns.`,
  )
}

function warnOfUnknownClasses(validation: Dataset, classes: Classes, log: TrainingLog): void {
  const unknown = new Set(validation.labels.filter(label => classes.indexOf(label) === -1))
  if (unknown.size === 0) return
  log.err(
    `Channel "validation": training has no record of ${[...unknown].map(label => `"${label}"`).join(', ')}, so those records count as wrong.`,
  )
}

/** Whole or not at all: written beside its place, then renamed. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.partial`
  await writeFile(temporary, text)
  await rename(temporary, path)
}
