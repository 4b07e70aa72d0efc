import type { StepType } from '../../../schemas/definition.ts'
import { isExpression } from '../../definition/index.ts'
import { parameterTypes } from '../read-document.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { duplicates, isRecord, isSet, records } from '../values.ts'

const MAX_OUTPUTS = 50
const MAX_OUTPUT_NAME = 256

/** Arguments and outputs of Lambda and Callback steps. */
export function flatArguments(step: StepView, { report }: Scope): void {
  for (const [name, value] of Object.entries(step.args)) {
    if (typeof value !== 'object' || isExpression(value)) continue
    report(
      'FW5044',
      `${step.path}.Arguments`,
      `${show(name)} is ${show(value)}; strings, numbers, booleans and expressions can be passed. Pass a JSON text, or several arguments.`,
    )
  }
  const outputs = records(step.fields['OutputParameters'])
  const path = `${step.path}.OutputParameters`
  if (outputs.length > MAX_OUTPUTS)
    report(
      'FW5045',
      path,
      `${outputs.length} output parameters; at most ${MAX_OUTPUTS} are allowed. Write the values into a JSON file on S3 and read it with Std:JsonGet.`,
    )
  const named = outputs.flatMap(([index, { OutputName: name }]) =>
    typeof name === 'string' ? [[index, name] as const] : [],
  )
  for (const [index, name] of duplicates(named))
    report('FW5045', `${path}[${index}]`, `a second output parameter ${show(name)}. Give each a name of its own.`)
  for (const [index, name] of named) {
    if (name.length === 0 || name.length > MAX_OUTPUT_NAME)
      report(
        'FW5045',
        `${path}[${index}]`,
        `the name has ${name.length} characters; 1 to ${MAX_OUTPUT_NAME} would be right.`,
      )
  }
  for (const [index, { OutputType: type }] of outputs) {
    if (typeof type === 'string' && !parameterTypes.includes(type as never)) {
      report(
        'FW5045',
        `${path}[${index}].OutputType`,
        `${show(type)} is no output type; ${oneOf(parameterTypes)} would be right.`,
      )
    }
  }
}

const functionArn = /^arn:[\w-]+:lambda:([a-z0-9-]+):\d{12}:function:[\w-]{1,140}(:[\w$-]+)?$/

/** The function of a Lambda step. */
export function lambda(step: StepView, { report, options }: Scope): void {
  const arn = step.fields['FunctionArn']
  if (typeof arn !== 'string') return
  const region = arn.length > 300 ? undefined : functionArn.exec(arn)?.[1]
  const path = `${step.path}.FunctionArn`
  if (region === undefined) {
    report(
      'FW5046',
      path,
      `${show(arn)} is no ARN of a function; arn:aws:lambda:<region>:<account>:function:<name> would be right.`,
    )
  } else if (options.pipeline?.region !== undefined && region !== options.pipeline.region) {
    report(
      'FW5047',
      path,
      `the function is in ${region}, the pipeline in ${options.pipeline.region}. The step fails when it runs: use a function of the pipeline's region.`,
    )
  }
}

/** The queue of a Callback step. */
export function callback(step: StepView, { report }: Scope): void {
  const url = step.fields['SqsQueueUrl']
  if (typeof url !== 'string') return
  if (url.length > 256 || !/^https:\/\/[^/\s]+\/\d{12}\/[\w.-]{1,80}$/.test(url)) {
    report(
      'FW5046',
      `${step.path}.SqsQueueUrl`,
      `${show(url)} is no URL of a queue; https://sqs.<region>.amazonaws.com/<account>/<name> with at most 256 characters would be right.`,
    )
  }
}

/** Members of an EMR cluster that the step sets itself. */
const emrOwn = ['Name', 'Steps', 'AutoTerminationPolicy']
const emrOwnInstances = ['KeepJobFlowAliveWhenNoSteps', 'TerminationProtected']

/** Either a running cluster or a new one. */
export function emr(step: StepView, { report }: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  reportXor(step, 'ClusterId', 'ClusterConfig', report)
  if (isSet(args, 'ExecutionRoleArn') && !isSet(args, 'ClusterId')) {
    report('FW5049', place, 'ExecutionRoleArn goes with ClusterId only. Remove it.')
  }
  const config = args['ClusterConfig']
  if (!isRecord(config)) return
  const instances = config['Instances']
  const wrong = [
    ...emrOwn.filter(member => isSet(config, member)),
    ...emrOwnInstances.filter(member => isSet(instances, member)).map(member => `Instances.${member}`),
  ]
  if (wrong.length > 0)
    report(
      'FW5049',
      `${place}.ClusterConfig`,
      `${oneOf(wrong)} cannot be set, because the step does it itself. Remove it.`,
    )
  if (instances === undefined)
    report('FW5049', `${place}.ClusterConfig`, 'Instances is missing. Write its InstanceGroups or InstanceFleets.')
  else if (isRecord(instances) && isSet(instances, 'InstanceGroups') === isSet(instances, 'InstanceFleets')) {
    report(
      'FW5049',
      `${place}.ClusterConfig.Instances`,
      'exactly one of InstanceGroups and InstanceFleets would be right.',
    )
  }
}

/** Either an application that exists or a new one. */
export function emrServerless(step: StepView, { report }: Scope): void {
  reportXor(step, 'ApplicationId', 'ApplicationConfig', report)
}

function reportXor(step: StepView, a: string, b: string, report: Scope['report']): void {
  const count = [a, b].filter(member => isSet(step.args, member)).length
  if (count !== 1)
    report(
      'FW5048',
      `${step.path}.Arguments`,
      `${count === 0 ? 'neither' : 'both'} ${a} ${count === 0 ? 'nor' : 'and'} ${b}; exactly one of them would be right.`,
    )
}

const lineageLists = ['Actions', 'Artifacts', 'Contexts', 'Associations']

/** At least one of four lists. */
export function lineage(step: StepView, { report, suggest }: Scope): void {
  const place = `${step.path}.Arguments`
  const known = Object.keys(step.args).filter(member => lineageLists.includes(member))
  if (known.length === 0)
    report('FW5051', place, `none of ${oneOf(lineageLists)}; at least one of them would be right.`)
  for (const member of Object.keys(step.args)) {
    if (!lineageLists.includes(member))
      report(
        'FW5051',
        place,
        `unknown member ${show(member)}; ${oneOf(lineageLists)} would be right.${suggest(member, lineageLists)}`,
      )
  }
}

const checkTypes: Readonly<Record<string, readonly string[]>> = {
  ClarifyCheck: ['DATA_BIAS', 'MODEL_BIAS', 'MODEL_EXPLAINABILITY'],
  QualityCheck: ['DATA_QUALITY', 'MODEL_QUALITY'],
}

/** Kind and baseline of ClarifyCheck and QualityCheck steps. */
export function check(step: StepView, { report, suggest }: Scope): void {
  const { fields, path, type } = step
  const types = checkTypes[type] ?? []
  const kind = fields['CheckType']
  if (typeof kind === 'string' && !types.includes(kind)) {
    report(
      'FW5052',
      `${path}.CheckType`,
      `${show(kind)} is no check of a ${type} step; ${oneOf(types)} would be right.${suggest(kind, types)}`,
    )
  }
  const hasBaseline = ['ModelPackageGroupName', 'SuppliedBaselineConstraints', 'SuppliedBaselineStatistics'].some(
    member => isSet(fields, member),
  )
  const needs = fields['SkipCheck'] === false || fields['RegisterNewBaseline'] === false
  if (!hasBaseline && needs) {
    report(
      'FW5053',
      path,
      'the check needs an earlier baseline, and neither ModelPackageGroupName nor a supplied baseline is set. Set one, or write "SkipCheck": true and "RegisterNewBaseline": true for the first run.',
    )
  }
}

/** Types whose request names a role, by its member. */
const roleMembers: { readonly [T in StepType]?: string } = {
  Processing: 'RoleArn',
  Training: 'RoleArn',
  AutoML: 'RoleArn',
  ClarifyCheck: 'RoleArn',
  QualityCheck: 'RoleArn',
  Model: 'ExecutionRoleArn',
}

/** A job without a role of its own. */
export function jobRole(step: StepView, { report }: Scope): void {
  const member = roleMembers[step.type as StepType]
  if (member === undefined || isSet(step.args, member) || !isRecord(step.fields['Arguments'])) return
  report(
    'FW5054',
    `${step.path}.Arguments`,
    `${member} is missing. The guide says that steps take the pipeline's role, the API requires one: write it to be sure.`,
  )
}
