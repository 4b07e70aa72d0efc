import { categorical, continuous, integers } from '../dsl/tuning-ranges.ts'
import { list, use } from './code.ts'
import { conciseTraining } from './concise.ts'
import { type Form, member } from './form.ts'
import { at, defined, flag, group, reader, tagsCode, textListCode, unless } from './options.ts'
import { type Code, listCode, objectCode, scalarCode, type Scope } from './scope.ts'
import { unwrapped } from './unwrap.ts'
import { valueCode } from './value.ts'

/** A tuning job told in our words: its training as a training step has it, its ranges as calls. */
export const conciseTuning: Form = ({ Arguments: args }, scope) => {
  const config = reader(at(args, 'HyperParameterTuningJobConfig'), scope)
  const prefix = at(args, 'HyperParameterTuningJobName')
  const definition = at(args, 'TrainingJobDefinition')
  const training = conciseTraining(
    { Arguments: { ...(definition as object), HyperParameters: at(definition, 'StaticHyperParameters') } },
    scope,
  )
  const parents = at(args, 'WarmStartConfig', 'ParentHyperParameterTuningJobs')
  return defined({
    jobNamePrefix: prefix === undefined ? undefined : valueCode(prefix, scope),
    training: training && objectCode(Object.entries(training)),
    ranges: rangesCode(at(args, 'HyperParameterTuningJobConfig', 'ParameterRanges'), scope),
    objective: objectiveCode(at(args, 'HyperParameterTuningJobConfig', 'HyperParameterTuningJobObjective')),
    limits: objectCode([
      ['jobs', config('ResourceLimits', 'MaxNumberOfTrainingJobs')],
      ['parallel', config('ResourceLimits', 'MaxParallelTrainingJobs')],
      ['runtimeInSeconds', config('ResourceLimits', 'MaxRuntimeInSeconds')],
    ]),
    strategy: unless('Bayesian', config('Strategy')),
    hyperband: group({
      minResource: config('StrategyConfig', 'HyperbandStrategyConfig', 'MinResource'),
      maxResource: config('StrategyConfig', 'HyperbandStrategyConfig', 'MaxResource'),
    }),
    earlyStopping: config('TrainingJobEarlyStoppingType'),
    completeWhen: group({
      objectiveReaches: config('TuningJobCompletionCriteria', 'TargetObjectiveMetricValue'),
      jobsWithoutImprovement: config(
        'TuningJobCompletionCriteria',
        'BestObjectiveNotImproving',
        'MaxNumberOfTrainingJobsNotImproving',
      ),
      converged: flag(
        config('TuningJobCompletionCriteria', 'ConvergenceDetected', 'CompleteOnConvergence')?.value === 'Enabled',
      ),
    }),
    warmStart: Array.isArray(parents)
      ? objectCode([
          [
            'parents',
            listCode(parents.map(each => valueCode(member(each, 'HyperParameterTuningJobName') ?? null, scope))),
          ],
          ['type', reader(args, scope)('WarmStartConfig', 'WarmStartType')],
        ])
      : undefined,
    randomSeed: config('RandomSeed'),
    tags: tagsCode(at(args, 'Tags'), scope),
  })
}

const rangeKinds = [
  ['IntegerParameterRanges', 'integers', integers],
  ['ContinuousParameterRanges', 'continuous', continuous],
] as const

function rangesCode(ranges: unknown, scope: Scope): Code {
  const numbers = rangeKinds.flatMap(([list, call, make]) =>
    itemsOf(ranges, list).map(range => {
      const bounds = ['MinValue', 'MaxValue'].map(bound => boundCode(member(range, bound), scope))
      const scaling = member(range, 'ScalingType')
      const parts = [...bounds, ...(scaling === undefined ? [] : [valueCode(scaling, scope)])]
      const [min, max, scale] = parts.map(({ value }) => value as never)
      return [
        nameOf(range),
        { doc: [use(call), callArguments(parts)], value: make(min as never, max as never, scale) },
      ] as const
    }),
  )
  const categories = itemsOf(ranges, 'CategoricalParameterRanges').map(range => {
    const values = textListCode(member(range, 'Values'), scope) ?? listCode([])
    return [
      nameOf(range),
      { doc: [use('categorical'), callArguments([values])], value: categorical(values.value as never) },
    ] as const
  })
  return objectCode([...numbers, ...categories])
}

const callArguments = (parts: readonly Code[]) =>
  list(
    '()',
    parts.map(({ doc }) => doc),
  )

const nameOf = (range: unknown): string => String(member(range, 'Name'))

const itemsOf = (value: unknown, name: string): readonly unknown[] => {
  const items = member(value, name)
  return Array.isArray(items) ? items : []
}

/** Bounds travel as text. */
function boundCode(bound: unknown, scope: Scope): Code {
  const number = typeof bound === 'string' ? Number(bound) : Number.NaN
  return String(number) === bound ? scalarCode(number) : unwrapped(bound, scope)
}

function objectiveCode(objective: unknown): Code | undefined {
  const [type, name] = [member(objective, 'Type'), member(objective, 'MetricName')]
  if (typeof name !== 'string') return undefined
  const direction = type === 'Maximize' ? 'maximize' : 'minimize'
  return {
    doc: [use(direction), callArguments([scalarCode(name)])],
    value: { name, direction, source: { metric: name } },
  }
}
