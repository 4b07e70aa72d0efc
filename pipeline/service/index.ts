export { type Asked, explainAwsError, explainingAws } from './aws-problem.ts'
export { type Clients, createClients, type ServiceTarget } from './clients.ts'
export {
  describeExecution,
  describeProcessingJob,
  describeTrainingJob,
  type ExecutionRecord,
  finalMetrics,
  jobNameOf,
  type StepRecord,
} from './describe-execution.ts'
export { describePipeline, listPipelines } from './describe-pipeline.ts'
export {
  describeExecutionDefinition,
  getExecution,
  listExecutions,
  listSteps,
  noSuchPipeline,
  retryExecution,
  type StartWish,
  startExecution,
  stopExecution,
} from './executions.ts'
export { listVersions } from './list-versions.ts'
export {
  downloadObject,
  listObjects,
  parseS3Uri,
  putObject,
  readObject,
  type S3Location,
  uploadFile,
} from './objects.ts'
export { uploadAssets } from './upload-assets.ts'
export {
  INLINE_DEFINITION_BYTES,
  type PipelineWish,
  settingChanges,
  type UpsertResult,
  upsertPipeline,
} from './upsert-pipeline.ts'
export {
  type Clock,
  type ExecutionChange,
  isTerminal,
  systemClock,
  type WatchOptions,
  watchExecution,
} from './watch-execution.ts'
