import { describe, expect, it } from 'vitest'
import {
  augmentedManifest,
  type AlgorithmTemplate,
  blazingText,
  crossValidation,
  csv,
  imageClassification,
  jsonLines,
  integer,
  kFold,
  knn,
  linearLearner,
  maximize,
  minimize,
  pipeline,
  type Training,
  trainingStep,
  xgboost,
} from 'foldwise'
import type { Data } from '../../../pipeline/constructs/data.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'

const region = 'eu-west-1'
const role = 'arn:aws:iam::111122223333:role/Role'
const output = 's3://bucket/models'
const place = { role, output, channels: { train: 's3://bucket/train/' } }

/** The definition of a pipeline with one cross-validation. */
const crossValidated = (training: Training, data: Data, objective = minimize('validation:rmse'), layout?: 'manifest') =>
  pipeline('P', {}, () =>
    crossValidation({
      ...(layout && { layout }),
      data,
      folds: kFold({ k: 2 }),
      training,
      objective,
      baseline: 1,
      role,
      output: 's3://bucket/runs',
      images: { processing: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/foldwise-processing:0.1.0' },
    }),
  ).document

type Arguments = Readonly<Record<string, unknown>>
const argumentsOf = (document: ReturnType<typeof crossValidated>, name: string) =>
  document.Steps.find(step => step.Name === name)?.Arguments as Arguments

const data = csv('s3://bucket/data.csv', { label: 0 })
const fact = (fold: number, name: string) => ({
  'Std:JsonGet': {
    PropertyFile: { Get: 'Steps.SplitFolds.PropertyFiles.FoldReport' },
    Path: `folds[${fold}].hyperparameters.${name}`,
  },
})

const templates = {
  xgboost: () => xgboost({ region, version: '1.7-1', hyperparameters: { num_round: 10, eta: 0.3 } }),
  linearLearner: () =>
    linearLearner({ region, hyperparameters: { predictor_type: 'regressor', l1: 'auto', use_bias: false } }),
  knn: () => knn({ region, hyperparameters: { k: 5, feature_dim: 4, predictor_type: 'classifier', sample_size: 100 } }),
  imageClassification: () =>
    imageClassification({
      region,
      instance: 'ml.g5.xlarge',
      hyperparameters: { num_classes: 3, num_training_samples: 90, early_stopping: true },
    }),
  blazingText: () => blazingText({ region, hyperparameters: { mode: 'supervised', subwords: false } }),
}

describe.each(Object.entries<() => AlgorithmTemplate>(templates))('%s', (name, make) => {
  const { document } = pipeline('P', {}, () => trainingStep('Train', make().stepOptions(place)))

  it('gives its golden step', async () => {
    await expect(`${JSON.stringify(document.Steps[0], null, 2)}\n`).toMatchFileSnapshot(
      `../../golden/algorithms/${name}.json`,
    )
  })

  it('gives a definition in which the judge finds nothing', () => {
    expect(validateDefinition(document)).toEqual([])
  })

  it('declares no metrics, which the service refuses beside the image of a built-in algorithm', () => {
    expect(JSON.stringify(document)).not.toContain('MetricDefinitions')
  })
})

describe('in a cross-validation', () => {
  it('XGBoost is told its channels, and the judge finds nothing', () => {
    const document = crossValidated(templates.xgboost(), data)
    expect(argumentsOf(document, 'TrainFold-1')).toMatchObject({
      AlgorithmSpecification: {
        TrainingImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1',
      },
      HyperParameters: { num_round: '10', eta: '0.3' },
      InputDataConfig: [
        { ChannelName: 'train', ContentType: 'text/csv' },
        { ChannelName: 'validation', ContentType: 'text/csv' },
      ],
    })
    expect(validateDefinition(document)).toEqual([])
  })

  it('the number of classes comes from the fold report, unless it is given or nothing needs it', () => {
    const classes = (hyperparameters: Parameters<typeof xgboost>[0]['hyperparameters']) =>
      (
        argumentsOf(
          crossValidated(xgboost({ region, version: '1.7-1', hyperparameters }), data, maximize('validation:accuracy')),
          'TrainFold-1',
        )['HyperParameters'] as Arguments
      )['num_class']
    expect(classes({ num_round: 1, objective: 'multi:softmax' })).toEqual(fact(1, 'num_classes'))
    expect(classes({ num_round: 1, objective: 'multi:softmax', num_class: 3 })).toBe('3')
    expect(classes({ num_round: 1, objective: 'binary:logistic' })).toBeUndefined()
  })

  it('k-nearest neighbors judges itself on the channel test and samples the whole fold', () => {
    const training = knn({ region, hyperparameters: { k: 5, feature_dim: 4, predictor_type: 'classifier' } })
    const document = crossValidated(training, data, maximize('test:accuracy'))
    const step = argumentsOf(document, 'TrainFold-0')
    expect(step['InputDataConfig']).toMatchObject([{ ChannelName: 'train' }, { ChannelName: 'test' }])
    expect(step['HyperParameters']).toMatchObject({ sample_size: fact(0, 'num_training_samples') })
    expect(validateDefinition(document)).toEqual([])
  })

  it('every training keeps checkpoints of its own, of this execution only', () => {
    const training = xgboost({
      region,
      version: '1.7-1',
      hyperparameters: { num_round: 1 },
      checkpoints: 's3://b/checkpoints/',
    })
    const text = JSON.stringify(crossValidated(training, data))
    const uris = [...text.matchAll(/"CheckpointConfig":\{"S3Uri":(\{.*?\]\}\})/g)].map(match => match[1])
    expect(uris).toHaveLength(3)
    expect(new Set(uris).size).toBe(3)
    for (const uri of uris) expect(uri).toContain('Execution.PipelineExecutionId')
  })

  it('a value may be a parameter of the pipeline', () => {
    const { document } = pipeline('P', { parameters: { Rounds: integer(5) } }, p =>
      trainingStep(
        'Train',
        xgboost({ region, version: '1.7-1', hyperparameters: { num_round: p.Rounds } }).stepOptions(place),
      ),
    )
    expect(document.Steps[0]?.Arguments).toMatchObject({
      HyperParameters: { num_round: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Rounds' }] } } },
    })
    expect(validateDefinition(document)).toEqual([])
  })

  it('data that the algorithm would misread is refused', () => {
    const wrong = (training: Training, wrongData: Data) => messageOf(() => crossValidated(training, wrongData))
    const softmax = xgboost({
      region,
      version: '1.7-1',
      hyperparameters: { num_round: 1, objective: 'multi:softmax' },
    })
    expect(wrong(templates.xgboost(), csv('s3://b/x', { header: true, label: 'species' }))).toMatchInlineSnapshot(
      `"xgboost: data — the CSV files have a header, which the algorithm would read as a record; write them without one and leave header out."`,
    )
    expect(wrong(templates.linearLearner(), csv('s3://b/x', { label: 4 }))).toMatchInlineSnapshot(
      `"linearLearner: data — the label is column 4, and the algorithm takes the first column as label; put the label first and give label: 0."`,
    )
    expect(wrong(templates.knn(), jsonLines('s3://b/x'))).toMatchInlineSnapshot(
      `"knn: data — its format is jsonl, and the algorithm reads csv, recordio-protobuf; convert the data."`,
    )
    expect(wrong(softmax, csv('s3://b/x'))).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.num_class — the fold report counts the classes only when the data names its label; give the label of the data, or the number."`,
    )
  })

  it('an objective that the algorithm does not report is refused', () => {
    expect(messageOf(() => crossValidated(templates.xgboost(), data, minimize('validation:rsme')))).toMatch(
      /has no metric "validation:rsme".*Did you mean "validation:rmse"\?/,
    )
  })

  it('images come from augmented manifests, which an S3 manifest cannot list', () => {
    const images = augmentedManifest('s3://b/x', { attributes: ['source-ref', 'breed'], label: 'breed' })
    const training = imageClassification({ region, hyperparameters: {} })
    const document = crossValidated(training, images, maximize('validation:accuracy'))
    expect(argumentsOf(document, 'TrainFold-0')).toMatchObject({
      HyperParameters: {
        num_classes: fact(0, 'num_classes'),
        num_training_samples: fact(0, 'num_training_samples'),
      },
      InputDataConfig: [
        {
          DataSource: {
            S3DataSource: { S3DataType: 'AugmentedManifestFile', AttributeNames: ['source-ref', 'breed'] },
          },
          InputMode: 'Pipe',
        },
        { ChannelName: 'validation', RecordWrapperType: 'RecordIO' },
      ],
    })
    expect(
      messageOf(() => crossValidated(training, images, maximize('validation:accuracy'), 'manifest')),
    ).toMatchInlineSnapshot(
      `"crossValidation: layout — a manifest lists several files, and the training reads one file of format augmented-manifest per channel; leave out layout: "manifest"."`,
    )
  })
})

describe('hyperparameters', () => {
  const xgb = (hyperparameters: object) =>
    messageOf(() => xgboost({ region, version: '1.7-1', hyperparameters: { num_round: 1, ...hyperparameters } }))

  it('are refused by name, type and range, with what would be right', () => {
    expect(xgb({ max_dept: 3 })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters — the algorithm has no "max_dept". Did you mean "max_depth"?"`,
    )
    expect(xgb({ eta: 1.5 })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.eta — 1.5 is no value for it; give a number, at least 0 and at most 1."`,
    )
    expect(xgb({ subsample: 0 })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.subsample — 0 is no value for it; give a number, above 0 and at most 1."`,
    )
    expect(xgb({ max_depth: 2.5 })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.max_depth — 2.5 is no value for it; give a whole number, at least 0."`,
    )
    expect(xgb({ booster: 'tree' })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.booster — "tree" is no value for it; give one of gbtree, gblinear, dart."`,
    )
    expect(xgb({ eta: '0.3' })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.eta — "0.3" is no value for it; give a number, at least 0 and at most 1."`,
    )
    expect(xgb({ eta: Number.NaN })).toContain('NaN is no value')
    expect(xgb({ num_round: undefined })).toMatchInlineSnapshot(
      `"xgboost: hyperparameters.num_round — the algorithm needs it and it is missing; give it."`,
    )
    expect(xgb({ constructor: 1 })).toContain('has no "constructor"')
  })

  it('are asked for outside a cross-validation, where no fold report gives them', () => {
    const training = imageClassification({ region, hyperparameters: {} })
    expect(messageOf(() => training.stepOptions(place))).toMatchInlineSnapshot(
      `"imageClassification: hyperparameters.num_classes — the algorithm needs it and it is missing; give it."`,
    )
  })
})
