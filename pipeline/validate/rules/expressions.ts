import type { Expression } from '../../../schemas/definition.ts'
import {
  forEachExpression,
  formatPlace,
  isGet,
  isJoin,
  isJsonGet,
  parseGetPath,
  type Reference,
} from '../../definition/index.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at } from '../values.ts'
import { bodyOf, isForEachPath } from './for-each.ts'
import { checkJoin, checkJsonGet } from './functions.ts'
import { unusedParameters } from './parameters.ts'
import { checkStepReference } from './step-references.ts'

export const executionVariables = [
  'StartDateTime',
  'CurrentDateTime',
  'PipelineName',
  'PipelineArn',
  'PipelineExecutionId',
  'PipelineExecutionArn',
  'TrainingJobName',
  'ProcessingJobName',
] as const

/** Step types whose job has the name of an execution variable. */
const jobNameVariables: Readonly<Record<string, readonly string[]>> = {
  TrainingJobName: ['Training'],
  ProcessingJobName: ['Processing', 'ClarifyCheck', 'QualityCheck'],
}

/** Every expression of the document: its form, and that what it points at exists. */
export function expressions(scope: Scope): void {
  const used = new Set<string>()
  const check = (expression: Expression, place: string, step: StepView | undefined): void => {
    if (isGet(expression)) checkGet(expression.Get, place, step, scope, used)
    else if (isJoin(expression)) checkJoin(expression['Std:Join'], place, scope)
    else if (isJsonGet(expression)) checkJsonGet(expression['Std:JsonGet'], place, step, scope)
  }
  for (const member of ['PipelineExperimentConfig', 'MlflowConfig']) {
    forEachExpression(scope.document[member], (expression, place) =>
      check(expression, formatPlace(place, member), undefined),
    )
  }
  for (const step of scope.steps) {
    for (const { expression, place } of step.placed.expressions) {
      if (!isDeclared(expression, scope, used)) check(expression, formatPlace(place, step.path), step)
    }
  }
  unusedParameters(scope, used)
}

/** The most frequent of all, for which no place need be written out: a parameter that there is. */
function isDeclared(expression: Expression, { parameters }: Scope, used: Set<string>): boolean {
  const reference = isGet(expression) ? parseGetPath(expression.Get) : undefined
  if (reference?.root !== 'Parameters' || !parameters.has(reference.name)) return false
  used.add(reference.name)
  return true
}

function checkGet(path: unknown, place: string, step: StepView | undefined, scope: Scope, used: Set<string>): void {
  const { report } = scope
  if (typeof path !== 'string') {
    report('FW3001', place, `Get is ${show(path)} where a string such as "Parameters.C" is expected.`)
    return
  }
  const reference = parseGetPath(path)
  if (reference === undefined && isForEachPath(path, place, scope)) return
  if (reference === undefined) {
    report('FW3001', place, `Get ${show(path)} is no path. ${repairPath(path, scope)}`)
    return
  }
  resolvers[reference.root](reference as never, place, step, scope, used)
}

const roots = ['Parameters', 'Execution', 'Steps', 'PipelineExperimentConfig']

function repairPath(path: string, scope: Scope): string {
  const root = path.split('.', 1)[0] ?? ''
  if (scope.parameters.has(path)) return `Write "Parameters.${path}".`
  if (scope.byName.has(root)) return `Write "Steps.${path.slice(0, 200)}".`
  const right =
    'Parameters.<name>, Execution.<variable>, Steps.<step>.<property> or PipelineExperimentConfig.<member> would be right.'
  return roots.includes(root)
    ? `After ${root}. come names with dots, [0] and ['key'] between them.`
    : right + scope.suggest(root, roots)
}

type Resolver<R extends Reference['root']> = (
  reference: Extract<Reference, { root: R }>,
  place: string,
  step: StepView | undefined,
  scope: Scope,
  used: Set<string>,
) => void

const resolvers: { readonly [R in Reference['root']]: Resolver<R> } = {
  Parameters: ({ name }, place, _step, { parameters, report, suggest }, used) => {
    used.add(name)
    if (!parameters.has(name))
      report(
        'FW3002',
        place,
        `there is no parameter ${show(name)}. Declare it in Parameters.${suggest(name, parameters.keys())}`,
      )
  },
  Execution: ({ name }, place, step, { report, suggest }) => {
    if (!executionVariables.includes(name as never)) {
      report(
        'FW3004',
        place,
        `there is no execution variable ${show(name)}; ${oneOf(executionVariables)} would be right.${suggest(name, executionVariables)}`,
      )
      return
    }
    const types = Object.hasOwn(jobNameVariables, name) ? jobNameVariables[name] : undefined
    const job = step !== undefined && place.includes('.ForEachBody[') ? (bodyOf(step) ?? step) : step
    if (types !== undefined && !types.includes(job?.type ?? '')) {
      report(
        'FW3005',
        place,
        `Execution.${name} is the name of the job that the step itself starts, so it means something in a ${oneOf(types)} step only. To name another step's job, refer to Steps.<step>.${name}.`,
      )
    }
  },
  PipelineExperimentConfig: ({ name }, place, _step, { document, report }) => {
    if (name !== 'ExperimentName' && name !== 'TrialName') {
      report(
        'FW3031',
        place,
        `PipelineExperimentConfig has no ${show(name)}; ExperimentName or TrialName would be right.`,
      )
    } else if (at(document['PipelineExperimentConfig'], name) === undefined) {
      report(
        'FW3031',
        place,
        `the definition sets no PipelineExperimentConfig.${name}, so the reference has nothing to point at. Set it, or refer to Execution.PipelineName.`,
      )
    }
  },
  Steps: (reference, place, step, scope) => checkStepReference(reference, place, step, scope),
}
