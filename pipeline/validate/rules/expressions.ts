import { isBuiltInImage } from '../../../schemas/built-in-image.ts'
import {
  forEachExpression,
  isGet,
  isJoin,
  isJsonGet,
  isExpression,
  type Reference,
  ownFields,
  parseGetPath,
} from '../../definition/index.ts'
import { judgeJsonPath } from '../json-path.ts'
import { resolveProperty, declaredOutputs } from '../properties.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at, isRecord, records } from '../values.ts'
import { unusedParameters } from './parameters.ts'

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
  const walk = (value: unknown, path: string, step: StepView | undefined): void => {
    forEachExpression(
      value,
      (expression, place) => {
        if (isGet(expression)) checkGet(expression.Get, place, step, scope, used)
        else if (isJoin(expression)) checkJoin(expression['Std:Join'], place, scope)
        else if (isJsonGet(expression)) checkJsonGet(expression['Std:JsonGet'], place, step, scope)
      },
      path,
    )
  }
  for (const member of ['PipelineExperimentConfig', 'MlflowConfig']) walk(scope.document[member], member, undefined)
  for (const step of scope.steps) walk(ownFields(step.placed.step), step.path, step)
  unusedParameters(scope, used)
}

function checkGet(path: unknown, place: string, step: StepView | undefined, scope: Scope, used: Set<string>): void {
  const { report } = scope
  if (typeof path !== 'string') {
    report('FW3001', place, `Get is ${show(path)} where a string such as "Parameters.C" is expected.`)
    return
  }
  const reference = parseGetPath(path)
  if (reference === undefined) {
    report('FW3001', place, `Get ${show(path)} is no path. ${repairPath(path, scope)}`)
    return
  }
  resolvers[reference.root](reference as never, place, step, scope, used)
}

const roots = ['Parameters', 'Execution', 'Steps', 'PipelineExperimentConfig']

function repairPath(path: string, scope: Scope): string {
  const root = path.split('.', 1)[0] ?? ''
  if (root === 'ForEach' || root === 'ChildOutput') return 'The service-side ForEach is not known to Foldwise.'
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
    if (types !== undefined && !types.includes(step?.type ?? '')) {
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

function checkStepReference(
  { step: name, segments }: Extract<Reference, { root: 'Steps' }>,
  place: string,
  step: StepView | undefined,
  scope: Scope,
): void {
  const { report, byName } = scope
  const target = byName.get(name)
  if (step === undefined) {
    report(
      'FW3014',
      place,
      'a reference to a step where no step has run yet. Use parameters and execution variables here.',
    )
    return
  }
  if (target === undefined) {
    report('FW3003', place, `there is no step ${show(name)}.${scope.suggest(name, byName.keys())}`)
    return
  }
  if (target.type === 'Fail') {
    report(
      'FW2015',
      place,
      `${show(name)} is a Fail step, which gives nothing and ends the execution. Remove the reference.`,
    )
    return
  }
  if (target.name === step.name) {
    report(
      'FW2013',
      place,
      'the step refers to what it gives itself. Refer to an earlier step, or to Execution.TrainingJobName or Execution.ProcessingJobName for the name of its job.',
    )
    return
  }
  const [first, second] = segments
  if (first?.kind === 'member' && first.name === 'PropertyFiles' && place.endsWith('.PropertyFile')) {
    checkPropertyFile(
      target,
      second?.kind === 'member' ? second.name : second?.kind === 'key' ? second.key : '',
      place,
      scope,
    )
    return
  }
  checkProperty(target, segments, place, scope)
}

function checkProperty(
  target: StepView,
  segments: Parameters<typeof resolveProperty>[1],
  place: string,
  scope: Scope,
): void {
  const { report, suggest } = scope
  const property = resolveProperty(target, segments)
  const step = show(target.name)
  switch (property.kind) {
    case 'leaf':
      warnOfOpenMetric(target, segments, place, scope)
      return
    case 'unchecked':
      return
    case 'inner':
      report(
        'FW3011',
        place,
        `the path ends at a ${property.shape} of ${step}, and only a single value can be passed on. Go on to a member below it.`,
      )
      return
    case 'absent': {
      const last = segments.find(segment => segment.kind === 'member' && !property.candidates.includes(segment.name))
      const wrong = last?.kind === 'member' ? last.name : ''
      const named = wrong === '' ? 'what the path names' : show(wrong)
      report(
        'FW3006',
        place,
        `${property.what} has no ${named}.${suggest(wrong, property.candidates)} When the service has a newer member, allow FW3006 here with that reason.`,
      )
      return
    }
    case 'undeclared': {
      const declared =
        property.declared.length === 0 ? 'It declares none.' : `It declares ${oneOf(property.declared.map(show))}.`
      const code = property.list === 'output parameters' ? 'FW3009' : 'FW3007'
      report(
        code,
        place,
        `${step} declares no ${property.list} ${show(property.key)}. ${declared}${suggest(property.key, property.declared)}`,
      )
      return
    }
    case 'index':
      report(
        'FW3010',
        place,
        `index ${property.index} of ${property.list}, which gives the ${property.max + 1} best: 0 to ${property.max} would be right.`,
      )
      return
    default:
      property satisfies never
  }
}

/** A metric of a training that declares none exists only when the algorithm brings its own. */
function warnOfOpenMetric(
  target: StepView,
  segments: Parameters<typeof resolveProperty>[1],
  place: string,
  { report }: Scope,
): void {
  const [list, key] = segments
  if (
    target.type !== 'Training' ||
    list?.kind !== 'member' ||
    list.name !== 'FinalMetricDataList' ||
    key?.kind !== 'key'
  )
    return
  const declared = at(target.args, 'AlgorithmSpecification', 'MetricDefinitions')
  if (Array.isArray(declared) && declared.length > 0) return
  if (isBuiltInImage(at(target.args, 'AlgorithmSpecification', 'TrainingImage'))) return
  report(
    'FW3008',
    place,
    `${show(target.name)} has no MetricDefinitions, so the metric ${show(key.key)} exists only when a built-in algorithm brings it. For an own image add a MetricDefinition with a regular expression.`,
  )
}

function checkPropertyFile(target: StepView, name: string, place: string, { report, suggest }: Scope): void {
  if (target.type !== 'Processing') {
    report(
      'FW3020',
      place,
      `${show(target.name)} is a ${target.type} step. Property files belong to Processing steps: read the file with Std:JsonGet and S3Uri instead.`,
    )
    return
  }
  const files = records(target.fields['PropertyFiles'])
    .map(([, file]) => file['PropertyFileName'])
    .filter(file => typeof file === 'string')
  if (files.includes(name)) return
  const declared = files.length === 0 ? 'It has none: add PropertyFiles to it.' : `It has ${oneOf(files.map(show))}.`
  report('FW3020', place, `${show(target.name)} has no property file ${show(name)}. ${declared}${suggest(name, files)}`)
}

function checkJoin(join: unknown, place: string, { report }: Scope): void {
  if (!isRecord(join)) {
    report('FW3016', place, `Std:Join is ${show(join)} where an object with On and Values is expected.`)
    return
  }
  const { On: on, Values: values, ...rest } = join
  if (isExpression(on))
    report(
      'FW3014',
      `${place}["Std:Join"].On`,
      'an expression where only a literal is allowed. Put the separator itself, and expressions into Values.',
    )
  else if (typeof on !== 'string')
    report('FW3016', place, `On is ${show(on)} where a string is expected, such as "" or "/".`)
  if (!Array.isArray(values)) report('FW3016', place, `Values is ${show(values)} where a list is expected.`)
  else {
    for (const [index, value] of values.entries()) {
      if (isExpression(value) || ['string', 'number', 'boolean'].includes(typeof value)) continue
      report(
        'FW3016',
        `${place}["Std:Join"].Values[${index}]`,
        `${show(value)} cannot be joined; a string, a number, true, false or an expression would be right.`,
      )
    }
  }
  for (const member of Object.keys(rest))
    report('FW3016', place, `unknown member ${show(member)} of Std:Join, which has On and Values.`)
}

function checkJsonGet(jsonGet: unknown, place: string, step: StepView | undefined, scope: Scope): void {
  const { report } = scope
  if (!isRecord(jsonGet)) {
    report('FW3017', place, `Std:JsonGet is ${show(jsonGet)} where an object with PropertyFile and Path is expected.`)
    return
  }
  const { PropertyFile: file, S3Uri: uri, Path: path, ...rest } = jsonGet
  if ((file === undefined) === (uri === undefined)) {
    const found = file === undefined ? 'neither PropertyFile nor S3Uri' : 'both PropertyFile and S3Uri'
    report('FW3017', place, `${found}; exactly one of them would be right: ${jsonGetForm}`)
  }
  for (const member of Object.keys(rest))
    report('FW3017', place, `unknown member ${show(member)} of Std:JsonGet. ${jsonGetForm}`)
  if (file !== undefined) checkFileMember(file, place, scope)
  if (uri !== undefined) checkUriMember(uri, place, step, scope)
  checkJsonPath(path, place, scope)
}

const jsonGetForm =
  '{"Std:JsonGet": {"PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}, "Path": "a.b"}} is the form.'

function checkFileMember(file: unknown, place: string, { report }: Scope): void {
  if (!isGet(file)) {
    report('FW3017', place, `PropertyFile is ${show(file)}. ${jsonGetForm}`)
    return
  }
  const reference = typeof file.Get === 'string' ? parseGetPath(file.Get) : undefined
  if (reference === undefined) return
  const [first, second, third] = reference.root === 'Steps' ? reference.segments : []
  const right =
    first?.kind === 'member' && first.name === 'PropertyFiles' && second !== undefined && third === undefined
  if (!right) report('FW3020', place, `${show(file.Get)} is no property file. ${jsonGetForm}`)
}

function checkUriMember(uri: unknown, place: string, step: StepView | undefined, { report }: Scope): void {
  if (!isJoin(uri)) {
    report(
      'FW3023',
      place,
      `S3Uri is ${show(uri)}. The service is known to take a Std:Join here: write {"Std:Join": {"On": "/", "Values": ["s3:/", …]}}.`,
    )
  }
  let refers = false
  forEachExpression(uri, inner => {
    if (isGet(inner) && typeof inner.Get === 'string' && inner.Get.startsWith('Steps.')) refers = true
    if (isJsonGet(inner))
      report(
        'FW3023',
        place,
        'a Std:JsonGet inside the S3Uri of another one. Only literals, parameters, execution variables and properties can be joined here.',
      )
  })
  const dependsOn = step?.placed.step.DependsOn ?? []
  if (!refers && step !== undefined && dependsOn.length === 0) {
    report(
      'FW3026',
      place,
      'S3Uri refers to no step and the step has no DependsOn, so the file may be read before it is written. Add DependsOn with the step that writes it.',
    )
  }
}

function checkJsonPath(path: unknown, place: string, { report }: Scope): void {
  if (typeof path !== 'string') {
    const found = isExpression(path) ? 'an expression' : show(path)
    report(
      'FW3015',
      place,
      `Path is ${found} where a literal string is expected. The path cannot depend on the run: write it out, or let the step that writes the file put the value under a fixed name.`,
    )
    return
  }
  const verdict = judgeJsonPath(path)
  if (verdict.kind === 'broken')
    report(
      'FW3018',
      place,
      `Path ${show(path)} is no JsonPath: it breaks off at character ${verdict.at + 1}. Names with dots, [0] and ['key'] would be right, such as "objective.folds[0].value".`,
    )
  if (verdict.kind === 'many')
    report(
      'FW3019',
      place,
      `Path ${show(path)} uses ${show(verdict.piece)}, which gives a list, and what the service makes of a list is not known. Name one value.`,
    )
}

/** Property files: each of an output of its step, once, as a JSON file below it. */
export function propertyFiles(step: StepView, scope: Scope): void {
  const { report } = scope
  const outputs = declaredOutputs(step)
  const seen = new Set<string>()
  for (const [index, file] of records(step.fields['PropertyFiles'])) {
    const path = `${step.path}.PropertyFiles[${index}]`
    const { PropertyFileName: name, OutputName: output, FilePath: filePath } = file
    if (typeof name === 'string') {
      if (seen.has(name)) report('FW4021', path, `a second property file ${show(name)}. Give each a name of its own.`)
      seen.add(name)
      if (name === '' || !/^[A-Za-z0-9\-_]+$/.test(name))
        report(
          'FW4022',
          path,
          `${show(name)} cannot be named in a Get path; letters, digits, "-" and "_" would be right.`,
        )
    }
    if (typeof output === 'string' && !outputs.includes(output)) {
      const declared = outputs.length === 0 ? 'It has none.' : `It has ${oneOf(outputs.map(show))}.`
      report(
        'FW3021',
        path,
        `${show(step.name)} has no output ${show(output)}. ${declared}${scope.suggest(output, outputs)}`,
      )
    }
    if (typeof filePath === 'string') checkFilePath(filePath, path, scope)
    warnOfFeatureStore(step, output, path, scope)
  }
}

function checkFilePath(filePath: string, path: string, { report }: Scope): void {
  const wrong =
    filePath.startsWith('/') || filePath.includes('://') || filePath.split('/').includes('..') || filePath === ''
  if (wrong)
    report(
      'FW3022',
      path,
      `FilePath ${show(filePath)} is no path below the output; something like "evaluation.json" would be right.`,
    )
  else if (!filePath.endsWith('.json'))
    report('FW3022', path, `FilePath ${show(filePath)} does not end in .json. The file must hold JSON.`)
}

function warnOfFeatureStore(step: StepView, output: unknown, path: string, { report }: Scope): void {
  const found = records(at(step.args, 'ProcessingOutputConfig', 'Outputs')).find(
    ([, record]) => record['OutputName'] === output,
  )?.[1]
  if (found !== undefined && found['S3Output'] === undefined && found['FeatureStoreOutput'] !== undefined) {
    report(
      'FW3022',
      path,
      `the output ${show(output)} goes to a feature group, where no file can be read. Name an output with S3Output.`,
    )
  }
}
