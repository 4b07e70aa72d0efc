import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { at, duplicates, isRecord, isSet, type Json, records } from '../values.ts'
import { checkAlgorithm, checkChannels, checkCluster, checkHyperparameters, checkSpot } from './training.ts'

/** What CreateHyperParameterTuningJob wants beyond its shape. */
export function tuning(step: StepView, scope: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  const found = ['TrainingJobDefinition', 'TrainingJobDefinitions'].filter(member => isSet(args, member))
  if (found.length !== 1) {
    scope.report(
      'FW5030',
      place,
      `${found.length === 0 ? 'neither TrainingJobDefinition nor' : 'both TrainingJobDefinition and'} TrainingJobDefinitions; exactly one of them would be right.`,
    )
  }
  const config = args['HyperParameterTuningJobConfig']
  if (isRecord(config)) checkConfig(config, `${place}.HyperParameterTuningJobConfig`, scope)
  for (const [definition, at_] of definitions(args, place)) checkDefinition(definition, at_, config, scope)
}

function definitions(args: Json, place: string): (readonly [Json, string])[] {
  const single = args['TrainingJobDefinition']
  return [
    ...(isRecord(single) ? [[single, `${place}.TrainingJobDefinition`] as const] : []),
    ...records(args['TrainingJobDefinitions']).map(
      ([index, definition]) => [definition, `${place}.TrainingJobDefinitions[${index}]`] as const,
    ),
  ]
}

function checkConfig(config: Json, path: string, scope: Scope): void {
  const { report } = scope
  const parallel = at(config, 'ResourceLimits', 'MaxParallelTrainingJobs')
  const total = at(config, 'ResourceLimits', 'MaxNumberOfTrainingJobs')
  if (typeof parallel === 'number' && typeof total === 'number' && parallel > total) {
    report(
      'FW5033',
      `${path}.ResourceLimits`,
      `${parallel} jobs at once of ${total} in all; at most ${total} at once would be right.`,
    )
  }
  const ranges = config['ParameterRanges']
  if (isRecord(ranges)) checkRanges(ranges, `${path}.ParameterRanges`, scope)
  checkStrategy(config, path, scope)
}

const rangeLists = ['IntegerParameterRanges', 'ContinuousParameterRanges', 'CategoricalParameterRanges'] as const
const MAX_RANGES = 30

function checkRanges(ranges: Json, path: string, { report }: Scope): void {
  const all: (readonly [number, string])[] = []
  for (const list of rangeLists) {
    for (const [index, range] of records(ranges[list])) {
      const place = `${path}.${list}[${index}]`
      if (typeof range['Name'] === 'string') all.push([all.length, range['Name']])
      if (list !== 'CategoricalParameterRanges') checkBounds(range, list, place, report)
    }
  }
  if (all.length > MAX_RANGES)
    report(
      'FW5032',
      path,
      `${all.length} ranges; at most ${MAX_RANGES} are allowed. Fix the less important ones in StaticHyperParameters.`,
    )
  for (const [, name] of duplicates(all)) report('FW5032', path, `a second range for ${show(name)}. Keep one.`)
}

function checkBounds(range: Json, list: (typeof rangeLists)[number], path: string, report: Scope['report']): void {
  const { MinValue: min, MaxValue: max, ScalingType: scaling } = range
  const [low, high] = [toNumber(min), toNumber(max)]
  for (const [member, value, number] of [
    ['MinValue', min, low],
    ['MaxValue', max, high],
  ] as const) {
    if (typeof value !== 'string') continue
    const fits = number !== undefined && (list === 'ContinuousParameterRanges' || Number.isInteger(number))
    if (!fits)
      report(
        'FW5031',
        `${path}.${member}`,
        `${show(value)} is no ${list === 'ContinuousParameterRanges' ? 'number' : 'whole number'} in quotes. Write something like "1".`,
      )
  }
  if (low !== undefined && high !== undefined && low >= high)
    report('FW5031', path, `MinValue ${low} is not below MaxValue ${high}. Exchange or change them.`)
  if (scaling === 'Logarithmic' && low !== undefined && low <= 0)
    report('FW5031', path, `MinValue ${low} with Logarithmic scaling; a value above 0 would be right.`)
  if (scaling === 'ReverseLogarithmic') {
    if (list === 'IntegerParameterRanges')
      report(
        'FW5031',
        path,
        'ReverseLogarithmic scaling is for continuous ranges only. Use Auto, Linear or Logarithmic.',
      )
    else if ((low !== undefined && low < 0) || (high !== undefined && high >= 1))
      report('FW5031', path, 'ReverseLogarithmic scaling needs 0 <= MinValue and MaxValue < 1.')
  }
}

/** Bounds travel as strings. */
function toNumber(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 40) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

function checkStrategy(config: Json, path: string, { report }: Scope): void {
  const { Strategy: strategy, ParameterRanges: ranges, TrainingJobEarlyStoppingType: stopping } = config
  if (strategy === 'Grid') {
    const others = rangeLists.slice(0, 2).filter(list => records(at(ranges, list)).length > 0)
    if (others.length > 0)
      report(
        'FW5034',
        `${path}.ParameterRanges`,
        `Grid takes categorical ranges only, and here are ${others.join(' and ')}. List the values in CategoricalParameterRanges.`,
      )
    const sizes = records(at(ranges, 'CategoricalParameterRanges')).map(([, range]) =>
      Array.isArray(range['Values']) ? range['Values'].length : Number.NaN,
    )
    const product = sizes.reduce((total, size) => total * size, 1)
    const most = at(config, 'ResourceLimits', 'MaxNumberOfTrainingJobs')
    if (typeof most === 'number' && sizes.length > 0 && Number.isFinite(product) && most !== product) {
      report(
        'FW5034',
        `${path}.ResourceLimits.MaxNumberOfTrainingJobs`,
        `${most} jobs for a grid of ${product}; ${product}, or leaving it out, would be right.`,
      )
    }
  }
  if (strategy === 'Hyperband' && stopping !== undefined && stopping !== 'Off' && typeof stopping === 'string') {
    report(
      'FW5034',
      `${path}.TrainingJobEarlyStoppingType`,
      `${show(stopping)} with Hyperband, which stops jobs by itself; "Off" would be right.`,
    )
  }
}

function checkDefinition(definition: Json, path: string, config: unknown, scope: Scope): void {
  const { report } = scope
  const algorithm = definition['AlgorithmSpecification']
  checkAlgorithm(algorithm, `${path}.AlgorithmSpecification`, scope)
  checkCluster(definition['ResourceConfig'], `${path}.ResourceConfig`, scope)
  checkSpot(definition, path, scope)
  checkChannels(definition, path, scope)
  const fixed = definition['StaticHyperParameters']
  checkHyperparameters(fixed, `${path}.StaticHyperParameters`, scope)

  const ranges = definition['HyperParameterRanges'] ?? at(config, 'ParameterRanges')
  if (isRecord(definition['HyperParameterRanges']))
    checkRanges(definition['HyperParameterRanges'], `${path}.HyperParameterRanges`, scope)
  for (const list of rangeLists) {
    for (const [, range] of records(at(ranges, list))) {
      const name = range['Name']
      if (typeof name === 'string' && isRecord(fixed) && Object.hasOwn(fixed, name)) {
        report(
          'FW5032',
          `${path}.StaticHyperParameters`,
          `${show(name)} is both fixed and tuned. Remove it here, or its range.`,
        )
      }
    }
  }
  const objective = at(definition['TuningObjective'] ?? at(config, 'HyperParameterTuningJobObjective'), 'MetricName')
  const metrics = records(at(algorithm, 'MetricDefinitions')).map(([, metric]) => metric['Name'])
  if (
    typeof objective === 'string' &&
    metrics.length > 0 &&
    !metrics.includes(objective) &&
    metrics.every(name => typeof name === 'string')
  ) {
    report(
      'FW5035',
      path,
      `the objective ${show(objective)} is none of the declared metrics. Declare it in MetricDefinitions.${scope.suggest(objective, metrics)}`,
    )
  }
}
