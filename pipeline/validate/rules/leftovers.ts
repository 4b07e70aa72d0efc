import { isGet } from '../../definition/index.ts'
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
        path,
        `${show(text)} is ${found[1]}, which the container would get as it stands. ${repair}`,
      )
    })
  }
}

function forEachText(
  value: unknown,
  path: string,
  skip: ReadonlySet<string> | undefined,
  visit: (text: string, path: string, isKey: boolean) => void,
): void {
  if (typeof value === 'string') visit(value, path, false)
  if (typeof value !== 'object' || value === null || isGet(value)) return
  if (Array.isArray(value)) {
    for (const [index, child] of value.entries()) forEachText(child, `${path}[${index}]`, undefined, visit)
    return
  }
  for (const [key, child] of Object.entries(value)) {
    if (skip?.has(key)) continue
    visit(key, path, true)
    forEachText(child, /^\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`, undefined, visit)
  }
}
