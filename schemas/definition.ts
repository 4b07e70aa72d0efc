/**
 * Types of the emitted document, generated from our grammar of the pipeline definition (`definition.schema.json`).
 * Everything behind the DSL reads documents through these types.
 */
export type {
  ComparisonCondition,
  Condition,
  Expression,
  Get,
  Join,
  JsonGet,
  Operand,
  OutputParameter,
  Parameter,
  PipelineDefinition,
  RetryPolicy,
  Scalar,
  Step,
} from './generated/definition.ts'

import type { Step } from './generated/definition.ts'

/** The `Type` of a step. */
export type StepType = Step['Type']

/** The step of one type: `StepOf<'Training'>`. */
export type StepOf<T extends StepType> = Extract<Step, { Type: T }>

/** The only version of the definition language there is. */
export const DEFINITION_VERSION = '2020-12-01'

/** Longest definition that the service takes, in characters (CreatePipeline, PipelineDefinition). */
export const MAX_DEFINITION_CHARACTERS = 1_048_576
