import type { StepOf, StepType } from '../../schemas/definition.ts'
import { autoMLRunner } from './automl.ts'
import { clarifyCheckRunner } from './checks/clarify-check.ts'
import { qualityCheckRunner } from './checks/quality-check.ts'
import { conditionRunner } from './condition.ts'
import { endpointConfigRunner } from './endpoint-config.ts'
import { endpointRunner } from './endpoint.ts'
import { failRunner } from './fail.ts'
import { forEachRunner } from './for-each.ts'
import { transformRunner } from './transform.ts'
import { tuningRunner } from './tuning.ts'
import { lineageRunner } from './lineage.ts'
import { modelRunner } from './model.ts'
import { lambdaRunner } from './lambda.ts'
import { callbackRunner } from './callback.ts'
import { inferenceComponentRunner } from './inference-component.ts'
import type { JobRunner } from './job-runner.ts'
import { processingRunner } from './processing.ts'
import { registerModelRunner } from './register-model.ts'
import { simulated } from './simulated.ts'
import { emrServerlessRunner } from './spark/emr-serverless.ts'
import { emrRunner } from './spark/emr.ts'
import { trainingRunner } from './training.ts'

/** What the engine does per step type. One entry per type; a new type does not compile until it is here. */
const jobRunners = {
  Processing: processingRunner,
  Training: trainingRunner,
  Transform: transformRunner,
  Tuning: tuningRunner,
  AutoML: autoMLRunner,
  Model: modelRunner,
  RegisterModel: registerModelRunner,
  Condition: conditionRunner,
  Fail: failRunner,
  Lambda: lambdaRunner,
  Callback: callbackRunner,
  ClarifyCheck: clarifyCheckRunner,
  QualityCheck: qualityCheckRunner,
  EMR: emrRunner,
  EMRServerless: emrServerlessRunner,
  EndpointConfig: endpointConfigRunner,
  Endpoint: endpointRunner,
  InferenceComponent: inferenceComponentRunner,
  Lineage: lineageRunner,
  BedrockCustomModel: simulated('BedrockCustomModel', {
    metadata: 'BedrockCustomModel',
    service: 'bedrock',
    resource: 'custom-model',
    arnMembers: ['ModelArn'],
  }),
  BedrockCustomModelDeployment: simulated('BedrockCustomModelDeployment', {
    metadata: 'BedrockCustomModelDeployment',
    service: 'bedrock',
    resource: 'custom-model-deployment',
    arnMembers: ['CustomModelDeploymentArn'],
  }),
  BedrockModelImport: simulated('BedrockModelImport', {
    metadata: 'BedrockModelImport',
    service: 'bedrock',
    resource: 'imported-model',
    arnMembers: ['ImportedModelArn'],
  }),
  BedrockProvisionedModelThroughput: simulated('BedrockProvisionedModelThroughput', {
    metadata: 'BedrockProvisionedModelThroughput',
    service: 'bedrock',
    resource: 'provisioned-model',
    arnMembers: ['ProvisionedModelArn'],
  }),
  ForEach: forEachRunner(type => runnerOf(type)),
  Job: simulated('Job', { metadata: 'Job', service: 'sagemaker', resource: 'job', arnMembers: ['JobArn'] }),
} satisfies { readonly [T in StepType]: JobRunner<StepOf<T>> }

/** The runner of a step's type. */
export const runnerOf = (type: StepType): JobRunner => jobRunners[type] as JobRunner
