import type { OutputParameter, Scalar } from '../../../schemas/definition.ts'
import { type Expr, makeExpression } from '../expression.ts'
import { strictRecord } from '../strict-record.ts'

/** Types of what a Lambda function or a callback gives back, by name; at most 50. */
export type OutputTypes = { readonly [name: string]: OutputParameter['OutputType'] }

interface ScalarOf {
  String: string
  Integer: number
  Float: number
  Boolean: boolean
}

export interface OutputProperties<O extends OutputTypes> {
  readonly OutputParameters: { readonly [K in keyof O]: Expr<ScalarOf[O[K]] & Scalar> }
}

export const emitOutputs = (outputs: OutputTypes | undefined): OutputParameter[] | undefined =>
  outputs && Object.entries(outputs).map(([OutputName, OutputType]) => ({ OutputName, OutputType }))

export function referOutputs<O extends OutputTypes>(step: string, outputs: O | undefined): OutputProperties<O> {
  const references = Object.entries(outputs ?? {}).map(
    ([name, type]) => [name, makeExpression({ Get: `Steps.${step}.OutputParameters['${name}']` }, type)] as const,
  )
  return Object.freeze({
    OutputParameters: strictRecord(
      Object.fromEntries(references),
      name => `Steps.${step}.OutputParameters['${name}'] — the step declares no output "${name}".`,
    ) as OutputProperties<O>['OutputParameters'],
  })
}
