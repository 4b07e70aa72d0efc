import { isGet, isJoin, parseGetPath } from '../../definition/index.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at, isRecord, isSet, records } from '../values.ts'

/** A place on S3 that a step reads or writes, as text with `{Execution.…}` for what an execution fills in. */
interface Location {
  readonly step: StepView
  readonly path: string
  readonly uri: string
}

/** What steps read from and write to S3: clashes, leaks and missing edges that no single step shows. */
export function locations(scope: Scope): void {
  const outputs = scope.steps.flatMap(step => outputsOf(step, scope))
  const inputs = scope.steps.flatMap(step => inputsOf(step, scope))
  reportClashes(outputs, scope)
  // Checkpoints are meant to be found again by a later execution.
  for (const output of outputs) if (!output.path.endsWith('.CheckpointConfig.S3Uri')) reportConstant(output, scope)
  reportOpenPrefixes(inputs, [...outputs, ...inputs], scope)
  reportMissingEdges(inputs, outputs, scope)
}

/** Training jobs write below their own names; only what processings write, checkpoints and transforms meet. */
function outputsOf(step: StepView, scope: Scope): Location[] {
  const { args } = step
  const found: Location[] = []
  for (const [index, output] of records(at(args, 'ProcessingOutputConfig', 'Outputs'))) {
    const path = `ProcessingOutputConfig.Outputs[${index}].S3Output.S3Uri`
    locate(at(output, 'S3Output', 'S3Uri'), path, step, scope, found)
  }
  if (isSet(args, 'CheckpointConfig')) {
    locate(at(args, 'CheckpointConfig', 'S3Uri'), 'CheckpointConfig.S3Uri', step, scope, found)
  }
  if (isSet(args, 'TransformOutput')) {
    locate(at(args, 'TransformOutput', 'S3OutputPath'), 'TransformOutput.S3OutputPath', step, scope, found)
  }
  return found
}

function inputsOf(step: StepView, scope: Scope): Location[] {
  const { args } = step
  const found: Location[] = []
  const add = (source: unknown, path: string): void => {
    if (!isRecord(source) || (source['S3DataType'] !== undefined && source['S3DataType'] !== 'S3Prefix')) return
    locate(source['S3Uri'], `${path}.S3Uri`, step, scope, found)
  }
  for (const [index, input] of records(args['ProcessingInputs'])) {
    add(at(input, 'S3Input'), `ProcessingInputs[${index}].S3Input`)
  }
  for (const [index, channel] of records(args['InputDataConfig'])) {
    add(at(channel, 'DataSource', 'S3DataSource'), `InputDataConfig[${index}].DataSource.S3DataSource`)
  }
  add(at(args, 'TransformInput', 'DataSource', 'S3DataSource'), 'TransformInput.DataSource.S3DataSource')
  return found
}

function locate(value: unknown, path: string, step: StepView, scope: Scope, found: Location[]): void {
  const uri = template(value, scope, 0)
  if (uri !== undefined) found.push({ step, path: `${step.path}.Arguments.${path}`, uri })
}

/** The text of a URI with placeholders; outputs of other steps are followed to their own URI. */
function template(value: unknown, scope: Scope, hops: number): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (isGet(value)) {
    if (typeof value.Get !== 'string') return undefined
    const output = hops < MAX_HOPS ? outputUri(value.Get, scope) : undefined
    return (output === undefined ? undefined : template(output, scope, hops + 1)) ?? `{${value.Get}}`
  }
  if (!isJoin(value)) return undefined
  const { On: on, Values: values } = value['Std:Join'] ?? {}
  if (typeof on !== 'string' || !Array.isArray(values)) return undefined
  const pieces = values.map(piece => template(piece, scope, hops + 1))
  return pieces.includes(undefined) || hops > MAX_HOPS ? undefined : pieces.join(on)
}

/** References lead from step to step; a cycle of them must end. */
const MAX_HOPS = 8

/** What a step writes to by `ProcessingOutputConfig.Outputs['x'].S3Output.S3Uri`. */
function outputUri(path: string, { byName }: Scope): unknown {
  const reference = parseGetPath(path)
  if (reference?.root !== 'Steps' || reference.segments.length !== 5) return undefined
  const [config, list, output, place, uri] = reference.segments.map(segment =>
    segment.kind === 'member' ? segment.name : segment,
  )
  if (config !== 'ProcessingOutputConfig' || list !== 'Outputs' || place !== 'S3Output' || uri !== 'S3Uri') {
    return undefined
  }
  const name = typeof output === 'object' && output.kind === 'key' ? output.key : undefined
  const outputs = records(at(byName.get(reference.step)?.args, 'ProcessingOutputConfig', 'Outputs'))
  return at(outputs.find(([, declared]) => declared['OutputName'] === name)?.[1], 'S3Output', 'S3Uri')
}

function reportClashes(outputs: readonly Location[], { report }: Scope): void {
  const first = new Map<string, Location>()
  for (const output of outputs) {
    const key = output.uri.replace(/\/+$/, '')
    const other = first.get(key)
    if (other === undefined) first.set(key, output)
    else if (!excludes(other.step, output.step)) {
      report(
        'FW5022',
        output.path,
        `${show(output.uri)} is also written by ${show(other.step.name)}, so one overwrites the other. Give each a folder of its own.`,
      )
    }
  }
}

/** True for steps on the two sides of one condition, which never run both. */
export function excludes(a: StepView, b: StepView): boolean {
  return a.placed.branches.some(({ condition, side }) =>
    b.placed.branches.some(other => other.condition === condition && other.side !== side),
  )
}

function reportConstant({ step, path, uri }: Location, { report }: Scope): void {
  if (uri.includes('{') || !uri.startsWith('s3://')) return
  if (at(step.fields['CacheConfig'], 'Enabled') === true) {
    report(
      'FW5023',
      path,
      `${show(uri)} is the same in every execution, and the step is cached: a later execution may reuse a result that another one has overwritten. Put Execution.PipelineExecutionId into it.`,
    )
  } else {
    report(
      'FW5024',
      path,
      `${show(uri)} is the same in every execution, so two at once overwrite each other. Put Execution.PipelineExecutionId into it.`,
    )
  }
}

/** So many neighbours are looked at behind one prefix. */
const MAX_NEIGHBOURS = 200

function reportOpenPrefixes(inputs: readonly Location[], all: readonly Location[], { report }: Scope): void {
  const sorted = [...new Set(all.map(({ uri }) => uri))].sort()
  const position = new Map(sorted.map((uri, index) => [uri, index]))
  for (const { uri, path } of inputs) {
    if (uri.endsWith('/') || uri.endsWith('}')) continue
    const start = (position.get(uri) ?? 0) + 1
    for (let index = start; index < start + MAX_NEIGHBOURS; index++) {
      const other = sorted[index]
      if (other === undefined || !other.startsWith(uri)) break
      if (other[uri.length] === '/') continue
      report(
        'FW5029',
        path,
        `${show(uri)} is a string prefix and takes in ${show(other)} too, because it does not end in "/". Write "/" at the end.`,
      )
      break
    }
  }
}

function reportMissingEdges(inputs: readonly Location[], outputs: readonly Location[], scope: Scope): void {
  const byUri = new Map<string, Location[]>()
  for (const output of outputs) {
    const key = output.uri.replace(/\/+$/, '')
    byUri.set(key, [...(byUri.get(key) ?? []), output])
  }
  const reached = new Map<string, ReadonlySet<string>>()
  for (const { uri, path, step } of inputs) {
    const writers = producersOf(uri, byUri).filter(writer => writer.name !== step.name)
    if (writers.length === 0 || writers.some(writer => waitsFor(step, writer, reached, scope))) continue
    scope.report(
      'FW2026',
      path,
      `${show(uri)} is written by ${oneOf(writers.map(({ name }) => show(name)))}, but ${show(step.name)} does not wait for it. Refer to the output instead of repeating its URI, or add DependsOn.`,
    )
  }
}

/** Steps that write the folder of a URI, or one above it. */
function producersOf(uri: string, byUri: ReadonlyMap<string, readonly Location[]>): StepView[] {
  const found: StepView[] = []
  let folder = uri.replace(/\/+$/, '')
  for (let level = 0; level < 40 && folder.length > 's3://'.length; level++) {
    for (const { step } of byUri.get(folder) ?? []) found.push(step)
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
  }
  return found
}

/** So many writers' successors are followed in one document. */
const MAX_SEARCHES = 200

function waitsFor(
  step: StepView,
  writer: StepView,
  reached: Map<string, ReadonlySet<string>>,
  { graph }: Scope,
): boolean {
  if (graph.predecessors.get(step.name)?.has(writer.name)) return true
  const known = reached.get(writer.name)
  if (known !== undefined) return known.has(step.name)
  if (reached.size >= MAX_SEARCHES) return true
  const seen = new Set<string>()
  const stack = [writer.name]
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    for (const next of graph.successors.get(name) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      stack.push(next)
    }
  }
  reached.set(writer.name, seen)
  return seen.has(step.name)
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Training steps that are told to do the very same thing. */
export function repeatedTrainings(scope: Scope): void {
  const trainings = scope.steps.filter(step => step.type === 'Training' && Object.keys(step.args).length > 0)
  // Most trainings differ in their hyperparameters, which are written out sooner than everything.
  const candidates = groupBy(trainings, step => JSON.stringify(step.args['HyperParameters'] ?? null))
  const groups = new Map<string, StepView[]>()
  for (const step of [...candidates.values()].filter(steps => steps.length > 1).flat()) {
    const key = JSON.stringify(step.args)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [step])
    else if (!group.some(other => excludes(other, step))) group.push(step)
  }
  for (const [first, ...others] of groups.values()) {
    if (first === undefined || others.length === 0) continue
    const names = [first, ...others].map(({ name }) => show(name))
    scope.report(
      'FW5025',
      first.path,
      `${oneOf(names, 4)} have exactly the same Arguments, so they train the same model. When one estimator was changed in a loop, give each step arguments of its own.`,
    )
  }
}
