import { topologicalOrder } from '../../definition/index.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'

/** `DependsOn`, cycles, Fail steps. */
export function dependencies(scope: Scope): void {
  for (const step of scope.steps) checkDependsOn(step, scope)
  reportCycles(scope)
}

function checkDependsOn(step: StepView, scope: Scope): void {
  const { report, byName } = scope
  const list = step.fields['DependsOn']
  if (!Array.isArray(list)) return
  const references = new Set(scope.graph.edges.length === 0 ? [] : (referencedBy(scope).get(step.name) ?? []))
  const seen = new Set<string>()
  for (const [index, name] of list.entries()) {
    if (typeof name !== 'string') continue
    const path = `${step.path}.DependsOn[${index}]`
    const target = byName.get(name)
    if (name === step.name) {
      report('FW2013', path, 'the step depends on itself. Remove the entry.')
    } else if (target === undefined) {
      report('FW2012', path, `there is no step ${show(name)}.${scope.suggest(name, byName.keys())}`)
    } else {
      judgeDependency(step, target, path, scope)
      if (seen.has(name) || references.has(name)) {
        const why = seen.has(name) ? 'is listed twice' : 'is needed anyway, because the step refers to what it gives'
        report('FW2023', path, `${show(name)} ${why}. The entry changes nothing.`)
      }
    }
    seen.add(name)
  }
}

function judgeDependency(step: StepView, target: StepView, path: string, { report }: Scope): void {
  if (target.type === 'Fail') {
    // The refusal that was captured is of a Condition that depends on a Fail step.
    if (step.type === 'Condition')
      report(
        'FW2015',
        path,
        `${show(target.name)} is a Fail step, and nothing can wait for one: it ends the execution. Remove the entry.`,
      )
    else
      report(
        'FW2016',
        path,
        `${show(target.name)} is a Fail step. It ends the execution, so ${show(step.name)} would never run. Remove the entry.`,
      )
  }
  if (target.type === 'Condition') {
    const inside = step.placed.branches.some(branch => branch.condition === target.name)
    if (inside)
      report(
        'FW2017',
        path,
        `${show(target.name)} is the condition around this step, which waits for it anyway. Remove the entry.`,
      )
    else
      report(
        'FW2018',
        path,
        `${show(target.name)} is a Condition step. The service refused such entries: put ${show(step.name)} into its IfSteps or ElseSteps, or depend on the steps inside.`,
      )
  }
}

const references = new WeakMap<Scope, Map<string, Set<string>>>()

/** Step name to the names of the steps it refers to; made once per document. */
function referencedBy(scope: Scope): Map<string, Set<string>> {
  const made = references.get(scope)
  if (made !== undefined) return made
  const map = new Map<string, Set<string>>()
  for (const { from, to, reason } of scope.graph.edges) {
    if (reason !== 'reference') continue
    const known = map.get(to)
    if (known === undefined) map.set(to, new Set([from]))
    else known.add(from)
  }
  references.set(scope, map)
  return map
}

function reportCycles(scope: Scope): void {
  const { cyclic } = topologicalOrder(scope.graph)
  const left = new Set(cyclic)
  const done = new Set<string>()
  for (const start of cyclic) {
    const cycle = findCycle(start, left, done, scope)
    if (cycle === undefined || cycle.length < 2) continue
    const first = scope.byName.get(cycle[0] as string)
    const shown = cycle.length > 12 ? [...cycle.slice(0, 11), `… ${cycle.length - 11} more`] : cycle
    scope.report(
      'FW2014',
      first?.path ?? 'Steps',
      `the steps wait for each other: ${[...shown, cycle[0]].join(' ← ')}. Remove one of these references or DependsOn entries.`,
    )
  }
}

/** Walks predecessors from `start` until a step comes again; every step is walked once in the whole document. */
function findCycle(
  start: string,
  left: ReadonlySet<string>,
  done: Set<string>,
  { graph }: Scope,
): string[] | undefined {
  const position = new Map<string, number>()
  const trail: string[] = []
  for (let name: string | undefined = start; name !== undefined; ) {
    if (done.has(name)) {
      for (const passed of trail) done.add(passed)
      return undefined
    }
    const before = position.get(name)
    if (before !== undefined) {
      for (const passed of trail) done.add(passed)
      return trail.slice(before)
    }
    position.set(name, trail.length)
    trail.push(name)
    name = [...(graph.predecessors.get(name) ?? [])].find(candidate => left.has(candidate))
  }
  return undefined
}

/** What branches do to the steps around them: steps that never run, or only sometimes. */
export function branches(scope: Scope): void {
  if (scope.steps.every(step => step.placed.branches.length === 0)) return
  const needs = new Map<string, Needs>()
  for (const name of topologicalOrder(scope.graph).order) {
    const step = scope.byName.get(name)
    if (step !== undefined) needs.set(name, needsOf(step, needs, scope))
  }
  for (const step of scope.steps) {
    if (step.type === 'Condition' && step.placed.branches.length > 0) {
      const outer = step.placed.branches.at(-1)?.condition ?? ''
      scope.report(
        'FW2021',
        step.path,
        `a Condition inside a branch of ${show(outer)}. AWS documents nested conditions as unsupported: join the conditions of the two, or make it a top-level step that compares Steps.${outer}.Outcome.`,
      )
    }
  }
}

/** Condition name to the side that must be taken for a step to run. */
type Needs = ReadonlyMap<string, 'if' | 'else'>

const none: Needs = new Map()

/** Behind so many conditions nothing is added, so that hostile documents stay linear. */
const MAX_NEEDS = 500

function needsOf(step: StepView, known: ReadonlyMap<string, Needs>, scope: Scope): Needs {
  const own = new Map(step.placed.branches.map(({ condition, side }) => [condition, side] as const))
  let needs: Needs = own.size === 0 ? none : own
  let conflict: { readonly condition: string; readonly before: string } | undefined
  const outside = new Set<string>()
  const before = [...(scope.graph.predecessors.get(step.name) ?? [])]
  for (const name of before) {
    const theirs = known.get(name) ?? none
    if (theirs.size === 0 || theirs === needs || needs.size > MAX_NEEDS) continue
    for (const [condition, side] of theirs) {
      const mine = needs.get(condition)
      if (mine !== undefined && mine !== side) conflict ??= { condition, before: name }
    }
    needs = needs.size === 0 ? theirs : contains(needs, theirs) ? needs : new Map([...needs, ...theirs])
    const inner = scope.byName.get(name)?.placed.branches ?? []
    if (inner.some(({ condition }) => !own.has(condition))) outside.add(name)
  }
  if (conflict !== undefined) {
    const code = own.has(conflict.condition) ? 'FW2020' : 'FW2019'
    const text =
      code === 'FW2020'
        ? `it waits for ${show(conflict.before)} on the other side of the condition ${show(conflict.condition)}, so it never runs. A step can only wait for steps of its own side.`
        : `it waits for steps on both sides of the condition ${show(conflict.condition)}, so it never runs. Write the step once per side.`
    scope.report(code, step.path, text)
  } else if (outside.size > 0) {
    scope.report(
      'FW2022',
      step.path,
      `it waits for ${oneOf([...outside].map(show))} inside a branch and is silently left out when the branch is not taken. Move it into the branch when that is meant.`,
    )
  }
  return needs
}

const contains = (all: Needs, some: Needs): boolean =>
  [...some].every(([condition, side]) => all.get(condition) === side)

/** A step that waits for more steps than run at once. */
export function fanIn(scope: Scope): void {
  const parallel = scope.options.pipeline?.maxParallelSteps
  if (parallel === undefined) return
  for (const step of scope.steps) {
    const waits = scope.graph.predecessors.get(step.name)?.size ?? 0
    if (waits > parallel) {
      scope.report(
        'FW2027',
        step.path,
        `it waits for ${waits} steps, of which ${parallel} run at once. The execution takes about ${Math.ceil(waits / parallel)} rounds of them.`,
      )
    }
  }
}
