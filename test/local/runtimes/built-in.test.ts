import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { bucket, get, type LocalEngine, openLocalEngine, training } from '../../support/local-engine.ts'

/** A virtual environment with `requirements.txt` of this folder. */
const environment = process.env['FOLDWISE_ALGORITHMS_PYTHON']
const reason = 'FOLDWISE_ALGORITHMS_PYTHON names no virtual environment with xgboost and scikit-learn'
if (environment === undefined) console.warn(`test/local/runtimes/built-in: skipped, ${reason}`)
const registry = '683313688378.dkr.ecr.us-east-1.amazonaws.com'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  // Label first, no header; every fifth record validates.
  const lines = readFileSync('test/fixtures/training/iris.csv', 'utf8').trim().split('\n').slice(1)
  const turned = lines.map(line =>
    [line.slice(line.lastIndexOf(',') + 1), line.slice(0, line.lastIndexOf(','))].join(','),
  )
  const part = (isHeld: boolean): string => `${turned.filter((_, index) => (index % 5 === 0) === isHeld).join('\n')}\n`
  await local.put('iris/train/a.csv', part(false))
  await local.put('iris/held/a.csv', part(true))
  const two = (isHeld: boolean): string =>
    `${part(isHeld)
      .split('\n')
      .filter(line => /^[12],/.test(line))
      .map(line => `${Number(line[0]) - 1}${line.slice(1)}`)
      .join('\n')}\n`
  await local.put('two/train/a.csv', two(false))
  await local.put('two/held/a.csv', two(true))
})
beforeEach(() => {
  if (environment !== undefined) vi.stubEnv('PATH', [join(environment, 'bin'), process.env['PATH']].join(delimiter))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => local.close())

/** Trains a built-in algorithm and serves the model. */
async function trainAndServe(image: string, hyperparameters: object, data: string, held: string) {
  const step = training('Train', 'none', {
    hyperparameters,
    channels: { train: { S3Uri: `s3://${bucket}/${data}/train/` }, [held]: { S3Uri: `s3://${bucket}/${data}/held/` } },
    algorithm: { TrainingImage: `${registry}/${image}` },
  }) as { Arguments: { AlgorithmSpecification: object; InputDataConfig: object[] } }
  Reflect.deleteProperty(step.Arguments.AlgorithmSpecification, 'ContainerEntrypoint')
  for (const channel of step.Arguments.InputDataConfig) Object.assign(channel, { ContentType: 'text/csv' })
  const name = image.replace(/[^a-z]/g, '')
  const { steps } = await local.run([
    step,
    {
      Name: 'Model',
      Type: 'Model',
      Arguments: {
        PrimaryContainer: {
          Image: `${registry}/${image}`,
          ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts'),
        },
      },
    },
    {
      Name: 'Config',
      Type: 'EndpointConfig',
      Arguments: {
        ProductionVariants: [
          {
            VariantName: 'A',
            ModelName: get('Steps.Model.ModelName'),
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 1,
          },
        ],
      },
    },
    {
      Name: 'Endpoint',
      Type: 'Endpoint',
      Arguments: { EndpointName: name, EndpointConfigName: get('Steps.Config.EndpointConfigName') },
    },
  ])
  expect(steps['Endpoint']?.['StepStatus'], JSON.stringify(steps)).toBe('Succeeded')
  const job = await local.call('DescribeTrainingJob', {
    TrainingJobName: String(steps['Train']?.['Metadata'].TrainingJob.Arn).split('/')[1],
  })
  const metrics = Object.fromEntries(
    job['FinalMetricDataList'].map((one: { MetricName: string; Value: number }) => [one.MetricName, one.Value]),
  )
  const invoke = async (body: string, accept?: string) =>
    (
      await local.engine.endpoints.invoke({ endpoint: name, contentType: 'text/csv', accept, body: Buffer.from(body) })
    ).body.toString()
  return { metrics, invoke }
}
const setosaAndVirginica = '5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n'

describe.skipIf(environment === undefined)('built-in algorithms by Python packages', { timeout: 120_000 }, () => {
  test('XGBoost trains with the package, reports every metric it printed and serves scores', async () => {
    const { metrics, invoke } = await trainAndServe(
      'sagemaker-xgboost:1.7-1',
      { num_round: '20', objective: 'multi:softmax', num_class: '3', eval_metric: 'merror,mlogloss', max_depth: '3' },
      'iris',
      'validation',
    )
    expect(Object.keys(metrics).toSorted()).toEqual([
      'train:merror',
      'train:mlogloss',
      'validation:merror',
      'validation:mlogloss',
    ])
    expect(metrics['validation:merror']).toBeLessThan(0.1)
    expect((await invoke(setosaAndVirginica)).trim().split('\n').map(Number)).toEqual([0, 2])
  })

  test('Linear Learner trains a classifier of two and of several classes', async () => {
    const several = await trainAndServe(
      'linear-learner:1',
      { predictor_type: 'multiclass_classifier', num_classes: '3' },
      'iris',
      'validation',
    )
    expect(several.metrics['validation:multiclass_accuracy']).toBeGreaterThan(0.9)
    const answer = JSON.parse(await several.invoke(setosaAndVirginica))
    expect(answer.predictions.map((one: { predicted_label: number }) => one.predicted_label)).toEqual([0, 2])
    const two = await trainAndServe('linear-learner:1', { predictor_type: 'binary_classifier' }, 'two', 'validation')
    expect(two.metrics['validation:binary_classification_accuracy']).toBeGreaterThan(0.8)
    expect(two.metrics['validation:roc_auc_score']).toBeGreaterThan(0.9)
    const [first] = JSON.parse(await two.invoke('6.3,3.3,6.0,2.5\n')).predictions
    expect(first).toMatchObject({ predicted_label: 1, score: expect.any(Number) })
  })

  test('k-NN judges itself on the channel test and serves JSON Lines when asked', async () => {
    const { metrics, invoke } = await trainAndServe(
      'knn:1',
      { k: '5', feature_dim: '4', predictor_type: 'classifier', sample_size: '120' },
      'iris',
      'test',
    )
    expect(metrics['test:accuracy']).toBeGreaterThan(0.9)
    expect(await invoke(setosaAndVirginica, 'application/jsonlines')).toBe(
      '{"predicted_label": 0.0}\n{"predicted_label": 2.0}\n',
    )
  })

  test.each([
    ['sagemaker-xgboost:1.7-1', {}, 'The hyperparameter num_round is missing'],
    ['sagemaker-xgboost:1.7-1', { num_round: '1', objective: 'multi:none' }, 'XGBoost refuses the training'],
    ['linear-learner:1', {}, 'The hyperparameter predictor_type is missing'],
    [
      'knn:1',
      { k: '5', feature_dim: '3', predictor_type: 'classifier', sample_size: '9' },
      'feature_dim is 3, but the channel train has 4',
    ],
    [
      'knn:1',
      { k: '50', feature_dim: '4', predictor_type: 'classifier', sample_size: '9' },
      'only 9 records are sampled',
    ],
  ])('%s with %j fails with one sentence', async (image, hyperparameters, text) => {
    await expect(trainAndServe(image, hyperparameters, 'iris', 'validation')).rejects.toThrow(text)
  })
})
