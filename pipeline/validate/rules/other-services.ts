import type { StepType } from '../../../schemas/definition.ts'
import { isExpression } from '../../definition/index.ts'
import { evaluate } from '../evaluate.ts'
import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { at, isRecord, isSet } from '../values.ts'

/** What is known of a request that the SageMaker service model does not have. */
interface Request {
  /** Paths that must be there. */
  readonly required: readonly string[]
  /** Paths of texts. */
  readonly texts: readonly string[]
  /** Paths of lists of texts. */
  readonly lists?: readonly string[]
}

const jar = 'StepConfig.HadoopJarStep'
const spark = 'JobConfig.jobDriver.sparkSubmit'

/** Sources: the API references of EMR, EMR Serverless and Bedrock, and the SageMaker Python SDK's steps for them. */
const requests: { readonly [T in StepType]?: Request } = {
  Fail: { required: [], texts: ['ErrorMessage'] },
  EMR: {
    required: [`${jar}.Jar`],
    texts: ['ClusterId', 'ExecutionRoleArn', `${jar}.Jar`, `${jar}.MainClass`],
    lists: [`${jar}.Args`],
  },
  EMRServerless: {
    required: ['ExecutionRoleArn', 'JobConfig'],
    texts: ['ExecutionRoleArn', 'ApplicationId', `${spark}.entryPoint`, `${spark}.sparkSubmitParameters`],
    lists: [`${spark}.entryPointArguments`],
  },
  BedrockCustomModel: { required: ['ModelName', 'ModelSourceConfig'], texts: ['ModelName', 'RoleArn'] },
  BedrockCustomModelDeployment: {
    required: ['ModelDeploymentName', 'ModelArn'],
    texts: ['ModelDeploymentName', 'ModelArn', 'Description'],
  },
  BedrockModelImport: {
    required: ['JobName', 'ImportedModelName', 'RoleArn', 'ModelDataSource'],
    texts: ['JobName', 'ImportedModelName', 'RoleArn'],
  },
  BedrockProvisionedModelThroughput: {
    required: ['ModelUnits', 'ProvisionedModelName', 'ModelId'],
    texts: ['ProvisionedModelName', 'ModelId'],
  },
}

/** What must be there and what must be text, for the types whose request the service model does not have. */
export function otherServices(step: StepView, scope: Scope): void {
  const request = Object.hasOwn(requests, step.type) ? requests[step.type as StepType] : undefined
  if (request === undefined || !isRecord(step.fields['Arguments'])) return
  const place = `${step.path}.Arguments`
  for (const path of request.required) {
    const missing = firstMissing(step.args, path)
    if (missing !== undefined)
      scope.report('FW5056', place, `${missing} is missing; ${article(step.type)} step needs it.`)
  }
  for (const path of request.texts) checkText(at(step.args, ...path.split('.')), `${place}.${path}`, step, scope)
  for (const path of request.lists ?? []) checkList(at(step.args, ...path.split('.')), `${place}.${path}`, step, scope)
}

/** The beginning of a path that is not there; nothing below an expression or another odd value is missed. */
function firstMissing(args: object, path: string): string | undefined {
  const members = path.split('.')
  for (let length = 1; length <= members.length; length++) {
    const owner = at(args, ...members.slice(0, length - 1))
    if (!isRecord(owner) || isExpression(owner)) return undefined
    if (!isSet(owner, members[length - 1] as string)) return members.slice(0, length).join('.')
  }
  return undefined
}

function checkText(value: unknown, place: string, step: StepView, scope: Scope): void {
  if (value === undefined || value === null || typeof value === 'string') return
  if (!isExpression(value)) {
    // The rules of Fail steps say it of a literal message.
    if (step.type !== 'Fail')
      scope.report('FW3037', place, `${show(value)} where a string is expected. Write it in quotes.`)
    return
  }
  const { type } = evaluate(value, scope)
  if (type === 'String' || type === 'unknown') return
  scope.report(
    'FW3037',
    place,
    `the expression is of type ${type} where a string is expected. Write {"Std:Join": {"On": "", "Values": [ … ]}} around it.`,
  )
}

function checkList(value: unknown, place: string, step: StepView, scope: Scope): void {
  if (value === undefined || value === null) return
  if (!Array.isArray(value)) {
    scope.report('FW3037', place, `${show(value)} where a list of strings is expected. Write [ … ] around it.`)
    return
  }
  for (const [index, element] of value.entries()) checkText(element, `${place}[${index}]`, step, scope)
}

const article = (type: string): string => (/^[AE]/.test(type) ? `an ${type}` : `a ${type}`)
