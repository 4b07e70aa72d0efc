import type { Step as DocumentStep, StepType } from '../../schemas/definition.ts'
import { stepKind } from '../definition/index.ts'
import { autoMLStep } from '../dsl/steps/auto-ml.ts'
import {
  bedrockCustomModelDeploymentStep,
  bedrockCustomModelStep,
  bedrockModelImportStep,
  bedrockProvisionedModelThroughputStep,
} from '../dsl/steps/bedrock.ts'
import { callbackStep } from '../dsl/steps/callback.ts'
import { clarifyCheckStep } from '../dsl/steps/clarify-check.ts'
import { conditionStep } from '../dsl/steps/condition.ts'
import { emrStep } from '../dsl/steps/emr.ts'
import { emrServerlessStep } from '../dsl/steps/emr-serverless.ts'
import { endpointStep } from '../dsl/steps/endpoint.ts'
import { endpointConfigStep } from '../dsl/steps/endpoint-config.ts'
import { failStep } from '../dsl/steps/fail.ts'
import { forEachStep } from '../dsl/steps/for-each.ts'
import { inferenceComponentStep } from '../dsl/steps/inference-component.ts'
import { jobStep } from '../dsl/steps/job.ts'
import { lambdaStep } from '../dsl/steps/lambda.ts'
import { lineageStep } from '../dsl/steps/lineage.ts'
import { modelStep } from '../dsl/steps/model.ts'
import { processingStep } from '../dsl/steps/processing.ts'
import { qualityCheckStep } from '../dsl/steps/quality-check.ts'
import { registerModelStep } from '../dsl/steps/register-model.ts'
import { trainingStep } from '../dsl/steps/training.ts'
import { transformStep } from '../dsl/steps/transform.ts'
import { tuningStep } from '../dsl/steps/tuning.ts'
import { conciseModel, conciseProcessing, conciseRegistration, conciseTraining, conciseTransform } from './concise.ts'
import { conciseTuning } from './concise-tuning.ts'
import { conditionsCode } from './conditions.ts'
import { type Form, member, type Members, propertyFiles } from './form.ts'
import { type Code, listCode, objectCode, scalarCode, type Scope } from './scope.ts'
import { unwrapped } from './unwrap.ts'
import { valueCode } from './value.ts'

interface StepPrinter {
  /** Name of the function, as the program imports it. */
  readonly call: string
  readonly make: unknown
  /** The best form first. */
  readonly forms: readonly Form[]
}

const request = (call: string, make: unknown, ...concise: Form[]): StepPrinter => ({
  call,
  make,
  forms: [...concise, verbatim],
})

/** A request of the service model, whose types have no null. */
const typedRequest = (call: string, make: unknown, ...concise: Form[]): StepPrinter => ({
  call,
  make,
  forms: [...concise, verbatim].map(
    (form): Form =>
      (step, scope) =>
        hasNull(step['Arguments']) ? undefined : form(step, scope),
  ),
})

function hasNull(json: unknown): boolean {
  if (typeof json !== 'object') return false
  return json === null || Object.values(json).some(hasNull)
}

/** One entry per step type; a new type does not compile until it is here. */
export const stepPrinters = {
  Processing: typedRequest('processingStep', processingStep, conciseProcessing),
  Training: typedRequest('trainingStep', trainingStep, conciseTraining),
  Transform: typedRequest('transformStep', transformStep, conciseTransform),
  Tuning: typedRequest('tuningStep', tuningStep, conciseTuning),
  AutoML: typedRequest('autoMLStep', autoMLStep),
  Model: typedRequest('modelStep', modelStep, conciseModel),
  RegisterModel: typedRequest('registerModelStep', registerModelStep, conciseRegistration),
  Condition: { call: 'conditionStep', make: conditionStep, forms: [condition] },
  Fail: {
    call: 'failStep',
    make: failStep,
    forms: [({ Arguments: args }, scope) => ({ message: unwrapped(member(args, 'ErrorMessage'), scope) })],
  },
  ForEach: { call: 'forEachStep', make: forEachStep, forms: [forEach] },
  Lambda: { call: 'lambdaStep', make: lambdaStep, forms: [withOutputs('function', 'FunctionArn')] },
  Callback: { call: 'callbackStep', make: callbackStep, forms: [withOutputs('queue', 'SqsQueueUrl')] },
  ClarifyCheck: { call: 'clarifyCheckStep', make: clarifyCheckStep, forms: [check] },
  QualityCheck: { call: 'qualityCheckStep', make: qualityCheckStep, forms: [check] },
  EMR: request('emrStep', emrStep),
  EMRServerless: request('emrServerlessStep', emrServerlessStep),
  EndpointConfig: typedRequest('endpointConfigStep', endpointConfigStep),
  Endpoint: typedRequest('endpointStep', endpointStep),
  InferenceComponent: typedRequest('inferenceComponentStep', inferenceComponentStep),
  Lineage: request('lineageStep', lineageStep),
  BedrockCustomModel: request('bedrockCustomModelStep', bedrockCustomModelStep),
  BedrockCustomModelDeployment: request('bedrockCustomModelDeploymentStep', bedrockCustomModelDeploymentStep),
  BedrockModelImport: request('bedrockModelImportStep', bedrockModelImportStep),
  BedrockProvisionedModelThroughput: request(
    'bedrockProvisionedModelThroughputStep',
    bedrockProvisionedModelThroughputStep,
  ),
  Job: typedRequest('jobStep', jobStep),
} as const satisfies Record<StepType, StepPrinter>

/** Types that have an option for the prefix of their jobs' names. */
const prefixed: ReadonlySet<string> = new Set(['Processing', 'Training', 'Transform', 'Tuning', 'AutoML', 'Model'])

/** The request as it is, but for a name that is an option of the step. */
function verbatim(step: Readonly<Record<string, unknown>>, scope: Scope): Members {
  const type = String(step['Type'])
  const nameMember = prefixed.has(type) ? stepKind(type)?.nameMember : undefined
  const all = Object.entries(step['Arguments'] ?? {})
  const prefix = all.find(([name]) => name === nameMember)?.[1] as unknown
  const members = all.filter(([name]) => name !== nameMember)
  return {
    ...(prefix !== undefined && { jobNamePrefix: valueCode(prefix, scope) }),
    arguments: objectCode(members.map(([name, value]) => [name, valueCode(value, scope)] as const)),
    ...propertyFiles(step, scope),
  }
}

function condition({ Arguments: args }: Readonly<Record<string, unknown>>, scope: Scope): Members | undefined {
  const conditions = conditionsCode(member(args, 'Conditions'), scope)
  const branch = (name: string): Code | undefined => {
    const steps = member(args, name)
    if (!Array.isArray(steps)) return undefined
    const made = steps.map((step: unknown) => scope.steps.get(String(member(step, 'Name'))))
    return listCode(made.map(each => ({ doc: each?.variable ?? 'undefined', value: each?.step })))
  }
  const [ifSteps, elseSteps] = [branch('IfSteps'), branch('ElseSteps')]
  if (conditions === undefined || ifSteps === undefined || elseSteps === undefined) return undefined
  const isEmpty = ({ value }: Code): boolean => (value as unknown[]).length === 0
  return {
    conditions,
    ...(!isEmpty(ifSteps) && { ifSteps }),
    ...(!isEmpty(elseSteps) && { elseSteps }),
  }
}

/** The body as a function without its item: what reads the item is written by its path. */
function forEach({ Arguments: args }: Readonly<Record<string, unknown>>, scope: Scope): Members | undefined {
  const bodies = member(args, 'ForEachBody')
  const body = Array.isArray(bodies) && bodies.length === 1 ? scope.write?.(bodies[0] as DocumentStep) : undefined
  if (body === undefined) return undefined
  const selector = member(args, 'Selector')
  const field = selector === undefined ? undefined : valueCode(member(selector, 'Field') ?? null, scope)
  const pick = member(selector, 'Pick') === 'MaxBy' ? 'maxBy' : 'minBy'
  return {
    items: valueCode(member(args, 'IterableItems') ?? null, scope),
    maxConcurrency: valueCode(member(args, 'MaxConcurrency') ?? null, scope),
    body: { doc: ['() => ', body.code], value: () => body.step },
    ...(field && { select: objectCode([[pick, { doc: ['() => ', field.doc], value: () => field.value }]]) }),
  }
}

function withOutputs(option: string, name: string): Form {
  return (step, scope) => {
    const outputs = step['OutputParameters']
    const inputs = step['Arguments']
    return {
      [option]: valueCode(step[name] ?? null, scope),
      ...(Object.keys(inputs ?? {}).length > 0 && { inputs: valueCode(inputs, scope) }),
      ...(Array.isArray(outputs) && {
        outputs: objectCode(
          outputs.map(
            (output: unknown) =>
              [String(member(output, 'OutputName')), valueCode(member(output, 'OutputType') ?? null, scope)] as const,
          ),
        ),
      }),
    }
  }
}

/** Options of the checks by the step's members. */
const checkWords = [
  ['check', 'CheckType'],
  ['model', 'ModelName'],
  ['skipCheck', 'SkipCheck'],
  ['failOnViolation', 'FailOnViolation'],
  ['registerNewBaseline', 'RegisterNewBaseline'],
  ['modelPackageGroup', 'ModelPackageGroupName'],
  ['suppliedBaselineStatistics', 'SuppliedBaselineStatistics'],
  ['suppliedBaselineConstraints', 'SuppliedBaselineConstraints'],
] as const

function check(step: Readonly<Record<string, unknown>>, scope: Scope): Members {
  const words = checkWords.filter(([, name]) => step[name] !== undefined)
  return {
    ...Object.fromEntries(words.map(([word, name]) => [word, valueCode(step[name], scope)])),
    ...(step['CheckType'] === undefined && { check: scalarCode(null) }),
    arguments: valueCode(step['Arguments'], scope),
  }
}
