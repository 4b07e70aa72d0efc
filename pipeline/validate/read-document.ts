import type { Step } from '../../schemas/definition.ts'
import { describeType } from '../../schemas/service-model/check-shape.ts'
import { type Branch, joinPath, placeStep, stepKind, stepKinds } from '../definition/index.ts'
import { checkGrammar, documentMembers, type Misfit, membersOf } from './grammar.ts'
import type { Reporter } from './reporter.ts'
import type { ParameterType, ParameterView, StepView } from './scope.ts'
import { oneOf, show } from './show.ts'
import { isRecord, type Json, records } from './values.ts'

/** What of a document is well-formed enough to be judged further; the rest has been reported. */
export interface WellFormed {
  readonly document: Json
  readonly parameters: readonly ParameterView[]
  readonly steps: readonly StepView[]
}

export const parameterTypes: readonly ParameterType[] = ['String', 'Integer', 'Float', 'Boolean']

/** Compares a document with the grammar of the definition language and keeps what is well-formed. */
export function readDocument(value: unknown, reporter: Reporter): WellFormed {
  const { report } = reporter
  if (!isRecord(value)) {
    report('FW1006', '', `${describeType(value)} is no definition. A definition is an object with Version and Steps.`)
    return { document: {}, parameters: [], steps: [] }
  }
  readTop(value, reporter)
  return {
    document: value,
    parameters: readParameters(value['Parameters'], reporter),
    steps: readSteps(value['Steps'], reporter),
  }
}

/** Members that people put into the definition although they belong to the call around it. */
const ofTheCall = new Set([
  'ParallelismConfiguration',
  'PipelineName',
  'PipelineDisplayName',
  'PipelineDescription',
  'RoleArn',
  'Tags',
])

/** Members that the SageMaker Python SDK writes as `null` when they are not used. */
const nullable = new Set(['PipelineExperimentConfig', 'MlflowConfig'])

function readTop(document: Json, { report, suggest }: Reporter): void {
  for (const member of ['Version', 'Steps']) {
    if (!Object.hasOwn(document, member)) {
      const repair =
        member === 'Version' ? 'Write "Version": "2020-12-01".' : 'Write "Steps": [ … ] with at least one step.'
      report('FW1007', '', `${member} is missing. ${repair}`)
    }
  }
  for (const [member, child] of Object.entries(document)) {
    if (child === undefined) continue
    if (!documentMembers.includes(member)) {
      const repair = ofTheCall.has(member)
        ? ' It belongs to CreatePipeline, not into the definition: pass it to upsert.'
        : suggest(member, documentMembers)
      report(
        'FW1005',
        joinPath('', member),
        `${show(member)} is no member of a definition, which has ${oneOf(documentMembers)}.${repair}`,
      )
    } else if (member !== 'Version' && !(child === null && nullable.has(member))) {
      readMember(member, child, report)
    }
  }
}

function readMember(member: string, child: unknown, report: Reporter['report']): void {
  if (member === 'Parameters' || member === 'Steps') {
    if (!Array.isArray(child)) report('FW1006', member, `${describeType(child)} where a list is expected.`)
    return
  }
  if (!isRecord(child)) {
    report('FW1006', member, `${describeType(child)} where an object is expected.`)
    return
  }
  if (member === 'Metadata') {
    for (const [key, value] of Object.entries(child)) {
      if (typeof value !== 'string' || key.length > 128 || value.length > 1024) {
        report(
          'FW1009',
          'Metadata',
          `${show(key)} is ${show(value)}. Metadata holds strings of at most 1024 characters under keys of at most 128.`,
        )
      }
    }
    return
  }
  reportMisfits(checkGrammar(child, member, member), report, documentCodes)
}

const documentCodes = { type: 'FW1006', missing: 'FW1007', unknown: 'FW1005', expression: 'FW3014' } as const
const stepCodes = { type: 'FW2001', missing: 'FW2002', unknown: 'FW2003', expression: 'FW3014' } as const

/** Members whose absence the service may forgive: our grammar wants them, no refusal was ever captured. */
const forgiven = new Set(['IfSteps', 'ElseSteps', 'ErrorMessage'])

/** Members that the SageMaker Python SDK writes as literals only, without a captured refusal of anything else. */
const isDoubtful = (path: string): boolean =>
  /\.(FunctionArn|SqsQueueUrl|DisplayName|Description|(CacheConfig|RetryPolicies\[\d+\])\.\w+)$/.test(path)

function reportMisfits(
  misfits: readonly Misfit[],
  report: Reporter['report'],
  codes: typeof documentCodes | typeof stepCodes,
  suggest: Reporter['suggest'] = () => '',
): void {
  for (const misfit of misfits) {
    switch (misfit.kind) {
      case 'type':
        report(
          codes.type,
          misfit.path,
          `${show(misfit.value)} is ${describeType(misfit.value)} where ${misfit.expected} is expected.`,
        )
        break
      case 'missing':
        if (forgiven.has(misfit.member))
          report('FW2024', misfit.path, `${misfit.member} is missing. Write it even when it is empty.`)
        else report(codes.missing, misfit.path, `${misfit.member} is missing.`)
        break
      case 'unknown':
        report(
          codes.unknown,
          joinPath(misfit.path, misfit.member),
          `unknown member ${show(misfit.member)}; ${oneOf(misfit.known, 14)} would be right.${suggest(misfit.member, misfit.known)}`,
        )
        break
      case 'expression':
        report(
          isDoubtful(misfit.path) ? 'FW3035' : codes.expression,
          misfit.path,
          'an expression where only a literal is allowed. Write the value itself: the service reads this member when it creates the pipeline.',
        )
        break
      default:
        misfit satisfies never
    }
  }
}

function readParameters(list: unknown, { report, nameAt, suggest }: Reporter): ParameterView[] {
  if (!Array.isArray(list)) return []
  const views: ParameterView[] = []
  for (const [index, parameter] of list.entries()) {
    const path = `Parameters[${index}]`
    if (isRecord(parameter) && typeof parameter['Name'] === 'string') nameAt(path, parameter['Name'])
    const misfits = checkGrammar(parameter, 'Parameter', path)
    reportMisfits(misfits, report, documentCodes, suggest)
    if (!isRecord(parameter) || typeof parameter['Name'] !== 'string') continue
    const declared = parameter['Type'] ?? 'String'
    const type = parameterTypes.find(known => known === declared) ?? 'unknown'
    if (type === 'unknown' && typeof declared === 'string') {
      report(
        'FW1013',
        `${path}.Type`,
        `${show(declared)} is no parameter type; ${oneOf(parameterTypes)} would be right.${suggest(declared, parameterTypes)}`,
      )
    }
    const value = parameter['DefaultValue']
    const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    const values = parameter['EnumValues']
    views.push({
      name: parameter['Name'],
      type,
      path,
      default: scalar ? value : undefined,
      enumValues: Array.isArray(values) ? values.filter(item => typeof item === 'string') : undefined,
    })
  }
  return views
}

interface Waiting {
  readonly value: unknown
  readonly path: string
  readonly branches: readonly Branch[]
}

const sides = [
  ['if', 'IfSteps'],
  ['else', 'ElseSteps'],
] as const

function readSteps(list: unknown, reporter: Reporter): StepView[] {
  const views: StepView[] = []
  const place = (steps: unknown, path: string, branches: readonly Branch[]): Waiting[] =>
    Array.isArray(steps) ? steps.map((value, index) => ({ value, path: `${path}[${index}]`, branches })) : []
  const stack = place(list, 'Steps', []).reverse()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const view = readStep(next, reporter)
    if (view === undefined) continue
    views.push(view)
    if (view.kind?.branches === undefined) continue
    const { branches, path } = next
    const inside = sides.flatMap(([side, member]) =>
      place(view.args[member], `${path}.Arguments.${member}`, [...branches, { condition: view.name, side }]),
    )
    stack.push(...inside.reverse())
  }
  return views
}

/** Members that every step may have, also one of a type that Foldwise does not know. */
const commonMembers = ['Name', 'Type', 'Arguments', 'DisplayName', 'Description', 'DependsOn']

function readStep({ value, path, branches }: Waiting, { report, nameAt, suggest }: Reporter): StepView | undefined {
  if (!isRecord(value)) {
    report(
      'FW2001',
      path,
      `${show(value)} is ${describeType(value)} where a step is expected, an object with Name, Type and Arguments.`,
    )
    return undefined
  }
  const { Name: name, Type: type } = value
  if (typeof name === 'string') nameAt(path, name)
  const kind = typeof type === 'string' ? stepKind(type) : undefined
  if (kind !== undefined) checkKnown(value, type as string, path, { report, suggest })
  else checkUnknown(value, path, { report, suggest })

  const args = isRecord(value['Arguments']) ? value['Arguments'] : {}
  if (kind?.bodyMember !== undefined) nameBody(args[kind.bodyMember], `${path}.Arguments.${kind.bodyMember}`, nameAt)
  const dependsOn = Array.isArray(value['DependsOn']) ? value['DependsOn'] : []
  const sound = (isSound(value) && kind?.branches === undefined
    ? value
    : {
        ...value,
        Name: typeof name === 'string' ? name : '',
        Type: typeof type === 'string' ? type : '',
        // The steps inside branches are views of their own.
        Arguments: kind?.branches === undefined ? args : { ...args, IfSteps: [], ElseSteps: [] },
        DependsOn: dependsOn.filter(item => typeof item === 'string'),
      }) as unknown as Step
  return {
    name: sound.Name,
    type: typeof type === 'string' ? type : '',
    path,
    fields: value,
    args,
    kind,
    placed: placeStep(sound, path, branches),
  }
}

/** The step inside is judged as a part of this one, and called by its own name. */
function nameBody(list: unknown, path: string, nameAt: Reporter['nameAt']): void {
  for (const [index, body] of records(list)) {
    if (typeof body['Name'] === 'string') nameAt(`${path}[${index}]`, body['Name'])
  }
}

/** True when what graph and walk read of a step is there; other steps are given what they lack. */
const isSound = ({ Name: name, Type: type, Arguments: args, DependsOn: dependsOn }: Json): boolean =>
  typeof name === 'string' &&
  typeof type === 'string' &&
  isRecord(args) &&
  (dependsOn === undefined || (Array.isArray(dependsOn) && dependsOn.every(item => typeof item === 'string')))

/** What the rules of conditions and arguments judge, in better words than the grammar. */
const judgedElsewhere = new Set(['Arguments'])

function checkKnown(
  step: Json,
  type: string,
  path: string,
  { report, suggest }: Pick<Reporter, 'report' | 'suggest'>,
): void {
  const grammarName = `${type}Step`
  const misfits = checkGrammar(step, grammarName, path, judgedElsewhere)
  reportMisfits(misfits, report, stepCodes, (member, known) => takers(member, type) || suggest(member, known))
  const args = step['Arguments']
  if (args === undefined) return
  if (!isRecord(args)) {
    report('FW2001', `${path}.Arguments`, `${show(args)} is ${describeType(args)} where an object is expected.`)
    return
  }
  if (type !== 'Condition' && type !== 'Fail') return
  const fields = type === 'Condition' ? ['Conditions', 'IfSteps', 'ElseSteps'] : ['ErrorMessage']
  for (const field of fields) {
    if (!Object.hasOwn(args, field)) {
      if (forgiven.has(field))
        report('FW2024', `${path}.Arguments`, `${field} is missing. Write it even when it is empty.`)
      else report('FW2002', `${path}.Arguments`, `${field} is missing.`)
    } else if (type === 'Condition' && !Array.isArray(args[field])) {
      report(
        'FW2001',
        `${path}.Arguments.${field}`,
        `${show(args[field])} is ${describeType(args[field])} where a list is expected.`,
      )
    }
  }
  for (const member of Object.keys(args)) {
    if (!fields.includes(member))
      report(
        'FW2003',
        joinPath(`${path}.Arguments`, member),
        `unknown member ${show(member)}; ${oneOf(fields)} would be right.${suggest(member, fields)}`,
      )
  }
}

/** Which step types take a member that this one does not. */
function takers(member: string, type: string): string {
  const types = Object.keys(stepKinds).filter(other => membersOf(`${other}Step`)?.includes(member))
  return types.length === 0 ? '' : ` A ${type} step takes no ${member}; ${oneOf(types)} would.`
}

function checkUnknown(step: Json, path: string, { report, suggest }: Pick<Reporter, 'report' | 'suggest'>): void {
  for (const member of ['Name', 'Type', 'Arguments']) {
    if (!Object.hasOwn(step, member)) report('FW2002', path, `${member} is missing.`)
  }
  const { Name: name, Type: type } = step
  if (name !== undefined && typeof name !== 'string')
    report('FW2001', `${path}.Name`, `${show(name)} is ${describeType(name)} where a string is expected.`)
  if (type === undefined) {
    for (const member of Object.keys(step)) {
      const meant = commonMembers.includes(member) ? '' : suggest(member, commonMembers)
      if (meant !== '') report('FW2003', joinPath(path, member), `unknown member ${show(member)}.${meant}`)
    }
    return
  }
  if (typeof type !== 'string') {
    report('FW2001', `${path}.Type`, `${show(type)} is ${describeType(type)} where a string is expected.`)
    return
  }
  const meant = isVariant(type) ? '' : suggest(type, Object.keys(stepKinds))
  if (meant === '')
    report(
      'FW2010',
      `${path}.Type`,
      `${show(type)} is no step type that Foldwise knows, so only its name, order and references are judged.`,
    )
  else report('FW2009', `${path}.Type`, `${show(type)} is no step type.${meant}`)
}

/** A known type with something behind it, such as `AutoMLV2`, is rather new than misspelt. */
const isVariant = (type: string): boolean =>
  Object.keys(stepKinds).some(known => type.startsWith(known) && /^V?\d/.test(type.slice(known.length)))
