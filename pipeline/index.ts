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
  type Experiment,
  type Pipeline,
  type PipelineOptions,
  type PipelineSteps,
  type StartParameters,
  pipeline,
} from './dsl/pipeline.ts'

// Values that are known only when the pipeline runs
export type { Asset } from './dsl/asset.ts'
export type { AnyArgs, Args, ArgsOverride } from './dsl/args.ts'
export type { Text } from './dsl/emit.ts'
export { execution, experimentConfig } from './dsl/execution.ts'
export type { Expr, Value } from './dsl/expression.ts'
export { type Joinable, join } from './dsl/join.ts'
export { type JsonAtS3, type PropertyFile, jsonGet } from './dsl/json-get.ts'
export type { OpenRef } from './dsl/open-ref.ts'
export type { Ref } from './dsl/ref.ts'
export { reference } from './dsl/reference.ts'

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
export { type AutoMLArguments, type AutoMLOptions, type AutoMLStep, autoMLStep } from './dsl/steps/auto-ml.ts'
export {
  type BedrockStep,
  bedrockCustomModelDeploymentStep,
  bedrockCustomModelStep,
  bedrockModelImportStep,
  bedrockProvisionedModelThroughputStep,
} from './dsl/steps/bedrock.ts'
export { type CallbackOptions, type CallbackStep, callbackStep } from './dsl/steps/callback.ts'
export type { CheckOptions } from './dsl/steps/check-options.ts'
export { type ClarifyCheckOptions, type ClarifyCheckStep, clarifyCheckStep } from './dsl/steps/clarify-check.ts'
export { type ConditionOptions, type ConditionStep, conditionStep } from './dsl/steps/condition.ts'
export { type EMRArguments, type EMROptions, type EMRProperties, type EMRStep, emrStep } from './dsl/steps/emr.ts'
export {
  type EMRServerlessArguments,
  type EMRServerlessOptions,
  type EMRServerlessStep,
  emrServerlessStep,
} from './dsl/steps/emr-serverless.ts'
export { type EndpointArguments, type EndpointOptions, type EndpointStep, endpointStep } from './dsl/steps/endpoint.ts'
export {
  type EndpointConfigArguments,
  type EndpointConfigOptions,
  type EndpointConfigStep,
  endpointConfigStep,
} from './dsl/steps/endpoint-config.ts'
export { type FailOptions, type FailStep, failStep } from './dsl/steps/fail.ts'
export {
  type ForEachItem,
  type ForEachOptions,
  type ForEachProperties,
  type ForEachStep,
  forEachStep,
} from './dsl/steps/for-each.ts'
export {
  type InferenceComponentOptions,
  type InferenceComponentStep,
  inferenceComponentStep,
} from './dsl/steps/inference-component.ts'
export { type JobArguments, type JobStep, type JobStepOptions, jobStep } from './dsl/steps/job.ts'
export { type LambdaOptions, type LambdaStep, lambdaStep } from './dsl/steps/lambda.ts'
export { type LineageArguments, type LineageOptions, type LineageStep, lineageStep } from './dsl/steps/lineage.ts'
export {
  type ConciseModel,
  type ModelArguments,
  type ModelOptions,
  type ModelStep,
  type VerbatimModel,
  modelStep,
} from './dsl/steps/model.ts'
export type { OutputTypes } from './dsl/steps/output-parameters.ts'
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
export { type QualityCheckOptions, type QualityCheckStep, qualityCheckStep } from './dsl/steps/quality-check.ts'
export { type RawOptions, type RawStep, rawStep } from './dsl/steps/raw.ts'
export {
  type ConciseRegistration,
  type RegisterModelArguments,
  type RegisterModelStep,
  type RegistrationOptions,
  type VerbatimRegistration,
  registerModelStep,
} from './dsl/steps/register-model.ts'
export {
  type Channel,
  type ConciseTraining,
  type TrainingArguments,
  type TrainingInstance,
  type TrainingOptions,
  type TrainingStep,
  type VerbatimTraining,
  trainingStep,
} from './dsl/steps/training.ts'
export {
  type ConciseTransform,
  type TransformArguments,
  type TransformOptions,
  type TransformStep,
  type VerbatimTransform,
  transformStep,
} from './dsl/steps/transform.ts'
export {
  type ConciseTuning,
  type TuningArguments,
  type TuningObjective,
  type TuningOptions,
  type TuningStep,
  type VerbatimTuning,
  tuningStep,
} from './dsl/steps/tuning.ts'
export { type TuningRange, categorical, continuous, integers } from './dsl/tuning-ranges.ts'

// Images, built-in algorithms and script mode
export { type BlazingTextHyperparameters, type BlazingTextOptions, blazingText } from './algorithms/blazing-text.ts'
export type { AlgorithmTemplate, ImageChoice, StepSettings, TrainingPlace } from './algorithms/built-in.ts'
export {
  type Framework,
  huggingFace,
  pytorch,
  scikitLearn,
  tensorflow,
  xgboostFramework,
} from './algorithms/frameworks.ts'
export {
  type ImageClassificationHyperparameters,
  type ImageClassificationOptions,
  imageClassification,
} from './algorithms/image-classification.ts'
export { type Accelerator, type ImageName, type ImageQuery, imageUri } from './algorithms/image-uri.ts'
export { type KnnHyperparameters, type KnnOptions, knn } from './algorithms/knn.ts'
export {
  type LinearLearnerHyperparameters,
  type LinearLearnerOptions,
  linearLearner,
} from './algorithms/linear-learner.ts'
export {
  type ScriptTemplate,
  type ScriptTrainingOptions,
  type ScriptValue,
  scriptTraining,
} from './algorithms/script-training.ts'
export { type XgboostHyperparameters, type XgboostOptions, xgboost } from './algorithms/xgboost.ts'

// Cross-validation
export { type CrossValidation, crossValidation } from './constructs/cross-validation.ts'
export type { CrossValidationOptions } from './constructs/cross-validation-options.ts'
export {
  type NestedCrossValidation,
  type NestedCrossValidationOptions,
  type OuterFold,
  nestedCrossValidation,
} from './constructs/nested-cross-validation.ts'
export {
  type AugmentedManifestOptions,
  augmentedManifest,
  type ColumnDataOptions,
  type CsvOptions,
  type Data,
  type FilesOptions,
  type JsonLinesOptions,
  csv,
  files,
  jsonLines,
  libsvm,
  parquet,
  recordioProtobuf,
  textLines,
  tsv,
} from './constructs/data.ts'
export {
  type FoldOptions,
  type GroupFoldOptions,
  type HashKFoldOptions,
  type PredefinedSplitOptions,
  type RepeatedFoldOptions,
  type ShuffleSplitOptions,
  type TimeSeriesSplitOptions,
  type TrainTestSplitOptions,
  groupKFold,
  groupShuffleSplit,
  hashKFold,
  kFold,
  leaveOneGroupOut,
  leaveOneOut,
  leavePGroupsOut,
  leavePOut,
  predefinedSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  smxKFold,
  stratifiedGroupKFold,
  stratifiedKFold,
  stratifiedShuffleSplit,
  timeSeriesSplit,
  trainTestSplit,
} from './constructs/folds.ts'
export type { Column, Folds } from './constructs/make-folds.ts'
export type { FoldChoice } from '../schemas/split-names.ts'
export { type NodeSvmOptions, type SvmHyperparameters, nodeSvm } from './constructs/node-svm.ts'
export { type Objective, type ObjectiveFile, maximize, minimize } from './constructs/objective.ts'
export type { Registration } from './constructs/register.ts'
export {
  type SparkFoldsOptions,
  type SparkProcessingOptions,
  type SparkServerlessOptions,
  sparkFoldsServerlessStep,
  sparkFoldsStep,
} from './constructs/spark-folds.ts'
export type {
  FoldChannel,
  FoldFacts,
  FoldTraining,
  Training,
  TrainingContext,
  TrainingData,
  TrainingTemplate,
} from './constructs/training-template.ts'

// Batch transforms with a check, and models with code
export {
  type MonitoredTransform,
  type MonitoredTransformOptions,
  monitoredTransform,
} from './constructs/monitored-transform.ts'
export { type DatasetFormat, type ModelQuality, type QualityJobOptions, qualityJob } from './constructs/quality-job.ts'
export { type RepackModelOptions, type RepackModelStep, repackModel } from './constructs/repack-model.ts'

// Schedules
export { type ScheduleExpression, type ScheduleText, at, cron, rate } from './constructs/schedule-expression.ts'
export { type ScheduleOptions, type ScheduleRequest, scheduleRequest } from './constructs/schedule-request.ts'

// Functions and notebooks as steps
export type { CodePlace } from './dsl/code-place.ts'
export type { FunctionArgument, FunctionArguments } from './constructs/function-call.ts'
export {
  type FunctionStep,
  type FunctionStepOptions,
  type StepFunction,
  functionStep,
} from './constructs/function-step.ts'
export {
  type NotebookJobOptions,
  type NotebookJobStep,
  type NotebookSource,
  notebookJobStep,
} from './constructs/notebook-job.ts'
export type { OutputPlace } from './constructs/output-uri.ts'
export type { ResultRef } from './constructs/result-ref.ts'

// Mistakes
export { UserError, isUserError } from '../schemas/problem.ts'
