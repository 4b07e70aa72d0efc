import type { StepType } from './definition.ts'

/**
 * What steps of other services give, as far as public sources name it: the SageMaker service model has none of it. Whoever
 * judges with these tables warns, because the services may know more.
 */

const texts = (...names: string[]) => Object.fromEntries(names.map(name => [name, 'Text']))

/** EMR's `Step`, and the cluster it ran on (`EMRStep`), in the form of the service model. */
export const emrShapes = {
  Text: { type: 'string' },
  TextList: { type: 'list', member: 'Text' },
  TextMap: { type: 'map', key: 'Text', value: 'Text' },
  Config: { type: 'structure', members: { ...texts('Jar', 'MainClass'), Args: 'TextList', Properties: 'TextMap' } },
  StateChangeReason: { type: 'structure', members: texts('Code', 'Message') },
  FailureDetails: { type: 'structure', members: texts('Reason', 'Message', 'LogFile') },
  Timeline: { type: 'structure', members: texts('CreationDateTime', 'StartDateTime', 'EndDateTime') },
  Status: {
    type: 'structure',
    members: {
      State: 'Text',
      StateChangeReason: 'StateChangeReason',
      FailureDetails: 'FailureDetails',
      Timeline: 'Timeline',
    },
  },
  EMRStep: {
    type: 'structure',
    members: {
      ...texts('ClusterId', 'Id', 'Name', 'ActionOnFailure', 'ExecutionRoleArn'),
      Config: 'Config',
      Status: 'Status',
    },
  },
} as const

/** What each Bedrock step gives: the fields of Bedrock's `Get…` response (SageMaker Python SDK 2.257.6, bedrock_steps.py). */
export const bedrockProperties = {
  BedrockCustomModel: [
    'ModelArn',
    'ModelName',
    'JobArn',
    'JobName',
    'BaseModelArn',
    'CustomizationType',
    'ModelKmsKeyArn',
    'HyperParameters',
    'TrainingDataConfig',
    'ValidationDataConfig',
    'OutputDataConfig',
    'TrainingMetrics',
    'ValidationMetrics',
    'CreationTime',
    'CustomizationConfig',
    'ModelStatus',
    'FailureMessage',
  ],
  BedrockCustomModelDeployment: [
    'ModelDeploymentArn',
    'ModelDeploymentName',
    'ModelArn',
    'CreatedAt',
    'Status',
    'FailureMessage',
    'Description',
    'Tags',
  ],
  BedrockModelImport: [
    'JobArn',
    'JobName',
    'ImportedModelName',
    'ImportedModelArn',
    'RoleArn',
    'ModelDataSource',
    'Status',
    'FailureMessage',
    'CreationTime',
    'LastModifiedTime',
    'EndTime',
    'VpcConfig',
    'ImportedModelKmsKeyArn',
  ],
  BedrockProvisionedModelThroughput: [
    'ModelUnits',
    'DesiredModelUnits',
    'ProvisionedModelName',
    'ProvisionedModelArn',
    'ModelArn',
    'DesiredModelArn',
    'FoundationModelArn',
    'Status',
    'CreationTime',
    'LastModifiedTime',
    'FailureMessage',
    'CommitmentDuration',
    'CommitmentExpirationTime',
  ],
} as const satisfies { readonly [T in StepType as T extends `Bedrock${string}` ? T : never]: readonly string[] }

/** Member under which an EMR Serverless step gives the job run. */
export const emrServerlessProperties = ['jobRun'] as const
