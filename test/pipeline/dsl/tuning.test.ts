import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  categorical,
  continuous,
  type ConciseTuning,
  float,
  integer,
  integers,
  maximize,
  minimize,
  pipeline,
  scikitLearn,
  scriptTraining,
  tuningStep,
  xgboost,
} from 'foldwise'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { evaluate } from '../import/evaluate.ts'
import { messageOf } from './message-of.ts'

const role = 'arn:aws:iam::111122223333:role/Role'
const training = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/mine:1',
  role,
  instance: 'ml.m5.large',
  output: 's3://bucket/tuning',
  channels: { train: 's3://bucket/train/' },
  hyperparameters: { C: 1, kernel: 'rbf' },
  metrics: { 'validation:auc': 'auc: (.*?);' },
} as const
const options = {
  training,
  ranges: { C: continuous(1e-4, 10, 'Logarithmic') },
  objective: maximize('validation:auc'),
  limits: { jobs: 20, parallel: 4 },
} as const satisfies ConciseTuning
const argumentsOf = (more: object) => tuningStep('Tune', { ...options, ...more }).definition.Arguments
const refused = (more: object) => messageOf(() => tuningStep('Tune', { ...options, ...more }))

describe('the concise form of tuningStep', () => {
  it('makes a tuning job in which the judge finds nothing, and which import prints', () => {
    const { document } = pipeline('P', { parameters: { Most: float(10), Jobs: integer(9) } }, p =>
      tuningStep('Tune', {
        ...options,
        training: {
          ...training,
          spot: { maxWaitTimeInSeconds: 7200 },
          checkpoints: 's3://bucket/ck',
          tags: { a: 'b' },
        },
        ranges: {
          C: continuous(0.01, p.Most, 'Logarithmic'),
          degree: integers(1, 5),
          kernel: categorical(['rbf', 'linear']),
          shrinking: categorical([true, false]),
        },
        limits: { jobs: p.Jobs, parallel: 2, runtimeInSeconds: 86_400 },
        earlyStopping: 'Auto',
        completeWhen: { objectiveReaches: 0.99, jobsWithoutImprovement: 5, converged: true },
        warmStart: { parents: ['earlier'], type: 'TransferLearning' },
        randomSeed: 7,
        tags: { team: 'x' },
      }),
    )
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
    expect(document.Steps[0]?.Arguments).toEqual({
      HyperParameterTuningJobConfig: {
        Strategy: 'Bayesian',
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:auc' },
        ResourceLimits: {
          MaxNumberOfTrainingJobs: { Get: 'Parameters.Jobs' },
          MaxParallelTrainingJobs: 2,
          MaxRuntimeInSeconds: 86_400,
        },
        ParameterRanges: {
          IntegerParameterRanges: [{ Name: 'degree', MinValue: '1', MaxValue: '5' }],
          ContinuousParameterRanges: [
            {
              Name: 'C',
              MinValue: '0.01',
              MaxValue: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Most' }] } },
              ScalingType: 'Logarithmic',
            },
          ],
          CategoricalParameterRanges: [
            { Name: 'kernel', Values: ['rbf', 'linear'] },
            { Name: 'shrinking', Values: ['true', 'false'] },
          ],
        },
        TrainingJobEarlyStoppingType: 'Auto',
        TuningJobCompletionCriteria: {
          TargetObjectiveMetricValue: 0.99,
          BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 5 },
          ConvergenceDetected: { CompleteOnConvergence: 'Enabled' },
        },
        RandomSeed: 7,
      },
      TrainingJobDefinition: {
        AlgorithmSpecification: {
          TrainingImage: training.image,
          TrainingInputMode: 'File',
          MetricDefinitions: [{ Name: 'validation:auc', Regex: 'auc: (.*?);' }],
        },
        RoleArn: role,
        InputDataConfig: [
          {
            ChannelName: 'train',
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: 's3://bucket/train/',
                S3DataDistributionType: 'FullyReplicated',
              },
            },
          },
        ],
        OutputDataConfig: { S3OutputPath: 's3://bucket/tuning' },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
        EnableManagedSpotTraining: true,
        CheckpointConfig: { S3Uri: 's3://bucket/ck' },
      },
      WarmStartConfig: {
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'earlier' }],
        WarmStartType: 'TransferLearning',
      },
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'team', Value: 'x' },
      ],
    })
  })

  it('keeps the values that are not tried', () => {
    expect(argumentsOf({})).toMatchObject({ TrainingJobDefinition: { StaticHyperParameters: { kernel: 'rbf' } } })
  })

  it('tunes built-in algorithms as their templates are', () => {
    const { document } = pipeline('P', {}, () => {
      const algorithm = xgboost({
        version: '1.7-1',
        region: 'us-east-1',
        hyperparameters: { objective: 'binary:logistic', num_round: 50, eval_metric: 'auc' },
        cache: { expireAfter: 'P30D' },
      })
      const tune = tuningStep('Tune', {
        training: algorithm.stepOptions({
          role,
          output: 's3://bucket/tuning',
          channels: { train: 's3://bucket/train/', validation: 's3://bucket/validation/' },
        }),
        ranges: { eta: continuous(0.01, 0.5, 'Logarithmic'), max_depth: integers(3, 10) },
        objective: maximize('validation:auc'),
        limits: { jobs: 10, parallel: 2 },
      })
      return [tune]
    })
    expect(validateDefinition(document)).toEqual([])
    expect(document.Steps[0]).toMatchObject({
      CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
      Arguments: { TrainingJobDefinition: { StaticHyperParameters: { num_round: '50' } } },
    })
  })

  it('tunes programs in script mode and uploads their code', () => {
    const script = scriptTraining({
      framework: scikitLearn({ version: '1.2-1' }),
      region: 'us-west-2',
      source: '../../fixtures/algorithms/train-src',
      entryPoint: 'train.py',
      code: { bucket: 'code-bucket' },
      metrics: { 'validation:mse': 'validation:mse=(.*?);' },
    })
    const made = pipeline('P', {}, () =>
      tuningStep('Tune', {
        training: script.stepOptions({ role, output: 's3://bucket/tuning', channels: { train: 's3://bucket/train/' } }),
        ranges: { alpha: continuous(0, 1) },
        objective: minimize('validation:mse'),
        limits: { jobs: 10, parallel: 2 },
      }),
    )
    expect(validateDefinition(made.document)).toEqual([])
    expect(made.assets).toHaveLength(1)
    expect(made.document.Steps[0]?.Arguments).toMatchObject({
      HyperParameterTuningJobConfig: { HyperParameterTuningJobObjective: { Type: 'Minimize' } },
      TrainingJobDefinition: { StaticHyperParameters: { sagemaker_program: '"train.py"' } },
    })
  })

  it('lays arguments over what the words give', () => {
    expect(
      argumentsOf({
        strategy: 'Hyperband',
        hyperband: { minResource: 1, maxResource: 10 },
        arguments: { Autotune: { Mode: 'Enabled' }, HyperParameterTuningJobConfig: { RandomSeed: 3 } },
      }),
    ).toMatchObject({
      Autotune: { Mode: 'Enabled' },
      HyperParameterTuningJobConfig: {
        RandomSeed: 3,
        Strategy: 'Hyperband',
        StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 10 } },
      },
    })
  })

  it('knows where its models lie', () => {
    const { 'Std:Join': top } = tuningStep('Tune', options).topModel(0).json as never as { 'Std:Join': object }
    expect(top).toEqual({
      On: '/',
      Values: [
        's3://bucket/tuning',
        { Get: 'Steps.Tune.TrainingJobSummaries[0].TrainingJobName' },
        'output/model.tar.gz',
      ],
    })
    const verbatim = tuningStep('Tune', {
      arguments: {
        HyperParameterTuningJobConfig: { Strategy: 'Bayesian', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
      },
    })
    expect(messageOf(() => verbatim.topModel(0))).toMatch(/the output is not known here/)
  })

  it.each([
    [{ ranges: {} }, 'ranges — there are none; give at least one'],
    [
      { ranges: { C: [1, 2] } },
      'ranges.C — a list of 2 is no range; give continuous(…), integers(…) or categorical(…).',
    ],
    [
      { ranges: Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`p${index}`, integers(1, 2)])) },
      'there are 31, and a tuning job takes 30',
    ],
    [
      { objective: maximize('validation:acu') },
      'objective — the training has no metric "validation:acu"; name one of its metrics. Did you mean "validation:auc"?',
    ],
    [{ objective: maximize({ file: 'm.json', path: 'a' }) }, 'objective — it is a number in the file m.json'],
    [
      { training: { ...training, entrypoint: ['python'] } },
      'training — it gives AlgorithmSpecification.ContainerEntrypoint, for which the training jobs of a tuning job have no place',
    ],
    [
      { training: { ...training, arguments: { DebugHookConfig: { S3OutputPath: 's3://b' } } } },
      'training — it gives DebugHookConfig, for which',
    ],
    [{ training: undefined }, 'it has neither "training" nor "arguments"'],
  ])('refuses %j', (more, message) => {
    expect(refused(more)).toContain(message)
  })
})

describe('ranges', () => {
  it.each([
    [() => continuous(1, 1), 'continuous(1, 1) — the least value, 1, is not below the greatest, 1'],
    [() => continuous(0, 1, 'Logarithmic'), 'a logarithmic scale begins above 0'],
    [() => continuous(0.5, 1, 'ReverseLogarithmic'), 'ReverseLogarithmic needs values from 0 to below 1'],
    [() => integers(0, 9, 'ReverseLogarithmic' as never), 'ReverseLogarithmic is for continuous ranges'],
    [() => continuous(0, 1, 'Log' as never), '"Log" is no scaling; give one of Auto, Linear, Logarithmic'],
    [() => integers(0.5, 3), 'integers(0.5, 3) — 0.5 is no whole number; give one.'],
    [() => continuous(Number.NaN, 3), 'NaN is no number'],
    [() => continuous('1' as never, 3), '"1" is no number'],
    [() => categorical([]), 'has no values'],
    [() => categorical(['a', 'b', 'a']), '"a" is listed twice'],
  ])('refuse %s', (make, message) => {
    expect(messageOf(make)).toContain(message)
  })

  it('give documents that the judge takes, whatever their bounds are', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(undefined, 'Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'),
        (one, other, scaling) => {
          let range: ReturnType<typeof continuous>
          try {
            range = continuous(one, other, scaling)
          } catch {
            return
          }
          const { document } = pipeline('P', {}, () => tuningStep('Tune', { ...options, ranges: { C: range } }))
          expect(validateDefinition(document)).toEqual([])
        },
      ),
      { numRuns: 100 },
    )
  })
})
