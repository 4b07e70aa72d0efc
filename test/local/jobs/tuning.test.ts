// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gridHyperparameters, randomHyperparameters } from '../../../local/jobs/tuning-ranges.ts'
import { bucket, fail, get, joined, type LocalEngine, openLocalEngine, role } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program(
    'score',
    `import { readFileSync, writeFileSync } from 'node:fs'
    const base = process.env.SAGEMAKER_BASE_DIR
    const h = JSON.parse(readFileSync(base + '/input/config/hyperparameters.json'))
    writeFileSync(base + '/model/h', JSON.stringify(h))
    if (h.kernel === 'broken') process.exit(1)
    console.log('score=' + ({ linear: 1, rbf: 2 }[h.kernel] + ({ a: 0.25, b: 0.5 }[h.letter] ?? Number(h.c ?? 0))))`,
  )
})
afterAll(() => local.close())

const tuning = (config: object, definition: object = {}, more: object = {}): object => ({
  Name: 'Tune',
  Type: 'Tuning',
  Arguments: {
    HyperParameterTuningJobConfig: {
      Strategy: 'Grid',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'score' },
      ResourceLimits: { MaxParallelTrainingJobs: 2 },
      ...config,
    },
    TrainingJobDefinition: {
      StaticHyperParameters: { fixed: '1' },
      AlgorithmSpecification: {
        TrainingImage: 'test-node:1',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['node', '/programs/score.mjs'],
        MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9.]+)' }],
      },
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/tuned` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      RoleArn: role,
      ...definition,
    },
  },
  ...more,
})
const grid = {
  CategoricalParameterRanges: [
    { Name: 'kernel', Values: ['linear', 'rbf'] },
    { Name: 'letter', Values: ['a', 'b'] },
  ],
}

test('5.5: a grid runs every combination; best job, summaries and their properties are told', async () => {
  const { steps } = await local.run([
    tuning({ ParameterRanges: grid }),
    fail(
      'Say',
      joined(
        get('Steps.Tune.BestTrainingJob.TrainingJobName'),
        ' ',
        get('Steps.Tune.TrainingJobSummaries[1].FinalHyperParameterTuningJobObjectiveMetric.Value'),
      ),
    ),
  ])
  const name = steps['Tune']?.['Metadata'].TuningJob.Arn.split('/').pop() as string
  expect(name.length).toBeLessThanOrEqual(32)
  const job = await local.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: name })
  expect(job).toMatchObject({
    HyperParameterTuningJobStatus: 'Completed',
    TrainingJobStatusCounters: { Completed: 4, NonRetryableError: 0 },
    BestTrainingJob: {
      TunedHyperParameters: { kernel: 'rbf', letter: 'b' },
      FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'score', Value: 2.5 },
    },
  })
  expect(job['BestTrainingJob'].TrainingJobName).toMatch(new RegExp(`^${name}-004-[0-9a-f]{8}$`))
  expect(steps['Say']?.['FailureReason']).toBe(`${job['BestTrainingJob'].TrainingJobName} 2.25`)
  const { TrainingJobSummaries } = await local.call('ListTrainingJobsForHyperParameterTuningJob', {
    HyperParameterTuningJobName: name,
  })
  expect(TrainingJobSummaries).toHaveLength(4)
  const training = await local.call('DescribeTrainingJob', { TrainingJobName: job['BestTrainingJob'].TrainingJobName })
  expect(training).toMatchObject({
    TuningJobArn: job['HyperParameterTuningJobArn'],
    HyperParameters: { fixed: '1', kernel: 'rbf', letter: 'b', _tuning_objective_metric: 'score' },
  })
})

test('5.5: Minimize takes the smallest; a training that fails is counted and does not end the tuning', async () => {
  const { steps } = await local.run([
    tuning({
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'score' },
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'kernel', Values: ['rbf', 'broken', 'linear'] }] },
    }),
  ])
  const job = await local.call('DescribeHyperParameterTuningJob', {
    HyperParameterTuningJobName: steps['Tune']?.['Metadata'].TuningJob.Arn.split('/').pop(),
  })
  expect(job).toMatchObject({
    TrainingJobStatusCounters: { Completed: 2, NonRetryableError: 1 },
    ObjectiveStatusCounters: { Succeeded: 2, Failed: 1 },
    BestTrainingJob: { TunedHyperParameters: { kernel: 'linear' } },
  })
})

test('5.5: a random search with a seed draws the same values again, and never more than MaxParallelTrainingJobs run', async () => {
  const config = {
    Strategy: 'Random',
    RandomSeed: 23,
    ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
    ParameterRanges: {
      ContinuousParameterRanges: [{ Name: 'c', MinValue: '0.1', MaxValue: '10', ScalingType: 'Logarithmic' }],
      CategoricalParameterRanges: [{ Name: 'kernel', Values: ['linear', 'rbf'] }],
    },
  }
  const tried = async (): Promise<string[]> => {
    const { steps } = await local.run([tuning(config)], { maxParallel: 5 })
    const { TrainingJobSummaries } = await local.call('ListTrainingJobsForHyperParameterTuningJob', {
      HyperParameterTuningJobName: steps['Tune']?.['Metadata'].TuningJob.Arn.split('/').pop(),
    })
    const spans = TrainingJobSummaries.map((one: any) => [one.CreationTime.getTime(), one.TrainingEndTime.getTime()])
    expect(
      Math.max(
        ...spans.map(
          ([at]: number[]) =>
            spans.filter(
              ([start, end]: number[]) => (start as number) <= (at as number) && (end as number) > (at as number),
            ).length,
        ),
      ),
    ).toBeLessThanOrEqual(2)
    return TrainingJobSummaries.map((one: any) => one.TunedHyperParameters.c).sort()
  }
  const first = await tried()
  expect(new Set(first).size).toBe(5)
  expect(await tried()).toEqual(first)
})

test.each<[string, object, object, RegExp]>([
  [
    'a strategy that is not there',
    { Strategy: 'Bayesian', ParameterRanges: grid },
    {},
    /Strategy Bayesian is not run locally yet/,
  ],
  [
    'a grid of numbers',
    { ParameterRanges: { IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '2' }] } },
    {},
    /categorical parameter ranges only/,
  ],
  [
    'a grid of another size',
    { ParameterRanges: grid, ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 } },
    {},
    /the grid has 4 combinations/,
  ],
  [
    'a logarithm of zero',
    {
      Strategy: 'Random',
      ParameterRanges: {
        ContinuousParameterRanges: [{ Name: 'c', MinValue: '0', MaxValue: '1', ScalingType: 'Logarithmic' }],
      },
    },
    {},
    /must be above 0/,
  ],
  [
    'an objective without a metric',
    { HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'other' }, ParameterRanges: grid },
    {},
    /objective metric other is not among/,
  ],
])('%s is refused', async (_title, config, definition, pattern) => {
  const { steps } = await local.run([tuning(config, definition)])
  expect(steps['Tune']?.['FailureReason']).toMatch(pattern)
  expect(steps['Tune']?.['FailureReason']).toContain('Failed to invoke sagemaker:CreateHyperParameterTuningJob')
})

test('when no training gives the metric, the tuning job and its step fail', async () => {
  const { steps } = await local.run([
    tuning({ ParameterRanges: { CategoricalParameterRanges: [{ Name: 'kernel', Values: ['broken'] }] } }),
  ])
  expect(steps['Tune']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: expect.stringContaining('No training job of the tuning job succeeded'),
  })
})

test('random values lie within their ranges, whatever the scaling', () => {
  const scaling = fc.constantFrom('Linear', 'Logarithmic', 'Auto')
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(50),
      scaling,
      fc.string(),
      fc.nat(100),
      (low, width, from, count, ScalingType, seed, index) => {
        const values = randomHyperparameters(
          {
            ContinuousParameterRanges: [
              { Name: 'x', MinValue: String(low), MaxValue: String(low + width), ScalingType },
            ],
            IntegerParameterRanges: [
              { Name: 'n', MinValue: String(from), MaxValue: String(from + count), ScalingType },
            ],
          },
          seed,
          index,
        )
        const x = Number(values['x'])
        const n = Number(values['n'])
        expect(x).toBeGreaterThanOrEqual(low)
        expect(x).toBeLessThanOrEqual(low + width)
        expect(Number.isInteger(n) && n >= from && n <= from + count).toBe(true)
      },
    ),
  )
})

test('ReverseLogarithmic draws closer to one; every integer of a range is drawn', () => {
  const draws = Array.from({ length: 2000 }, (_, index) =>
    randomHyperparameters(
      {
        ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '0.99', ScalingType: 'ReverseLogarithmic' }],
        IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '4' }],
      },
      's',
      index,
    ),
  )
  const above = draws.filter(draw => Number(draw['x']) > 0.9).length / draws.length
  expect(above).toBeGreaterThan(0.45)
  expect(above).toBeLessThan(0.55)
  for (const n of ['1', '2', '3', '4']) expect(draws.filter(draw => draw['n'] === n).length).toBeGreaterThan(400)
})

test('a grid has the product of its values, each combination once', () => {
  const rows = gridHyperparameters({
    CategoricalParameterRanges: [
      { Name: 'a', Values: ['1', '2', '3'] },
      { Name: 'b', Values: ['x', 'y'] },
    ],
  })
  expect(new Set(rows.map(row => JSON.stringify(row))).size).toBe(6)
})
