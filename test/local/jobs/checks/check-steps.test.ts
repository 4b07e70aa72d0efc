import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryStartsWith } from '../../../../local/runtimes/images.ts'
import {
  bucket,
  get,
  type LocalEngine,
  openLocalEngine,
  processingInput,
  processingOutput,
  role,
  training,
} from '../../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  const programs = { root: '/programs', folder: `${local.folder}/programs` }
  local = await local.reopen({
    images: [
      {
        matches: repositoryStartsWith('test-server'),
        runtime: 'node',
        entrypoint: ['node', '/programs/serve.mjs'],
        programs,
      },
      { matches: repositoryStartsWith('test-node'), runtime: 'node', programs },
    ],
  })
  local.program('train', '')
  // The score is 0.1·age + 0.02·income, whatever the third feature says.
  local.program(
    'serve',
    `import { createServer } from 'node:http'
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () => {
        const scores = body.split('\\n').map(line => { const [age, income] = line.split(','); return 0.1 * age + 0.02 * income })
        response.end(scores.join('\\n')) })
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
})
afterAll(() => local.close())

const image = '306415355426.dkr.ecr.us-west-2.amazonaws.com/sagemaker-clarify-processing:1.0'
const s3 = (key: string): string => `s3://${bucket}/${key}`
const json = async (key: string) => JSON.parse((await local.text(key)) ?? 'null')

const quality = (name: string, data: string, fields: object = {}, environment: object = {}): object => ({
  Name: name,
  Type: 'QualityCheck',
  CheckType: 'DATA_QUALITY',
  Arguments: {
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
    AppSpecification: { ImageUri: '159807026194.dkr.ecr.us-west-2.amazonaws.com/sagemaker-model-monitor-analyzer' },
    RoleArn: role,
    ProcessingInputs: [processingInput('baseline_dataset_input', s3(data))],
    ProcessingOutputConfig: { Outputs: [processingOutput('quality_check_output', s3(`checks/${name}`))] },
    Environment: { dataset_format: '{"csv": {"header": true}}', ...environment },
  },
  SkipCheck: true,
  RegisterNewBaseline: true,
  FailOnViolation: true,
  ...fields,
})

const clarify = (name: string, config: object, data: string, fields: object = {}): object[] => [
  {
    Name: name,
    Type: 'ClarifyCheck',
    Arguments: {
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
      AppSpecification: { ImageUri: image },
      RoleArn: role,
      ProcessingInputs: [
        processingInput('analysis_config', s3(`configs/${name}.json`)),
        processingInput('dataset', s3(data)),
      ],
      ProcessingOutputConfig: { Outputs: [processingOutput('analysis_result', s3(`checks/${name}`))] },
    },
    SkipCheck: true,
    RegisterNewBaseline: true,
    ...fields,
    config,
  },
]
const runClarify = async (steps: readonly object[][], before: readonly object[] = []) => {
  const flat = steps.flat() as { Name: string; config?: object }[]
  for (const { Name, config } of flat) await local.put(`configs/${Name}.json`, JSON.stringify(config))
  for (const step of flat) delete step.config
  return local.run([...before, ...flat])
}

test('5.7.1, 5.7.5: a data quality check writes the files of Model Monitor, and its record and properties name them', async () => {
  await local.put('good/data.csv', 'age,city\n30,Bonn\n40,Köln\n,Bonn\n50,Bonn\n')
  const { steps, arn, execution } = await local.run([
    quality('First', 'good/'),
    {
      Name: 'Stop',
      Type: 'Fail',
      Arguments: { ErrorMessage: get('Steps.First.BaselineUsedForDriftCheckStatistics') },
    },
  ])
  expect(execution['PipelineExecutionArn']).toBe(arn)
  expect(steps['First']?.['Metadata']).toEqual({
    QualityCheck: {
      CheckType: 'DATA_QUALITY',
      CalculatedBaselineConstraints: s3('checks/First/constraints.json'),
      CalculatedBaselineStatistics: s3('checks/First/statistics.json'),
      BaselineUsedForDriftCheckConstraints: s3('checks/First/constraints.json'),
      BaselineUsedForDriftCheckStatistics: s3('checks/First/statistics.json'),
      CheckJobArn: expect.stringMatching(/processing-job\/pipelines-.*-First-/),
      SkipCheck: true,
      RegisterNewBaseline: true,
    },
  })
  expect(steps['Stop']?.['FailureReason']).toContain(s3('checks/First/statistics.json'))
  expect(await local.keys('checks/First/')).toEqual(['checks/First/constraints.json', 'checks/First/statistics.json'])
  expect(await json('checks/First/statistics.json')).toMatchObject({
    dataset: { item_count: 4 },
    features: [
      { name: 'age', numerical_statistics: { mean: 40 } },
      { name: 'city', string_statistics: { distinct_count: 2 } },
    ],
  })
  expect(await json('checks/First/constraints.json')).toMatchObject({ features: [{ completeness: 0.75 }, {}] })
  const job = String(steps['First']?.['Metadata'].QualityCheck.CheckJobArn).split('/')[1]
  expect(await local.call('DescribeProcessingJob', { ProcessingJobName: job })).toMatchObject({
    ProcessingJobStatus: 'Completed',
  })
})

test('5.7.4: a violation of a supplied baseline fails the step, unless FailOnViolation is false', async () => {
  await local.put('before/data.csv', 'age,city\n30,Bonn\n40,Köln\n50,Bonn\n60,Köln\n')
  await local.put('after/data.csv', 'age,city\n30,Bonn\nold,Rom\n50,Bonn\n60,Köln\n')
  await local.run([quality('Base', 'before/')])
  const supplied = {
    SkipCheck: false,
    RegisterNewBaseline: false,
    SuppliedBaselineConstraints: s3('checks/Base/constraints.json'),
    SuppliedBaselineStatistics: s3('checks/Base/statistics.json'),
  }
  const failed = await local.run([quality('Check', 'after/', supplied)])
  expect(failed.steps['Check']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: `ClientError: 2 violations of the baseline's constraints detected, see ${s3('checks/Check/constraint_violations.json')}`,
    Metadata: {
      QualityCheck: {
        ViolationReport: s3('checks/Check/constraint_violations.json'),
        BaselineUsedForDriftCheckConstraints: s3('checks/Base/constraints.json'),
        CalculatedBaselineConstraints: s3('checks/Check/constraints.json'),
      },
    },
  })
  expect(await json('checks/Check/constraint_violations.json')).toEqual({
    violations: [
      {
        feature_name: 'age',
        constraint_check_type: 'data_type_check',
        description:
          'Data type match requirement is not met. Expected data type: Integral, Expected match: 100%. Observed: Only 75% of data is Integral.',
      },
      expect.objectContaining({ feature_name: 'city', constraint_check_type: 'categorical_values_check' }),
    ],
  })
  const told = await local.run([quality('Told', 'after/', { ...supplied, FailOnViolation: false })])
  expect(told.steps['Told']?.['StepStatus']).toBe('Succeeded')
  expect(told.steps['Told']?.['Metadata'].QualityCheck.ViolationReport).toContain('constraint_violations.json')
  const good = await local.run([quality('Good', 'before/', supplied)])
  expect(good.steps['Good']?.['StepStatus']).toBe('Succeeded')
  expect(good.steps['Good']?.['Metadata'].QualityCheck).not.toHaveProperty('ViolationReport')
})

test('5.7.2: SkipCheck and RegisterNewBaseline decide about the comparison and the baseline that is used, as the table of the guide says', async () => {
  const supplied = {
    SuppliedBaselineConstraints: s3('checks/Base/constraints.json'),
    SuppliedBaselineStatistics: s3('checks/Base/statistics.json'),
    FailOnViolation: false,
  }
  const cases = [
    { SkipCheck: false, RegisterNewBaseline: false, used: 'Base', compared: true },
    { SkipCheck: false, RegisterNewBaseline: true, used: 'Own', compared: true },
    { SkipCheck: true, RegisterNewBaseline: false, used: 'Base', compared: false },
    { SkipCheck: true, RegisterNewBaseline: true, used: 'Own', compared: false },
  ]
  for (const { used, compared, ...flags } of cases) {
    const { steps } = await local.run([quality('Own', 'after/', { ...supplied, ...flags })])
    const found = steps['Own']?.['Metadata'].QualityCheck
    expect(found).toMatchObject({
      ...flags,
      CalculatedBaselineStatistics: s3('checks/Own/statistics.json'),
      BaselineUsedForDriftCheckStatistics: s3(`checks/${used}/statistics.json`),
      BaselineUsedForDriftCheckConstraints: s3(`checks/${used}/constraints.json`),
    })
    expect('ViolationReport' in found).toBe(compared)
  }
})

test('5.7.3: the baseline comes of the newest approved version of the model package group; without one the step fails', async () => {
  const fields = { SkipCheck: false, RegisterNewBaseline: false, ModelPackageGroupName: 'Flowers' }
  const none = await local.run([quality('None', 'before/', fields)])
  expect(none.steps['None']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: expect.stringContaining('No previous baseline is available for DATA_QUALITY'),
  })
  await local.call('CreateModelPackageGroup', { ModelPackageGroupName: 'Flowers' })
  const register = (ModelApprovalStatus: string, file: string) =>
    local.call('CreateModelPackage', {
      ModelPackageGroupName: 'Flowers',
      ModelApprovalStatus,
      DriftCheckBaselines: {
        ModelDataQuality: {
          Constraints: { ContentType: 'application/json', S3Uri: s3(`${file}/constraints.json`) },
          Statistics: { ContentType: 'application/json', S3Uri: s3(`${file}/statistics.json`) },
        },
      },
    })
  await register('Approved', 'old')
  await register('Approved', 'checks/Base')
  await register('Rejected', 'rejected')
  const { steps } = await local.run([quality('Group', 'before/', fields)])
  expect(steps['Group']?.['StepStatus'], JSON.stringify(steps['Group'])).toBe('Succeeded')
  expect(steps['Group']?.['Metadata'].QualityCheck).toMatchObject({
    ModelPackageGroupName: 'Flowers',
    BaselineUsedForDriftCheckStatistics: s3('checks/Base/statistics.json'),
  })
})

test('5.7.7: a model quality check reads predictions of JSON Lines and compares with a better model', async () => {
  const lines = (right: number): string =>
    Array.from({ length: 10 }, (_, index) =>
      JSON.stringify({ truth: index % 2, said: { label: index < right ? index % 2 : 1 - (index % 2), p: index / 10 } }),
    ).join('\n')
  await local.put('scores/good.jsonl', lines(9))
  await local.put('worse/bad.jsonl', lines(5))
  const environment = {
    dataset_format: '{"json": {"lines": true}}',
    analysis_type: 'MODEL_QUALITY',
    problem_type: 'BinaryClassification',
    inference_attribute: 'said.label',
    probability_attribute: 'said.p',
    ground_truth_attribute: 'truth',
  }
  const check = (name: string, data: string, fields: object = {}) =>
    local.run([quality(name, data, { CheckType: 'MODEL_QUALITY', ...fields }, environment)])
  const first = await check('Scores', 'scores/')
  expect(first.steps['Scores']?.['StepStatus'], JSON.stringify(first.steps)).toBe('Succeeded')
  expect(await json('checks/Scores/statistics.json')).toMatchObject({
    binary_classification_metrics: { accuracy: { value: 0.9 }, auc: { value: expect.any(Number) } },
  })
  const worse = await check('Worse', 'worse/', {
    SkipCheck: false,
    SuppliedBaselineConstraints: s3('checks/Scores/constraints.json'),
  })
  expect(worse.steps['Worse']?.['FailureReason']).toContain("violations of the baseline's constraints detected")
  expect(JSON.stringify(await json('checks/Worse/constraint_violations.json'))).toContain(
    "Metric accuracy with 0.5 was LessThanThreshold '0.9'",
  )
})

/** Sex 1 is the sensitive group: 1 of 4 is positive, of the others 3 of 4. */
const people = [
  'age,income,sex,target',
  '20,10,1,0',
  '30,20,1,0',
  '40,30,1,0',
  '50,40,1,1',
  '30,40,0,1',
  '40,20,0,0',
  '50,30,0,1',
  '60,10,0,1',
].join('\n')
const biasConfig = {
  dataset_type: 'text/csv',
  label: 'target',
  label_values_or_threshold: [1],
  facet: [{ name_or_index: 'sex', value_or_threshold: [1] }],
}

test('5.7.8, 5.7.9: a data bias check writes analysis.json, and more bias than in the baseline is a violation', async () => {
  await local.put('people/a.csv', people)
  await local.put('fair/a.csv', people.replace('20,10,1,0', '20,10,1,1'))
  const config = { ...biasConfig, methods: { pre_training_bias: { methods: ['CI', 'DPL'] } } }
  const base = await runClarify([clarify('Fair', config, 'fair/', { CheckType: 'DATA_BIAS' })])
  expect(base.steps['Fair']?.['Metadata'].ClarifyCheck, JSON.stringify(base.steps)).toMatchObject({
    CheckType: 'DATA_BIAS',
    CalculatedBaselineConstraints: s3('checks/Fair/analysis.json'),
    BaselineUsedForDriftCheckConstraints: s3('checks/Fair/analysis.json'),
  })
  const fields = {
    CheckType: 'DATA_BIAS',
    SkipCheck: false,
    SuppliedBaselineConstraints: s3('checks/Fair/analysis.json'),
  }
  const biased = await runClarify([clarify('Biased', config, 'people/', fields)])
  expect(await json('checks/Biased/analysis.json')).toEqual({
    version: '1.0',
    pre_training_bias_metrics: {
      label: 'target',
      label_value_or_threshold: '1',
      facets: {
        sex: [
          {
            value_or_threshold: '1',
            metrics: [
              { name: 'CI', description: 'Class Imbalance (CI)', value: 0 },
              { name: 'DPL', description: 'Difference in Positive Proportions in Labels (DPL)', value: 0.5 },
            ],
          },
        ],
      },
    },
  })
  expect(biased.steps['Biased']?.['StepStatus']).toBe('Failed')
  expect(await json('checks/Biased/constraint_violations.json')).toEqual({
    version: '1.0',
    violations: [
      {
        facet: 'sex',
        facet_value: '1',
        metric_name: 'DPL',
        constraint_check_type: 'bias_drift_check',
        description: "Metric value 0.5 doesn't meet the baseline constraint requirement 0.25",
      },
    ],
  })
})

const model = [
  training('Train', 'train'),
  {
    Name: 'Model',
    Type: 'Model',
    Arguments: {
      PrimaryContainer: { Image: 'test-server:1', ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') },
    },
  },
]

test('5.7.8, 5.7.10: model bias and explainability ask the model through its serving contract', async () => {
  const bias = {
    ...biasConfig,
    probability_threshold: 4.5,
    methods: { post_training_bias: { methods: ['DPPL', 'AD'] } },
    predictor: {},
  }
  const shap = {
    ...biasConfig,
    methods: {
      shap: { baseline: [[20, 10, 0]], num_samples: 100, agg_method: 'mean_abs', save_local_shap_values: true },
    },
    predictor: { label_headers: ['score'] },
  }
  const ModelName = get('Steps.Model.ModelName')
  const { steps } = await runClarify(
    [
      clarify('ModelBias', bias, 'people/', { CheckType: 'MODEL_BIAS', ModelName }),
      clarify('Explain', shap, 'people/', { CheckType: 'MODEL_EXPLAINABILITY', ModelName }),
    ],
    model,
  )
  expect([steps['ModelBias']?.['StepStatus'], steps['Explain']?.['StepStatus']], JSON.stringify(steps)).toEqual([
    'Succeeded',
    'Succeeded',
  ])
  // Scores of the sensitive: 2.2, 3.4, 4.6, 5.8; of the others: 3.8, 4.4, 5.6, 6.2.
  const [group] = (await json('checks/ModelBias/analysis.json')).post_training_bias_metrics.facets.sex
  expect(group.metrics).toEqual([
    { name: 'AD', description: 'Accuracy Difference (AD)', value: 3 / 4 - 3 / 4 },
    { name: 'DPPL', description: expect.any(String), value: 2 / 4 - 2 / 4 },
  ])
  const { kernel_shap } = (await json('checks/Explain/analysis.json')).explanations
  const ages = [0, 10, 20, 30, 10, 20, 30, 40]
  expect(kernel_shap.score.expected_value).toBeCloseTo(2.2, 10)
  expect(kernel_shap.score.global_shap_values.age).toBeCloseTo((0.1 * ages.reduce((a, b) => a + b)) / 8, 8)
  expect(kernel_shap.score.global_shap_values.sex).toBeCloseTo(0, 8)
  const [header, first] = ((await local.text('checks/Explain/explanations_shap/out.csv')) ?? '').split('\n')
  expect(header).toBe('age_score,income_score,sex_score')
  expect(
    first
      ?.split(',')
      .map(Number)
      .map(value => Math.round(value * 1e6) / 1e6 || 0),
  ).toEqual([0, 0, 0])
})

test.each<[string, { data?: string } & Record<string, unknown>, object, string]>([
  [
    'of an unknown type',
    { CheckType: 'DATA_DRIFT' },
    {},
    'Member must satisfy enum value set: [DATA_QUALITY, MODEL_QUALITY]',
  ],
  [
    'with a script',
    {},
    { record_preprocessor_script: '/opt/ml/processing/input/pre.py' },
    'such scripts are not run locally',
  ],
  ['of Parquet', {}, { dataset_format: '{"parquet": {}}' }, 'CSV and JSON Lines are'],
  [
    'with a baseline of another form',
    { SkipCheck: false, SuppliedBaselineConstraints: s3('checks/Fair/analysis.json') },
    {},
    'is not of the form that this check writes',
  ],
  [
    'with a baseline that is missing',
    { SkipCheck: false, SuppliedBaselineConstraints: s3('nowhere.json') },
    {},
    'does not exist',
  ],
  ['of a ragged file', { data: 'ragged/' }, {}, 'line 3 has 1 columns — 2 are expected'],
  ['of no records', { data: 'bare/' }, {}, 'The data set has no records'],
])('a check %s fails with one sentence', async (_, { data = 'before/', ...fields }, environment, text) => {
  await local.put('ragged/a.csv', 'x,y\n1,2\n3\n')
  await local.put('bare/a.csv', 'x,y\n')
  const { steps } = await local.run([quality('Bad', data, fields, environment)])
  expect(steps['Bad']?.['FailureReason']).toContain(text)
  expect(String(steps['Bad']?.['FailureReason']).split('\n').length).toBeLessThan(3)
})
