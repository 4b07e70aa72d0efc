// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gridHyperparameters, randomHyperparameters } from '../../../local/jobs/tuning-ranges.ts'
import { TestClock } from '../../support/test-clock.ts'
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
  local.program(
    'epochs',
    `import { readFileSync } from 'node:fs'
    const { level, epochs } = JSON.parse(readFileSync(process.env.SAGEMAKER_BASE_DIR + '/input/config/hyperparameters.json'))
    for (let epoch = 1; epoch <= Number(epochs); epoch++) {
      console.log('score=' + level)
      await new Promise(resolve => setTimeout(resolve, epochs === '1' ? 0 : 60))
    }`,
  )
})
afterAll(() => local.close())
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 10))
}

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

test('5.5.1, 5.5.2, 5.5.12: a grid runs every combination; best job, summaries and their properties are told', async () => {
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

test('5.5.13: Minimize takes the smallest; a training that fails is counted and does not end the tuning', async () => {
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

test('5.5.1, 5.5.2: a random search with a seed draws the same values again, and never more than MaxParallelTrainingJobs run', async () => {
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

const describeTuning = (steps: Record<string, Record<string, any>>): Promise<Record<string, any>> =>
  local.call('DescribeHyperParameterTuningJob', {
    HyperParameterTuningJobName: steps['Tune']?.['Metadata'].TuningJob.Arn.split('/').pop(),
  })
const trainingsOf = async (job: Record<string, any>, more: object = {}): Promise<any[]> =>
  (
    await local.call('ListTrainingJobsForHyperParameterTuningJob', {
      HyperParameterTuningJobName: job['HyperParameterTuningJobName'],
      MaxResults: 100,
      ...more,
    })
  )['TrainingJobSummaries']

/** Prints a score for every epoch and waits a moment after each, so that there is something to stop. */
const epochs = {
  StaticHyperParameters: { epochs: '9' },
  AlgorithmSpecification: {
    TrainingImage: 'test-node:1',
    TrainingInputMode: 'File',
    ContainerEntrypoint: ['node', '/programs/epochs.mjs'],
    MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9.]+)' }],
  },
}
const levels = (...Values: string[]): object => ({ CategoricalParameterRanges: [{ Name: 'level', Values }] })
const oneByOne = { MaxParallelTrainingJobs: 1 }

test('5.5.6, 5.5.7: early stopping Auto stops a training below the median; what it reached by then still counts', async () => {
  const { steps } = await local.run([
    tuning(
      { TrainingJobEarlyStoppingType: 'Auto', ParameterRanges: levels('3', '2', '4', '1'), ResourceLimits: oneByOne },
      epochs,
    ),
  ])
  const job = await describeTuning(steps)
  expect(job).toMatchObject({
    HyperParameterTuningJobStatus: 'Completed',
    TrainingJobStatusCounters: { Completed: 2, Stopped: 2, InProgress: 0, NonRetryableError: 0 },
    ObjectiveStatusCounters: { Succeeded: 4, Pending: 0, Failed: 0 },
    BestTrainingJob: { TunedHyperParameters: { level: '4' } },
  })
  const trainings = await trainingsOf(job)
  expect(trainings.map(one => [one.TunedHyperParameters.level, one.TrainingJobStatus])).toEqual([
    ['3', 'Completed'],
    ['2', 'Stopped'],
    ['4', 'Completed'],
    ['1', 'Stopped'],
  ])
  const logs = await local.call('DescribeTrainingJob', { TrainingJobName: trainings[1].TrainingJobName })
  expect(logs).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' })
})

test('5.5.4: Hyperband stops trainings at its rungs from their metrics, never below MinResource, never a good one', async () => {
  const { steps } = await local.run([
    tuning(
      {
        Strategy: 'Hyperband',
        RandomSeed: 5,
        StrategyConfig: { HyperbandStrategyConfig: { MinResource: 2 } },
        ParameterRanges: { IntegerParameterRanges: [{ Name: 'level', MinValue: '1', MaxValue: '1000' }] },
        ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 1 },
      },
      epochs,
    ),
  ])
  const job = await describeTuning(steps)
  const { Completed, Stopped } = job['TrainingJobStatusCounters']
  expect(Completed + Stopped).toBe(12)
  expect(Stopped).toBeGreaterThan(2)
  const trainings = await trainingsOf(job)
  for (const { TrainingJobName, TrainingJobStatus } of trainings) {
    const lines = readFileSync(join(local.folder, 'jobs', TrainingJobName, 'log.txt'), 'utf8')
      .trim()
      .split('\n')
    if (TrainingJobStatus === 'Stopped') {
      expect(lines.length).toBeGreaterThanOrEqual(2)
      expect(lines.length).toBeLessThan(9)
    } else expect(lines).toHaveLength(9)
  }
  const best = trainings.toSorted((a, b) => b.TunedHyperParameters.level - a.TunedHyperParameters.level)[0]
  expect(job['BestTrainingJob'].TrainingJobName).toBe(best.TrainingJobName)
  expect(best.TrainingJobStatus).toBe('Completed')
})

test('5.5.3: the Bayesian strategy runs, is the same again with a seed, and its trainings can be listed by their value', async () => {
  const config = {
    Strategy: 'Bayesian',
    RandomSeed: 7,
    ParameterRanges: { ContinuousParameterRanges: [{ Name: 'level', MinValue: '1', MaxValue: '10' }] },
    ResourceLimits: { MaxNumberOfTrainingJobs: 7, MaxParallelTrainingJobs: 1 },
  }
  const tried = async (): Promise<Record<string, any>> =>
    describeTuning((await local.run([tuning(config, once)])).steps)
  const [first, second] = [await tried(), await tried()]
  const [values, again] = [await trainingsOf(first), await trainingsOf(second)].map(trainings =>
    trainings.map(one => one.TunedHyperParameters.level),
  )
  expect(again).toEqual(values)
  const byValue = await trainingsOf(first, { SortBy: 'FinalObjectiveMetricValue', SortOrder: 'Descending' })
  const scores = byValue.map(one => one.FinalHyperParameterTuningJobObjectiveMetric.Value)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  expect(byValue[0].TrainingJobName).toBe(first['BestTrainingJob'].TrainingJobName)
})

const once = { ...epochs, StaticHyperParameters: { epochs: '1' } }

test('5.5.9: TuningJobCompletionCriteria ends the tuning job early, completed, with the details', async () => {
  const values = Array.from({ length: 20 }, (_, index) => String(index + 1))
  const { steps } = await local.run([
    tuning(
      {
        ParameterRanges: levels(...values),
        TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 4 },
        ResourceLimits: oneByOne,
      },
      once,
    ),
  ])
  expect(await describeTuning(steps)).toMatchObject({
    HyperParameterTuningJobStatus: 'Completed',
    TrainingJobStatusCounters: { Completed: 4 },
    TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: 0 },
  })
  const { steps: still } = await local.run([
    tuning(
      {
        ParameterRanges: levels('9', ...values.slice(0, 8)),
        TuningJobCompletionCriteria: { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 3 } },
        ResourceLimits: oneByOne,
      },
      once,
    ),
  ])
  expect(await describeTuning(still)).toMatchObject({
    TrainingJobStatusCounters: { Completed: 4 },
    TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: 3 },
  })
})

test('5.5.11: a warm start learns from its parents, tells the overall best job, and refuses a parent that is none', async () => {
  const config = (more: object): object => ({
    Strategy: 'Bayesian',
    RandomSeed: 3,
    ParameterRanges: { ContinuousParameterRanges: [{ Name: 'level', MinValue: '1', MaxValue: '10' }] },
    ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 1 },
    ...more,
  })
  const parent = await describeTuning((await local.run([tuning(config({}), once)])).steps)
  const warm = (WarmStartType: string, more: object = {}, name = parent['HyperParameterTuningJobName']): object => {
    const step = tuning(config({ ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 } }), {
      ...once,
      ...more,
    }) as { Arguments: object }
    const WarmStartConfig = { ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: name }], WarmStartType }
    return { ...step, Arguments: { ...step.Arguments, WarmStartConfig } }
  }
  const identical = await describeTuning((await local.run([warm('IdenticalDataAndAlgorithm')])).steps)
  const all = [...(await trainingsOf(parent)), ...(await trainingsOf(identical))]
  const valueOf = (one: any): number => one.FinalHyperParameterTuningJobObjectiveMetric.Value
  expect(valueOf(identical['OverallBestTrainingJob'])).toBe(Math.max(...all.map(valueOf)))
  // A random first training would have the parent's value: the seed is the same.
  const [mine] = await trainingsOf(identical)
  const [first] = await trainingsOf(parent)
  expect(mine.TunedHyperParameters.level).not.toBe(first.TunedHyperParameters.level)
  expect(Number(mine.TunedHyperParameters.level)).toBeGreaterThan(Number(first.TunedHyperParameters.level))

  const transfer = await describeTuning((await local.run([warm('TransferLearning', { InputDataConfig: [] })])).steps)
  expect(transfer['HyperParameterTuningJobStatus']).toBe('Completed')
  expect(transfer['OverallBestTrainingJob']).toBeUndefined()

  const refused = async (step: object): Promise<string> =>
    (await local.run([step])).steps['Tune']?.['FailureReason'] as string
  expect(await refused(warm('IdenticalDataAndAlgorithm', { InputDataConfig: [] }))).toContain('has other input data')
  expect(await refused(warm('TransferLearning', {}, 'nobody'))).toContain('nobody does not exist')
})

test('5.5.15: an engine that takes a tuning up after a crash runs the rest of the same search, and nothing twice', async () => {
  const arn = await local.start([
    tuning(
      {
        Strategy: 'Bayesian',
        RandomSeed: 11,
        ParameterRanges: { ContinuousParameterRanges: [{ Name: 'level', MinValue: '1', MaxValue: '10' }] },
        ResourceLimits: { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 1 },
      },
      { ...epochs, StaticHyperParameters: { epochs: '3' } },
    ),
  ])
  const name = async (): Promise<string> =>
    (await local.steps(arn))['Tune']?.['Metadata'].TuningJob?.Arn.split('/').pop() ?? ''
  const rowsOf = async (engine: LocalEngine, of: string): Promise<any[]> =>
    (
      await engine.call('ListTrainingJobsForHyperParameterTuningJob', {
        HyperParameterTuningJobName: of,
        MaxResults: 100,
      })
    )['TrainingJobSummaries']
  const completed = async (): Promise<number> =>
    (await name()) === ''
      ? 0
      : (await rowsOf(local, await name())).filter(one => one.TrainingJobStatus === 'Completed').length
  while ((await completed()) < 5) await new Promise(resolve => setTimeout(resolve, 10))
  // What a killed engine leaves is what lies on the disk; this one goes on, and shows how the search should end.
  const left = `${local.folder}-left`
  cpSync(local.folder, left, { recursive: true, filter: path => !path.endsWith('.tmp') })
  rmSync(join(left, 'engine.lock'))
  const dead = readdirSync(join(left, 'jobs')).map(job => join(left, 'jobs', job, 'processes.json'))
  for (const file of dead) rmSync(file, { force: true })
  await local.ended(arn)
  const whole = await rowsOf(local, await name())
  const again = await openLocalEngine({}, left)
  try {
    expect((await again.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
    const rows = await rowsOf(again, await name())
    expect(rows.map(one => one.TunedHyperParameters)).toEqual(whole.map(one => one.TunedHyperParameters))
    expect(rows.slice(0, 5).map(one => one.CreationTime)).toEqual(whole.slice(0, 5).map(one => one.CreationTime))
    expect(rows.map(one => one.TrainingJobStatus)).toEqual(Array.from({ length: 8 }, () => 'Completed'))
  } finally {
    await again.close()
  }
})

test('5.5.10: MaxRuntimeInSeconds of the tuning job stops what runs; the best result so far is the result', async () => {
  const clock = new TestClock()
  const timed = await openLocalEngine({ clock })
  try {
    timed.program('hang', `console.log('score=1'); setInterval(() => {}, 1000)`)
    const running = timed.run([
      tuning(
        { ParameterRanges: levels('1', '2'), ResourceLimits: { ...oneByOne, MaxRuntimeInSeconds: 120 } },
        {
          AlgorithmSpecification: {
            ...epochs.AlgorithmSpecification,
            ContainerEntrypoint: ['node', '/programs/hang.mjs'],
          },
          StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        },
      ),
    ])
    const jobs = join(timed.folder, 'jobs')
    await until(
      () =>
        existsSync(jobs) &&
        readdirSync(jobs).some(name => {
          const log = join(jobs, name, 'log.txt')
          return existsSync(log) && readFileSync(log, 'utf8').includes('score=1')
        }),
    )
    clock.advance(121_000)
    const { steps } = await running
    const [entry] = await timed.engine.jobs.entries('HyperParameterTuningJob')
    const tuningJob = await timed.engine.jobs.find('HyperParameterTuningJob', entry?.name ?? '')
    expect(steps['Tune']?.['StepStatus']).toBe('Succeeded')
    expect(tuningJob?.description).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Stopped: 1, Completed: 0, InProgress: 0 },
    })
  } finally {
    await timed.close()
  }
})

test.each<[string, object, object, RegExp]>([
  [
    'a strategy that the service does not have',
    { Strategy: 'Annealing', ParameterRanges: grid },
    {},
    /HyperParameterTuningJobConfig.Strategy/,
  ],
  [
    'a Bayesian search without an end',
    { Strategy: 'Bayesian', ParameterRanges: grid },
    {},
    /MaxNumberOfTrainingJobs is required for the Bayesian strategy/,
  ],
  [
    'Hyperband without a MaxResource',
    {
      Strategy: 'Hyperband',
      ParameterRanges: grid,
      ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
    },
    {},
    /MaxResource of HyperbandStrategyConfig is missing/,
  ],
  [
    'Hyperband with early stopping',
    {
      Strategy: 'Hyperband',
      TrainingJobEarlyStoppingType: 'Auto',
      ParameterRanges: grid,
      ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
    },
    {},
    /TrainingJobEarlyStoppingType must be Off/,
  ],
  [
    'ranges that the service is to find',
    { ParameterRanges: { AutoParameters: [{ Name: 'c', ValueHint: '1' }] } },
    {},
    /AutoParameters are not run locally yet/,
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

test('5.5.13: when no training gives the metric, the tuning job and its step fail', async () => {
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

test('5.5.8: ReverseLogarithmic draws closer to one; every integer of a range is drawn', () => {
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
