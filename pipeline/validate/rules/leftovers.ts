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

/** `{"Get": …` and everything else in the table is longer. */
const SHORTEST = 8

/** Only the beginning of a long text is read. */
const MAX_READ = 20_000

/** Finds strings that stand where an expression was meant. Keys of maps are strings too, and cannot be expressions. */
export function leftoverTexts(scope: Scope): void {
  for (const step of scope.steps) {
    const skip = step.type === 'Condition' ? new Set(['IfSteps', 'ElseSteps']) : undefined
    forEachText(step.args, `${step.path}.Arguments`, skip, (text, path, isKey) => {
      // Every pattern has one of these characters; most texts have none.
      if (text.length < SHORTEST || !/[<([{]/.test(text)) return
      const found = leftovers.find(([pattern]) => pattern.test(text.slice(0, MAX_READ)))
      if (found === undefined) return
      const repair = isKey
        ? 'A key cannot be an expression: write it out.'
        : 'Write the expression itself, such as {"Get": "Parameters.K"}; a number needs {"Std:Join": {"On": "", "Values": [ … ]}} around it in a string.'
      scope.report(
        'FW3034',
        path(),
        `${show(text)} is ${found[1]}, which the container would get as it stands. ${repair}`,
      )
    })
  }
}

function forEachText(
  value: unknown,
  path: string,
  skip: ReadonlySet<string> | undefined,
  visit: (text: string, path: () => string, isKey: boolean) => void,
): void {
  const walk = (current: unknown, place: Place | undefined): void => {
    if (typeof current === 'string') visit(current, () => formatPlace(place, path), false)
    if (typeof current !== 'object' || current === null || isGet(current)) return
    const isList = Array.isArray(current)
    for (const key of Object.keys(current)) {
      if (place === undefined && skip?.has(key)) continue
      if (!isList) visit(key, () => formatPlace(place, path), true)
      walk((current as Record<string, unknown>)[key], { above: place, key: isList ? Number(key) : key })
    }
  }
  walk(value, undefined)
}
