import type { Step } from '../../../schemas/definition.ts'
import { isExpression, isGet, parseGetPath, placeStep, stepKind } from '../../definition/index.ts'
import { resolveProperty } from '../properties.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { isRecord } from '../values.ts'

const members = ['IterableItems', 'MaxConcurrency', 'Selector', 'ForEachBody']
const refusedBodies: ReadonlySet<string> = new Set(['Condition', 'Fail', 'ForEach'])

/** A step that runs another for every item of a list: its own members. */
export function forEach(step: StepView, scope: Scope): void {
  const { args } = step
  const { report } = scope
  const place = `${step.path}.Arguments`
  report(
    'FW2601',
    step.path,
    'a ForEach step. It is known only from a change to the SageMaker Python SDK that was never released, so the service may refuse it. Write one step per item when it does.',
  )
  for (const member of Object.keys(args)) {
    if (!members.includes(member))
      report(
        'FW2003',
        `${place}.${member}`,
        `unknown member ${show(member)}; ${oneOf(members)} would be right.${scope.suggest(member, members)}`,
      )
  }
  if (!isExpression(args['IterableItems'])) {
    report(
      'FW2608',
      place,
      `IterableItems is ${show(args['IterableItems'])} where a reference to a JSON list is expected.`,
    )
  }
  const most = args['MaxConcurrency']
  if (!isExpression(most) && !(Number.isInteger(most) && (most as number) >= 1 && (most as number) <= 50)) {
    report('FW2602', place, `MaxConcurrency is ${show(most)}; a whole number from 1 to 50 would be right.`)
  }
  checkBody(step, scope)
  checkSelector(step, scope)
}

function checkBody(step: StepView, scope: Scope): void {
  const { report, byName } = scope
  const place = `${step.path}.Arguments`
  const list = step.args['ForEachBody']
  const body = bodyOf(step)
  if (!Array.isArray(list) || list.length !== 1 || body === undefined) {
    const found = Array.isArray(list) && list.length !== 1 ? `${list.length} steps` : show(list)
    report('FW2603', place, `ForEachBody is ${found} where a list of one step is expected.`)
  }
  if (body === undefined) return
  if (refusedBodies.has(body.type)) {
    report('FW2604', body.path, `a ${body.type} step as a body. A step with a job would be right.`)
  }
  if (byName.has(body.name))
    report('FW2004', body.path, `the name ${show(body.name)} is that of another step too. Rename one.`)
  for (const name of byName.keys()) {
    if (name.startsWith(`${body.name}-`) && /^\d+$/.test(name.slice(body.name.length + 1))) {
      report(
        'FW2605',
        body.path,
        `a run of this body will be called ${show(name)}, and there is a step of that name. Rename one.`,
      )
    }
  }
}

function checkSelector(step: StepView, { report }: Scope): void {
  const selector = step.args['Selector']
  if (selector === undefined) return
  const place = `${step.path}.Arguments.Selector`
  const { Pick: pick, Field: field } = isRecord(selector) ? selector : {}
  if (pick !== 'MaxBy' && pick !== 'MinBy') {
    report('FW2607', place, `Pick is ${show(pick)}; "MaxBy" or "MinBy" would be right.`)
  }
  const body = bodyOf(step)
  if (body === undefined) return
  const path = isGet(field) && typeof field.Get === 'string' ? field.Get : ''
  const below = path.startsWith(`ChildOutput.${body.name}.`) ? path.slice('ChildOutput.'.length) : undefined
  const reference = below === undefined ? undefined : parseGetPath(`Steps.${below}`)
  const property = reference?.root === 'Steps' ? resolveProperty(body, reference.segments) : undefined
  if (property?.kind === 'leaf' || property?.kind === 'unchecked') return
  report(
    'FW2607',
    place,
    `Field is ${path === '' ? show(field) : show(path)}, which is no value of a run; a path such as ChildOutput.${body.name}.<member> would be right.`,
  )
}

/** The body as a step that the rules of its type judge; undefined when there is none. */
export function bodyOf(step: StepView): StepView | undefined {
  const list = step.args['ForEachBody']
  const fields: unknown = Array.isArray(list) ? list[0] : undefined
  if (!isRecord(fields) || typeof fields['Name'] !== 'string' || typeof fields['Type'] !== 'string') return undefined
  const args = isRecord(fields['Arguments']) ? fields['Arguments'] : {}
  const path = `${step.path}.Arguments.ForEachBody[0]`
  return {
    name: fields['Name'],
    type: fields['Type'],
    path,
    fields,
    args,
    kind: stepKind(fields['Type']),
    placed: placeStep({ ...fields, Arguments: args } as unknown as Step, path, step.placed.branches),
  }
}

/**
 * What `ForEach.…` and `ChildOutput.…` mean where they stand.
 *
 * @returns true when the path is one of these, right or reported
 */
export function isForEachPath(path: string, place: string, { report }: Scope): boolean {
  if (path.startsWith('ChildOutput.')) {
    if (!place.includes('.Selector.')) {
      report(
        'FW2607',
        place,
        `${show(path)} means something only as the Field of a ForEach selector. Outside refer to Steps.<for each>.ChildOutputs[0] or .Selected.`,
      )
    }
    return true
  }
  if (!/^ForEach\b/.test(path)) return false
  if (!/^ForEach\.CurrentItem(\.[A-Za-z_][\w-]*)?$/.test(path)) {
    report('FW2606', place, `${show(path)} is no item; ForEach.CurrentItem or one member of it would be right.`)
  } else if (!place.includes('.ForEachBody[')) {
    report('FW2606', place, `${show(path)} means something only inside the body of a ForEach step.`)
  }
  return true
}
