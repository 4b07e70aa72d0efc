import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at, duplicates, isRecord, isSet, type Json, records } from '../values.ts'

/** What CreateTrainingJob wants beyond its shape. */
export function training(step: StepView, scope: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  requireJob(args, place, scope)
  if (!isSet(args, 'ServerlessJobConfig')) {
    checkAlgorithm(args['AlgorithmSpecification'], `${place}.AlgorithmSpecification`, scope)
  }
  checkCluster(args['ResourceConfig'], `${place}.ResourceConfig`, scope)
  checkSpot(args, place, scope)
  checkHyperparameters(args['HyperParameters'], `${place}.HyperParameters`, scope)
  checkChannels(args, place, scope)
}

/** The model requires little since serverless jobs exist; an ordinary job still needs all three. */
function requireJob(args: Json, path: string, { report }: Scope): void {
  if (isSet(args, 'ServerlessJobConfig')) return
  for (const member of ['AlgorithmSpecification', 'ResourceConfig', 'StoppingCondition']) {
    if (!isSet(args, member))
      report('FW5008', path, `${member} is missing; a training job without ServerlessJobConfig needs it.`)
  }
}

export function checkAlgorithm(algorithm: unknown, path: string, { report }: Scope): void {
  if (!isRecord(algorithm)) return
  const found = ['TrainingImage', 'AlgorithmName'].filter(member => isSet(algorithm, member))
  if (found.length !== 1) {
    report(
      'FW5014',
      path,
      `${found.length === 0 ? 'neither' : 'both'} TrainingImage ${found.length === 0 ? 'nor' : 'and'} AlgorithmName; exactly one of them would be right.`,
    )
  }
  checkMetrics(algorithm['MetricDefinitions'], `${path}.MetricDefinitions`, report)
}

function checkMetrics(list: unknown, path: string, report: Scope['report']): void {
  const named: (readonly [number, string])[] = []
  for (const [index, { Name: name, Regex: regex }] of records(list)) {
    if (typeof name === 'string') named.push([index, name])
    if (typeof regex !== 'string' || regex.length > 500) continue
    const wrong = regexProblem(regex)
    if (wrong !== undefined) report('FW5013', `${path}[${index}].Regex`, `${show(regex)} ${wrong}`)
  }
  for (const [index, name] of duplicates(named)) {
    report('FW5013', `${path}[${index}].Name`, `a second metric ${show(name)}. Give each a name of its own.`)
  }
}

/** The trainings of one pipeline look for the same metrics. */
const judged = new Map<string, string | undefined>()
const MAX_JUDGED = 1000

function regexProblem(regex: string): string | undefined {
  if (judged.has(regex)) return judged.get(regex)
  const problem = judgeRegex(regex)
  if (judged.size < MAX_JUDGED) judged.set(regex, problem)
  return problem
}

/** Judges what JavaScript, Python and Java have in common. */
function judgeRegex(regex: string): string | undefined {
  // Python and Java write named groups and inline flags differently from JavaScript.
  const portable = regex.replaceAll('(?P<', '(?<').replace(/^\(\?[a-z]+\)/, '')
  try {
    const groups = new RegExp(`${portable}|`).exec('')?.length ?? 1
    return groups > 1
      ? undefined
      : 'has no group in parentheses. The first group is the number: write something like "accuracy=([0-9.]+)".'
  } catch (error) {
    if (error instanceof SyntaxError)
      return `is no regular expression (${error.message.replace(/^Invalid regular expression: /, '').slice(0, 120)}). Check its brackets.`
    throw error
  }
}

export function checkCluster(cluster: unknown, path: string, { report }: Scope): void {
  if (!isRecord(cluster) || isSet(cluster, 'InstanceGroups')) return
  if (Object.keys(cluster).length === 0) return
  if (cluster['InstanceCount'] === 0)
    report('FW5009', `${path}.InstanceCount`, '0 instances; at least 1 would be right.')
  for (const member of ['InstanceCount', 'InstanceType']) {
    if (!isSet(cluster, member)) report('FW5009', path, `${member} is missing; a job without InstanceGroups needs it.`)
  }
}

/** A spot job of this length or more without checkpoints starts from zero after each interruption. */
const LONG_SECONDS = 3600

export function checkSpot(job: Json, path: string, { report }: Scope): void {
  const spot = job['EnableManagedSpotTraining']
  const stop = job['StoppingCondition']
  const run = at(stop, 'MaxRuntimeInSeconds')
  const wait = at(stop, 'MaxWaitTimeInSeconds')
  if (isRecord(spot)) {
    report(
      'FW5016',
      `${path}.EnableManagedSpotTraining`,
      'an expression decides about spot training. MaxWaitTimeInSeconds must be there with spot and must be absent without it, and no expression can remove a member: write both trainings, in the two branches of a Condition.',
    )
  } else if (spot === true && wait === undefined) {
    report(
      'FW5015',
      `${path}.StoppingCondition`,
      'MaxWaitTimeInSeconds is missing; spot training needs it, at least as large as MaxRuntimeInSeconds.',
    )
  } else if (spot !== true && wait !== undefined) {
    report(
      'FW5015',
      `${path}.StoppingCondition`,
      'MaxWaitTimeInSeconds without EnableManagedSpotTraining. Remove it, or write "EnableManagedSpotTraining": true.',
    )
  }
  if (typeof run === 'number' && typeof wait === 'number' && wait < run) {
    report(
      'FW5015',
      `${path}.StoppingCondition`,
      `MaxWaitTimeInSeconds ${wait} is less than MaxRuntimeInSeconds ${run}; at least ${run} would be right.`,
    )
  }
  if (spot === true && !isSet(job, 'CheckpointConfig') && (typeof run !== 'number' || run >= LONG_SECONDS)) {
    report(
      'FW5017',
      path,
      'spot training without CheckpointConfig: after an interruption the job starts from zero and may cost more than it saves. Set CheckpointConfig.S3Uri and write checkpoints to /opt/ml/checkpoints.',
    )
  }
}

/** Names that the tuning service and the training toolkit use for themselves; script mode sets them on purpose. */
const scriptMode = new Set([
  'sagemaker_program',
  'sagemaker_submit_directory',
  'sagemaker_container_log_level',
  'sagemaker_job_name',
  'sagemaker_region',
  'sagemaker_enable_cloudwatch_metrics',
  'sagemaker_s3_output',
  'sagemaker_s3_uri_artifact',
  'sagemaker_estimator_class_name',
  'sagemaker_estimator_module',
])

export function checkHyperparameters(map: unknown, path: string, { report }: Scope): void {
  if (!isRecord(map)) return
  for (const name of Object.keys(map)) {
    const reserved =
      name === '_tuning_objective_metric' || (name.startsWith('sagemaker_') && name.length < 60 && !known(name))
    if (reserved) report('FW5010', path, `${show(name)} is a name that SageMaker uses for itself. Choose another one.`)
  }
}

/** SageMaker's own distribution settings begin with these. */
const known = (name: string): boolean =>
  scriptMode.has(name) ||
  /^sagemaker_(mpi|parameter_server|distributed|smdistributed|instance|torch|distributed_dataparallel)/.test(name)

export function checkChannels(job: Json, path: string, { report }: Scope): void {
  const algorithmMode = at(job, 'AlgorithmSpecification', 'TrainingInputMode')
  const modes = new Set<string>()
  const named: (readonly [number, string])[] = []
  for (const [index, channel] of records(job['InputDataConfig'])) {
    const place = `${path}.InputDataConfig[${index}]`
    const mode = channel['InputMode'] ?? algorithmMode
    if (typeof mode === 'string') modes.add(mode)
    if (typeof channel['ChannelName'] === 'string') named.push([index, channel['ChannelName']])
    const source = at(channel, 'DataSource', 'S3DataSource')
    const type = at(source, 'S3DataType')
    if (mode === 'FastFile' && type !== undefined && type !== 'S3Prefix') {
      report(
        'FW5012',
        place,
        `FastFile reads S3Prefix only, and this channel is ${show(type)}. Use File, or an S3Prefix.`,
      )
    }
    if (type === 'AugmentedManifestFile') {
      if (typeof mode === 'string' && mode !== 'Pipe')
        report(
          'FW5012',
          place,
          `an AugmentedManifestFile is read in Pipe mode only, not ${show(mode)}. Write "InputMode": "Pipe".`,
        )
      if (!isSet(source, 'AttributeNames'))
        report(
          'FW5012',
          place,
          'AttributeNames is missing; an AugmentedManifestFile needs the names of the attributes to read.',
        )
    }
    const compression = channel['CompressionType']
    if (compression === 'Gzip' && typeof mode === 'string' && mode !== 'Pipe') {
      report(
        'FW5012',
        place,
        `CompressionType "Gzip" is undone in Pipe mode only, not ${show(mode)}. Remove it and unpack in the container, or use Pipe.`,
      )
    }
  }
  if (modes.has('Pipe') && modes.has('FastFile')) {
    report(
      'FW5012',
      `${path}.InputDataConfig`,
      `the channels use ${oneOf([...modes].map(show))}; Pipe and FastFile cannot be used in one job. Choose one of them.`,
    )
  }
  for (const [index, name] of duplicates(named)) {
    report(
      'FW5011',
      `${path}.InputDataConfig[${index}].ChannelName`,
      `a second channel ${show(name)}. Give each a name of its own: it becomes a folder.`,
    )
  }
}
