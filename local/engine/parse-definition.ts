import { buildGraph, placedSteps, stepKind, topologicalOrder } from '../../pipeline/definition/index.ts'
import { DEFINITION_VERSION, MAX_DEFINITION_CHARACTERS, type PipelineDefinition } from '../../schemas/definition.ts'
import { ServiceError } from '../service-error.ts'

/**
 * Reads a definition as CreatePipeline and UpdatePipeline do. What the validator of Foldwise finds beyond this, the local
 * engine leaves to the step that it concerns.
 *
 * @throws ServiceError `ValidationException`, "Unable to parse pipeline definition. …".
 */
export function parseDefinition(text: string): PipelineDefinition {
  if (text.length === 0 || text.length > MAX_DEFINITION_CHARACTERS) {
    throw refused(`The definition has ${text.length} characters; 1 to ${MAX_DEFINITION_CHARACTERS} are allowed.`)
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw refused((error as Error).message)
  }
  checkShape(document)
  checkSteps(document)
  return document
}

const refused = (why: string): ServiceError =>
  new ServiceError('ValidationException', `Unable to parse pipeline definition. ${why}`)

const topMembers = new Set(['Version', 'Metadata', 'Parameters', 'PipelineExperimentConfig', 'MlflowConfig', 'Steps'])
const parameterTypes = new Set([undefined, 'String', 'Integer', 'Float', 'Boolean'])

function checkShape(value: unknown): asserts value is PipelineDefinition {
  if (!isRecord(value)) throw refused('Expecting start of Json Object.')
  const unknown = Object.keys(value).find(name => !topMembers.has(name))
  if (unknown !== undefined) throw refused(`Cannot parse object, unknown property '${unknown}'.`)
  if (value['Version'] !== DEFINITION_VERSION)
    throw refused(`Version ${JSON.stringify(value['Version'])} is not supported, use "${DEFINITION_VERSION}".`)
  const parameters = value['Parameters'] ?? []
  if (!Array.isArray(parameters)) throw refused('Parameters: Expecting start of Json Array.')
  const names = new Set<unknown>()
  for (const parameter of parameters) {
    if (!isRecord(parameter) || typeof parameter['Name'] !== 'string') throw refused('A parameter has no Name.')
    if (!parameterTypes.has(parameter['Type'] as string))
      throw refused(`Parameter '${parameter['Name']}' has the unknown Type '${String(parameter['Type'])}'.`)
    if (names.has(parameter['Name'])) throw refused(`Parameter '${parameter['Name']}' is declared twice.`)
    names.add(parameter['Name'])
  }
  checkStepList(value['Steps'], 'Steps')
  if ((value['Steps'] as unknown[]).length === 0) throw refused('Steps: at least one step is needed.')
}

function checkStepList(list: unknown, path: string): void {
  if (!Array.isArray(list)) throw refused(`${path}: Expecting start of Json Array.`)
  for (const [index, step] of list.entries()) {
    const at = `${path}[${index}]`
    if (!isRecord(step)) throw refused(`${at}: Expecting start of Json Object.`)
    const { Name, Type, Arguments, DependsOn } = step
    if (typeof Name !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(Name))
      throw refused(`${at}: the step name ${JSON.stringify(Name)} is not 1 to 64 of A-Z, a-z, 0-9, - and _.`)
    if (typeof Type !== 'string' || stepKind(Type) === undefined)
      throw refused(`${at}: the step type ${JSON.stringify(Type)} is unknown.`)
    if (!isRecord(Arguments)) throw refused(`${at}.Arguments: Expecting start of Json Object.`)
    if (DependsOn !== undefined && !(Array.isArray(DependsOn) && DependsOn.every(name => typeof name === 'string'))) {
      throw refused(`${at}.DependsOn: Expecting start of Json Array.`)
    }
    if (Type !== 'Condition') continue
    if (!Array.isArray(Arguments['Conditions']))
      throw refused(`${at}.Arguments.Conditions: Expecting start of Json Array.`)
    checkStepList(Arguments['IfSteps'], `${at}.Arguments.IfSteps`)
    checkStepList(Arguments['ElseSteps'], `${at}.Arguments.ElseSteps`)
  }
}

/** Names, dependencies and order; the texts are those of the service or of the SageMaker Python SDK where there are any. */
function checkSteps(document: PipelineDefinition): void {
  const placed = placedSteps(document)
  const types = new Map<string, string>()
  for (const { step } of placed) {
    if (types.has(step.Name)) throw refused(`Pipeline steps cannot have duplicate names: '${step.Name}'.`)
    types.set(step.Name, step.Type)
  }
  for (const { step } of placed) {
    for (const name of step.DependsOn ?? []) {
      if (!types.has(name)) throw refused(`Step ${name} is undefined.`)
      if (types.get(name) === 'Fail') throw refused(`${step.Name} can not depends on ${name}`)
    }
  }
  const { cyclic } = topologicalOrder(buildGraph(document))
  if (cyclic.length > 0) throw refused(`Cycle detected in pipeline step graph: ${cyclic.slice(0, 10).join(', ')}.`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
