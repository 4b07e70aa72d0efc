import type { Parameter, Scalar } from '../../schemas/definition.ts'
import type { Graph, PlacedStep, StepKind } from '../definition/index.ts'
import type { Code } from './catalogue.ts'
import type { ValidateOptions } from './options.ts'

export type ParameterType = NonNullable<Parameter['Type']>

/** A well-formed parameter with its place. */
export interface ParameterView {
  readonly name: string
  /** `unknown` when the declared type is no type. */
  readonly type: ParameterType | 'unknown'
  readonly path: string
  readonly default: Scalar | undefined
  readonly enumValues: readonly string[] | undefined
}

/** A step that is well-formed enough to be judged further. */
export interface StepView {
  readonly name: string
  readonly type: string
  readonly path: string
  /** All members as they were found. */
  readonly fields: Readonly<Record<string, unknown>>
  /** `Arguments`, or an empty object when they are missing or no object. */
  readonly args: Readonly<Record<string, unknown>>
  readonly kind: StepKind<never> | undefined
  /** The same step for graph and walk. */
  readonly placed: PlacedStep
}

/** Adds a problem. The place and the names around it are put before the text. */
export type Report = (code: Code, path: string, text: string) => void

/** What rules see. */
export interface Scope {
  readonly document: Readonly<Record<string, unknown>>
  readonly parameters: ReadonlyMap<string, ParameterView>
  /** In document order, those in branches after their condition. */
  readonly steps: readonly StepView[]
  /** Of steps with the same name the first. */
  readonly byName: ReadonlyMap<string, StepView>
  readonly graph: Graph
  readonly options: ValidateOptions
  readonly report: Report
  /** ` Did you mean "x"?` or nothing; gives up when a document is full of unknown names. */
  readonly suggest: (word: string, candidates: Iterable<string>) => string
}

export type StepRule = (step: StepView, scope: Scope) => void
export type DocumentRule = (scope: Scope) => void
