import { isGet, parseGetPath } from '../../pipeline/definition/index.ts'
import type { Step, StepOf, StepType } from '../../schemas/definition.ts'
import { EvaluationError, evaluate } from '../engine/evaluate.ts'
import { readProperty } from '../engine/properties.ts'
import { failedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'

/** Longest names of what a run makes. */
const nameLimits: Readonly<Record<string, number>> = { Tuning: 32, AutoML: 32 }
const MAX_NAME = 63

/**
 * Runs the body once per item, at most `MaxConcurrency` at once. What the service does is not known (the type is experimental);
 * here the step fails when every run has failed, and later steps read the rest from `Status` and the counts.
 *
 * @param runnerOf The runner of the body's type.
 */
export const forEachRunner = (runnerOf: (type: StepType) => JobRunner): JobRunner<StepOf<'ForEach'>> => ({
  takesJobSlot: false,
  evaluatesArguments: false,
  run: async run => {
    const { IterableItems, MaxConcurrency, ForEachBody, Selector } = run.step.Arguments
    const body: Step | undefined = Array.isArray(ForEachBody) ? ForEachBody[0] : undefined
    if (body === undefined) return failedStep('ForEachBody has no step — write one into it.', {})
    const items = readItems(await evaluate(IterableItems, run.scope))
    const most = Number(await evaluate(MaxConcurrency, run.scope))
    if (!Number.isInteger(most) || most < 1 || most > 50) {
      return failedStep(`MaxConcurrency is ${String(most)} — 1 to 50 is allowed — change it.`, {})
    }
    const results: AttemptResult[] = []
    const waiting = items.map((item, index) => ({ item, index }))
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !run.signal.aborted; next = waiting.shift()) {
        results[next.index] = await runBody(run, body, next.item, next.index, runnerOf)
      }
    }
    await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
    if (run.signal.aborted) return { status: 'Stopped', metadata: {} }
    return summarize(items.length, body, results, Selector)
  },
})

async function runBody(
  run: StepRun,
  body: Step,
  item: unknown,
  index: number,
  runnerOf: (type: StepType) => JobRunner,
): Promise<AttemptResult> {
  const runner = runnerOf(body.Type)
  const suffix = `-${index}`
  const limit = nameLimits[body.Type] ?? MAX_NAME
  const giveBack = runner.takesJobSlot ? await run.takeJobSlot() : undefined
  if (runner.takesJobSlot && giveBack === undefined) return { status: 'Stopped', metadata: {} }
  try {
    const filled = withItem(body.Arguments, item) as Record<string, unknown>
    const request = runner.evaluatesArguments ? ((await evaluate(filled, run.scope)) as typeof filled) : filled
    return await runner.run({
      ...run,
      step: { ...body, Name: `${body.Name}${suffix}`, Arguments: filled } as unknown as Step,
      arguments: request,
      jobName: `${run.jobName.slice(0, limit - suffix.length)}${suffix}`,
      // The record has a place for the step's own metadata only.
      executing: () => {},
    })
  } catch (error) {
    if (error instanceof EvaluationError) return failedStep(error.message, {})
    throw error
  } finally {
    giveBack?.()
  }
}

function readItems(value: unknown): readonly unknown[] {
  const items = typeof value === 'string' ? parse(value) : value
  if (Array.isArray(items)) return items
  throw new EvaluationError(
    `IterableItems is ${JSON.stringify(value)?.slice(0, 100)} — a JSON list is needed — give one.`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body's arguments with the item in the place of its references. */
function withItem(value: unknown, item: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isGet(value) && value.Get.startsWith('ForEach.CurrentItem')) return itemAt(value.Get, item)
  if (Array.isArray(value)) return value.map(each => withItem(each, item))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withItem(each, item)]))
}

function itemAt(path: string, item: unknown): unknown {
  const member = path.slice('ForEach.CurrentItem.'.length)
  const isObject = typeof item === 'object' && item !== null
  const found =
    member === '' ? item : isObject && Object.hasOwn(item, member) ? (Reflect.get(item, member) as unknown) : undefined
  if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return found
  const what = found === undefined ? 'is undefined' : 'is no single value'
  throw new EvaluationError(`Get "${path}" ${what} for the item ${JSON.stringify(item).slice(0, 100)}.`)
}

function summarize(
  count: number,
  body: Step,
  results: readonly AttemptResult[],
  selector: StepOf<'ForEach'>['Arguments']['Selector'],
): AttemptResult {
  const succeeded = results.filter(({ status }) => status === 'Succeeded').length
  const failed = results.filter(({ status }) => status === 'Failed')
  if (count > 0 && succeeded === 0) {
    return failedStep(`Every run of ${body.Name} failed; the first: ${failed[0]?.failureReason ?? 'unknown'}`, {})
  }
  const outputs = results.map(({ properties }) => properties ?? null)
  const selected = selector && select(body, outputs, selector)
  return {
    status: 'Succeeded',
    metadata: {},
    properties: {
      Status: succeeded === count ? 'Succeeded' : 'PartiallySucceeded',
      InputItemCount: count,
      TotalStepCount: count,
      SucceededStepCount: succeeded,
      FailedStepCount: failed.length,
      StoppedStepCount: count - succeeded - failed.length,
      ChildOutputs: outputs,
      ...(selected !== undefined && { Selected: selected }),
    },
  }
}

/** The output with the greatest or the least value; the first of equals. */
function select(
  { Name: name }: Step,
  outputs: readonly unknown[],
  { Pick, Field }: NonNullable<StepOf<'ForEach'>['Arguments']['Selector']>,
): unknown {
  const reference = parseGetPath(Field.Get.replace(/^ChildOutput\./, 'Steps.'))
  if (reference?.root !== 'Steps' || reference.step !== name) return undefined
  const sign = Pick === 'MaxBy' ? 1 : -1
  let best: { readonly value: number; readonly output: unknown } | undefined
  for (const output of outputs) {
    const property = output === null ? { found: false as const } : readProperty(output, reference.segments)
    const value = property.found ? sign * Number(property.value) : Number.NaN
    if (!Number.isNaN(value) && (best === undefined || value > best.value)) best = { value, output }
  }
  return best?.output
}
