// The pipeline and its parameters
export {
  type ParameterDeclaration,
  type ParameterRefs,
  type Parameters,
  boolean,
  float,
  integer,
  string,
} from './dsl/parameters.ts'
export {
  type Pipeline,
  type PipelineOptions,
  type PipelineSteps,
  type StartParameters,
  pipeline,
} from './dsl/pipeline.ts'

// Values that are known only when the pipeline runs
export type { Args, ArgsOverride } from './dsl/args.ts'
export type { Text } from './dsl/emit.ts'
export { execution, experimentConfig } from './dsl/execution.ts'
export type { Expr, Value } from './dsl/expression.ts'
export { type Joinable, join } from './dsl/join.ts'
export { type JsonAtS3, type PropertyFile, jsonGet } from './dsl/json-get.ts'
export type { Ref } from './dsl/ref.ts'

// Conditions
export {
  type Condition,
  equals,
  greaterThan,
  greaterThanOrEqualTo,
  isIn,
  lessThan,
  lessThanOrEqualTo,
  not,
  or,
} from './dsl/conditions.ts'

// Steps
export type { Instance, JobOptions, StringValue } from './dsl/job-options.ts'
export type { ExceptionType, RetryPolicy } from './dsl/retry.ts'
export type { CacheableOptions, RetryableOptions, Step, StepOptions } from './dsl/step.ts'
export { type ConditionOptions, type ConditionStep, conditionStep } from './dsl/steps/condition.ts'
export { type FailOptions, type FailStep, failStep } from './dsl/steps/fail.ts'
export {
  type ConciseProcessing,
  type ProcessingArguments,
  type ProcessingInput,
  type ProcessingOptions,
  type ProcessingOutput,
  type ProcessingStep,
  type VerbatimProcessing,
  processingStep,
} from './dsl/steps/processing.ts'
export { type RawOptions, type RawStep, rawStep } from './dsl/steps/raw.ts'
export {
  type ConciseRegistration,
  type RegisterModelArguments,
  type RegisterModelStep,
  type VerbatimRegistration,
  registerModelStep,
} from './dsl/steps/register-model.ts'
export {
  type Channel,
  type ConciseTraining,
  type TrainingArguments,
  type TrainingOptions,
  type TrainingStep,
  type VerbatimTraining,
  trainingStep,
} from './dsl/steps/training.ts'

// Cross-validation
export { type CrossValidation, crossValidation } from './constructs/cross-validation.ts'
export type { CrossValidationOptions } from './constructs/cross-validation-options.ts'
export { type CsvOptions, type Data, type JsonLinesOptions, csv, jsonLines } from './constructs/data.ts'
export { type FoldOptions, type Folds, kFold, stratifiedKFold } from './constructs/folds.ts'
export { type NodeSvmOptions, type SvmHyperparameters, nodeSvm } from './constructs/node-svm.ts'
export { type Objective, type ObjectiveFile, maximize, minimize } from './constructs/objective.ts'
export type { Registration } from './constructs/register.ts'
export type {
  FoldChannel,
  FoldFacts,
  FoldTraining,
  Training,
  TrainingContext,
  TrainingTemplate,
} from './constructs/training-template.ts'

// Mistakes
export { UserError, isUserError } from '../schemas/problem.ts'
