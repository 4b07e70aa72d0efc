import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bucket, get, type LocalEngine, openLocalEngine, role } from '../../support/local-engine.ts'

const iris = readFileSync(fileURLToPath(new URL('../../fixtures/training/iris.csv', import.meta.url)), 'utf8')
let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

const autoML = (uri: string, target: string, more: object = {}, config: object = {}): object => ({
  Name: 'AutoML',
  Type: 'AutoML',
  Arguments: {
    InputDataConfig: [
      {
        TargetAttributeName: target,
        ChannelType: 'training',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } },
      },
    ],
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/automl` },
    AutoMLJobConfig: { Mode: 'ENSEMBLING', CompletionCriteria: { MaxCandidates: 3 }, ...config },
    RoleArn: role,
    ...more,
  },
})

test('5.8.3, 5.8.5: candidates are real trainings, the best is that of the leaderboard, and its container serves', {
  timeout: 60_000,
}, async () => {
  await local.put('iris/iris.csv', iris)
  const { execution, steps } = await local.run([
    autoML(`s3://${bucket}/iris/`, 'species'),
    {
      Name: 'Model',
      Type: 'Model',
      Arguments: {
        PrimaryContainer: {
          Image: get('Steps.AutoML.BestCandidate.InferenceContainers[0].Image'),
          ModelDataUrl: get('Steps.AutoML.BestCandidate.InferenceContainers[0].ModelDataUrl'),
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
      Arguments: { EndpointName: 'flowers', EndpointConfigName: get('Steps.Config.EndpointConfigName') },
    },
  ])
  expect(execution['PipelineExecutionStatus'], JSON.stringify(steps)).toBe('Succeeded')
  const name = String(steps['AutoML']?.['Metadata'].AutoMLJob.Arn).split('/')[1] as string
  expect(name.length).toBeLessThanOrEqual(32)
  const job = await local.call('DescribeAutoMLJob', { AutoMLJobName: name })
  expect(job).toMatchObject({
    AutoMLJobStatus: 'Completed',
    AutoMLJobSecondaryStatus: 'Completed',
    ResolvedAttributes: { ProblemType: 'MulticlassClassification', AutoMLJobObjective: { MetricName: 'Accuracy' } },
    BestCandidate: { ObjectiveStatus: 'Succeeded', CandidateStatus: 'Completed' },
  })
  const { Candidates } = await local.call('ListCandidatesForAutoMLJob', { AutoMLJobName: name })
  expect(Candidates).toHaveLength(3)
  expect(Candidates[0].CandidateName).toBe(job['BestCandidate'].CandidateName)
  const values = Candidates.map((one: Record<string, { Value: number }>) => one['FinalAutoMLJobObjectiveMetric']?.Value)
  expect(values).toEqual([...values].sort((a, b) => b - a))
  const leaderboard = JSON.parse((await local.text(`automl/${name}/leaderboard.json`)) ?? '')
  expect(leaderboard.records).toEqual({ training: 120, validation: 30 })
  expect(leaderboard.majorityClassAccuracy).toBeCloseTo(1 / 3, 10)
  expect(leaderboard.candidates[0].value).toBeGreaterThan(0.9)
  // The leaderboard's accuracy is what the training itself printed.
  const training = await local.call('DescribeTrainingJob', { TrainingJobName: leaderboard.candidates[0].name })
  const printed = training['FinalMetricDataList'].find(
    (one: { MetricName: string }) => one.MetricName === 'validation:accuracy',
  )
  expect(printed.Value).toBe(Math.fround(leaderboard.candidates[0].value))
  const insights = await local.text(
    `automl/${name}/documentation/model_insights/${job['BestCandidate'].CandidateName}/statistics.json`,
  )
  expect(JSON.parse(insights ?? '').multiclass_classification_metrics.accuracy.value).toBe(
    leaderboard.candidates[0].value,
  )
  const shap = await local.text(
    `automl/${name}/documentation/explainability/${job['BestCandidate'].CandidateName}/analysis.json`,
  )
  expect(Object.keys(JSON.parse(shap ?? '').explanations.kernel_shap)).toEqual(['0', '1', '2'])
  const answer = await local.engine.endpoints.invoke({
    endpoint: 'flowers',
    contentType: 'text/csv',
    body: Buffer.from('5.1,3.5,1.4,0.2'),
  })
  expect(answer.body.toString().trim()).toBe('0')
})

test('5.8.4: two classes are ranked by AUC when it is the objective', { timeout: 60_000 }, async () => {
  const lines = iris.trim().split('\n')
  const two = [lines[0], ...lines.slice(1).filter(line => !line.endsWith(',0'))].join('\n')
  await local.put('two/iris.csv', two)
  const { steps } = await local.run([
    autoML(
      `s3://${bucket}/two/`,
      'species',
      { ProblemType: 'BinaryClassification', AutoMLJobObjective: { MetricName: 'AUC' } },
      { CompletionCriteria: { MaxCandidates: 2 } },
    ),
  ])
  expect(steps['AutoML']?.['StepStatus'], JSON.stringify(steps)).toBe('Succeeded')
  const [job] = (await local.call('ListAutoMLJobs', {}))['AutoMLJobSummaries']
  const { BestCandidate } = await local.call('DescribeAutoMLJob', { AutoMLJobName: job.AutoMLJobName })
  expect(BestCandidate.FinalAutoMLJobObjectiveMetric).toMatchObject({ MetricName: 'AUC', Type: 'Maximize' })
  expect(BestCandidate.FinalAutoMLJobObjectiveMetric.Value).toBeGreaterThan(0.9)
})

test.each<[string, string, string, object, object, string]>([
  [
    'of regression',
    'x,y\n1,2\n2,3\n',
    'y',
    { ProblemType: 'Regression' },
    {},
    'ProblemType Regression cannot be run locally',
  ],
  ['of another mode', 'x,y\n1,a\n2,b\n', 'y', {}, { Mode: 'AUTO' }, 'AutoMLJobConfig.Mode must be ENSEMBLING'],
  ['with texts', 'x,y\nred,a\nblue,b\n', 'y', {}, {}, 'local candidates take numbers only'],
  ['without the target', 'x,y\n1,a\n2,b\n', 'z', {}, {}, 'has no column "z" — its header is x, y'],
  [
    'with another objective',
    'x,y\n1,a\n2,b\n3,a\n',
    'y',
    { AutoMLJobObjective: { MetricName: 'MSE' } },
    {},
    'The objective MSE of BinaryClassification is not measured locally',
  ],
  ['with one record of each class', 'x,y\n1,a\n2,b\n', 'y', {}, {}, 'Every class of the target has one record'],
])('5.8.1, 5.8.2: an AutoML job %s fails with one sentence', async (_, data, target, more, config, text) => {
  await local.put('bad/data.csv', data)
  const { steps } = await local.run([autoML(`s3://${bucket}/bad/`, target, more, config)])
  expect(steps['AutoML']?.['FailureReason']).toContain(text)
})
