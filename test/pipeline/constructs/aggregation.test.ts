import { describe, expect, it } from 'vitest'
import {
  crossValidation,
  type CrossValidationOptions,
  csv,
  kFold,
  maximize,
  minimize,
  nodeSvm,
  pipeline,
  repeatedKFold,
  string,
} from 'foldwise'
import { parseAggregateOptions } from '../../../processing/report/parse-options.ts'
import { messageOf } from '../dsl/message-of.ts'

const made = (options: Partial<CrossValidationOptions> = {}) =>
  crossValidation({
    data: csv('s3://b/x.csv', { header: true, label: 'y' }),
    folds: kFold({ k: 3 }),
    training: nodeSvm(),
    objective: maximize('validation:accuracy'),
    baseline: 0.9,
    role: 'arn:aws:iam::111122223333:role/Role',
    output: 's3://bucket/cv',
    images: { processing: 'processing', training: 'training' },
    ...options,
  })

interface Request {
  readonly AppSpecification: { readonly ContainerArguments: string[] }
  readonly Environment: Readonly<
    Record<string, { readonly 'Std:Join': { readonly Values: readonly { Get: string }[] } }>
  >
  readonly ProcessingInputs: readonly { readonly InputName: string; readonly S3Input: { readonly S3Uri: unknown } }[]
}
const requestOf = (options: Partial<CrossValidationOptions>) =>
  made(options).aggregate.definition.Arguments as unknown as Request

describe('the aggregation of a cross-validation', () => {
  it('summarises further metrics of the training, each in variables of its own', () => {
    const { AppSpecification, Environment } = requestOf({
      folds: repeatedKFold({ k: 4, repeats: 3 }),
      metrics: ['train:accuracy', 'validation:accuracy'],
    })
    expect(parseAggregateOptions(AppSpecification.ContainerArguments)).toEqual({
      k: 12,
      objective: 'validation:accuracy',
      direction: 'maximize',
      source: 'metric',
      metrics: 'train:accuracy,validation:accuracy',
    })
    expect(
      Object.entries(Environment).map(([name, { 'Std:Join': joined }]) => [
        name,
        joined.Values.length,
        joined.Values[0]?.Get.split('FinalMetricDataList')[1],
      ]),
    ).toEqual([
      ['FOLD_OBJECTIVES_0', 10, "['validation:accuracy'].Value"],
      ['FOLD_OBJECTIVES_1', 2, "['validation:accuracy'].Value"],
      ['FOLD_METRIC_0_0', 10, "['train:accuracy'].Value"],
      ['FOLD_METRIC_0_1', 2, "['train:accuracy'].Value"],
      ['FOLD_METRIC_1_0', 10, "['validation:accuracy'].Value"],
      ['FOLD_METRIC_1_1', 2, "['validation:accuracy'].Value"],
    ])
  })

  it('finds further metrics of a file in the same file', () => {
    const { AppSpecification, Environment } = requestOf({
      objective: minimize({ file: 'metrics.json', path: 'validation.loss' }),
      metrics: ['train.loss'],
    })
    expect(parseAggregateOptions(AppSpecification.ContainerArguments)).toMatchObject({
      source: 'file',
      path: 'validation.loss',
      metrics: 'train.loss',
    })
    expect(Object.keys(Environment)).toEqual(['FOLD_TRAINING_JOBS_0'])
  })

  it('pools predictions from the models’ outputs, also when the objective is a metric', () => {
    const { AppSpecification, Environment, ProcessingInputs } = requestOf({
      predictions: 'predictions.csv',
      minFolds: 2,
    })
    expect(parseAggregateOptions(AppSpecification.ContainerArguments)).toMatchObject({
      source: 'metric',
      predictions: 'predictions.csv',
      minFolds: 2,
    })
    expect(Object.keys(Environment)).toEqual(['FOLD_OBJECTIVES_0', 'FOLD_TRAINING_JOBS_0'])
    expect(ProcessingInputs.map(({ InputName }) => InputName)).toEqual(['report', 'models'])
  })

  it('compares with a champion, whose folder is a prefix with its slash', () => {
    const input = (champion: CrossValidationOptions['champion']) =>
      requestOf(champion === undefined ? {} : { champion }).ProcessingInputs.find(
        ({ InputName }) => InputName === 'champion',
      )?.S3Input.S3Uri
    expect(input(undefined)).toBeUndefined()
    expect(input('s3://b/champion')).toBe('s3://b/champion/')
    expect(input('s3://b/champion/')).toBe('s3://b/champion/')
    pipeline('P', { parameters: { Champion: string('s3://b/c') } }, p => {
      expect(input(p.Champion)).toEqual({ 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Champion' }, '/'] } })
      return made()
    })
  })

  it('says which end of the interval missed the baseline', () => {
    const text = (options: Partial<CrossValidationOptions>) =>
      JSON.stringify(made({ rejectModel: true, ...options }).reject?.definition.Arguments)
    expect(text({})).toContain('The mean of validation:accuracy over the folds is below')
    expect(text({ compare: 'interval' })).toContain('The lower end of the 95 % interval of the mean of validation:')
    expect(text({ compare: 'interval', objective: minimize('validation:accuracy') })).toContain('The upper end of')
  })

  it.each<[Partial<CrossValidationOptions>, string]>([
    [
      { metrics: ['train:acuracy'] },
      'crossValidation: metrics — step "TrainFold-0" has no metric "train:acuracy"; name one of its metrics. Did you mean "train:accuracy"?',
    ],
    [{ metrics: ['a,b'] }, 'crossValidation: metrics — "a,b" is no name of a metric; names have no comma'],
    [{ metrics: [''] }, 'crossValidation: metrics — "" is no name of a metric'],
    [{ minFolds: 4 }, 'crossValidation: minFolds — 4 is no number of folds; give a whole number from 1 to 3'],
    [{ minFolds: 0 }, 'crossValidation: minFolds — 0 is no number of folds'],
    [
      { predictions: 'p.csv', cache: { expireAfter: 'P1D' } },
      'crossValidation: cache — the predictions are a file of each training',
    ],
  ])('tells of a wrong option: %#', (options, sentence) => {
    const training: CrossValidationOptions['training'] = ({ channels }) => ({
      channels: { ...channels },
      metrics: { 'train:accuracy': 'a=(.*)', 'validation:accuracy': 'b=(.*)' },
    })
    expect(messageOf(() => made({ training, ...options }))).toContain(sentence)
  })

  it('has room for fewer folds when more values travel, and says for how many', () => {
    const message = messageOf(() =>
      made({
        folds: repeatedKFold({ k: 10, repeats: 30 }),
        predictions: 'predictions.csv',
        metrics: ['train:accuracy'],
      }),
    )
    // 30 chunks of two metrics and 75 of job names.
    expect(message).toContain('300 folds need 135 environment variables')
    expect(message).toContain('use at most 220 folds')
    expect(() =>
      made({ folds: kFold({ k: 220 }), predictions: 'predictions.csv', metrics: ['train:accuracy'] }),
    ).not.toThrow()
    expect(() =>
      made({ folds: kFold({ k: 221 }), predictions: 'predictions.csv', metrics: ['train:accuracy'] }),
    ).toThrow('use at most 220')
  })
})
