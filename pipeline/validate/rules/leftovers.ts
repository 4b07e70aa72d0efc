import { formatPlace, isGet, type Place } from '../../definition/index.ts'
import type { Scope } from '../scope.ts'
import { show } from '../show.ts'

/** Texts that a program wrote where it meant an expression. */
const leftovers: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/Parameter(String|Integer|Float|Boolean)\(name=/, 'the printed form of a parameter of the SageMaker Python SDK'],
  [/<sagemaker\.[\w.]+ object at 0x[\w]+>/, 'the printed form of an object of the SageMaker Python SDK'],
  [
    /Properties\(path=|ExecutionVariable\(|Join\(on=|JsonGet\(step_name=/,
    'the printed form of an expression of the SageMaker Python SDK',
  ],
  [/\[object Object\]/, 'the printed form of a JavaScript object'],
  [/^\s*\{\s*['"]?(Get|Std:Join|Std:JsonGet)['"]?\s*:/, 'an expression inside quotes'],
  [/\$\{(Parameters|Execution|Steps|PipelineExperimentConfig)\.[\w.]+\}/, 'a template that nobody fills in'],
]

/** The JSON text of whatever holds such a text has one of these; most documents are done with after one look. */
const traces = [
  '(name=',
  '(path=',
  '(on=',
  '(step_name=',
  ' object at 0x',
  'ExecutionVariable(',
  '[object Object]',
  '${',
]
const quoted = /\{(?:\s|\\\w+)*(?:\\"|')?(?:Get|Std:J)/

const hasTraces = (text: string): boolean => traces.some(trace => text.includes(trace)) || quoted.test(text)

/** `{"Get": …` and everything else in the table is longer. */
const SHORTEST = 8

/** Only the beginning of a long text is read. */
const MAX_READ = 20_000

/** Finds strings that stand where an expression was meant. Keys of maps are strings too, and cannot be expressions. */
export function leftoverTexts(scope: Scope): void {
  const { text } = scope.options
  // A text of somebody else's may spell any character by its number.
  if (!hasTraces(text === undefined || text.includes('\\u00') ? JSON.stringify(scope.document) : text)) return
  for (const step of scope.steps) {
    const skip = step.type === 'Condition' ? stepsInside : none
    forEachSuspect(step.args, undefined, skip, (text, place, isKey) => {
      const found = leftovers.find(([pattern]) => pattern.test(text.slice(0, MAX_READ)))
      if (found === undefined) return
      const repair = isKey
        ? 'A key cannot be an expression: write it out.'
        : 'Write the expression itself, such as {"Get": "Parameters.K"}; a number needs {"Std:Join": {"On": "", "Values": [ … ]}} around it in a string.'
      scope.report(
        'FW3034',
        formatPlace(place, `${step.path}.Arguments`),
        `${show(text)} is ${found[1]}, which the container would get as it stands. ${repair}`,
      )
    })
  }
}

const stepsInside: ReadonlySet<string> = new Set(['IfSteps', 'ElseSteps'])
const none: ReadonlySet<string> = new Set()

/** Every pattern has one of these characters; most texts have none. */
const isSuspect = (text: string): boolean => text.length >= SHORTEST && /[<([{]/.test(text)

function forEachSuspect(
  owner: object,
  above: Place | undefined,
  skip: ReadonlySet<string>,
  visit: (text: string, place: Place, isKey: boolean) => void,
): void {
  const isList = Array.isArray(owner)
  for (const key of Object.keys(owner)) {
    if (skip.has(key)) continue
    const child = (owner as Record<string, unknown>)[key]
    const isText = typeof child === 'string'
    const isOwner = typeof child === 'object' && child !== null && !isGet(child)
    const isSuspectKey = !isList && isSuspect(key)
    if (!isOwner && !isSuspectKey && !(isText && isSuspect(child))) continue
    const place: Place = { above, key: isList ? Number(key) : key }
    if (isSuspectKey) visit(key, place, true)
    if (isOwner) forEachSuspect(child, place, none, visit)
    else if (isText && isSuspect(child)) visit(child, place, false)
  }
}
