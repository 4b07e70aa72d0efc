import {
  cluster,
  emrJob,
  evaluate,
  get,
  lambda,
  many,
  more,
  register,
  role,
  serverless,
  set,
  split,
  train,
  transform,
  transformInput,
  tune,
} from './builders.ts'
import type { Mistake, ReferenceCheck } from './check.ts'

/** Rules 93 to 110: models, endpoints, other services, and what all arguments share. */
export const resourcesChecks: Readonly<Record<number, ReferenceCheck>> = {
  93: {
    rule: 'AutoML runs in ensembling mode, and deploys nothing',
    mistakes: [
      ['FW5040', more('AutoML', { AutoMLJobConfig: { Mode: 'AUTO' } })],
      ['FW5007', more('AutoML', { ModelDeployConfig: {} })],
      ['FW5007', more('AutoML', { GenerateCandidateDefinitionsOnly: true })],
    ],
  },
  94: {
    rule: 'a model has one kind of containers and a role',
    mistakes: [
      ['FW5041', more('Model', { ExecutionRoleArn: role })],
      ['FW5041', more('Model', { ExecutionRoleArn: role, PrimaryContainer: {}, Containers: [{}] })],
      ['FW5054', more('Model', { PrimaryContainer: {} })],
    ],
  },
  95: {
    rule: 'a registration has a group, and nothing that the workflow service refuses',
    mistakes: [
      ['FW5027', set(`${register}.ModelPackageGroupName`)],
      ['FW5007', set(`${register}.ModelPackageName`, 'p')],
      ['FW5007', set(`${register}.CertifyForMarketplace`, false)],
      ['FW5007', set(`${register}.Description`, 'd')],
    ],
  },
  96: {
    rule: 'a registration has a container with an image, content and instance types, and an approval that exists',
    mistakes: [
      ['FW5028', set(`${register}.InferenceSpecification.Containers[0].Image`)],
      ['FW5004', set(`${register}.InferenceSpecification.Containers`, [])],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedContentTypes`, [])],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedResponseMIMETypes`)],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedRealtimeInferenceInstanceTypes`)],
      ['FW5002', set(`${register}.ModelApprovalStatus`, 'approved')],
    ],
  },
  97: {
    rule: 'sources of model metrics have a content type and a URI',
    mistakes: [
      ['FW5005', set(`${register}.ModelMetrics`, { ModelQuality: { Statistics: { S3Uri: 's3://b/s.json' } } })],
      [
        'FW5005',
        set(`${register}.ModelMetrics`, { ModelQuality: { Statistics: { ContentType: 'application/json' } } }),
      ],
    ],
  },
  98: {
    rule: 'a transform can be done',
    mistakes: [
      ['FW5042', transform({ ModelName: get('Steps.Train.TrainingJobName') })],
      ['FW5042', transform(transformInput({}, { S3DataType: 'AugmentedManifestFile' }))],
      [
        'FW5042',
        transform({
          ...transformInput({ SplitType: 'RecordIO' }),
          TransformOutput: { S3OutputPath: 's3://b/o/', AssembleWith: 'Line' },
        }),
      ],
      [
        'FW5042',
        transform({
          ...transformInput({ SplitType: 'None' }),
          TransformOutput: { S3OutputPath: 's3://b/o/', AssembleWith: 'Line' },
        }),
      ],
      ['FW5042', transform({ DataProcessing: { InputFilter: '[1:]' } })],
      ['FW5004', transform({ DataProcessing: { OutputFilter: `$.${'x'.repeat(63)}` } })],
    ],
  },
  99: {
    rule: 'endpoints have nothing that the workflow service refuses',
    mistakes: [
      ['FW5007', more('Endpoint', { EndpointName: 'e', EndpointConfigName: 'c', DeploymentConfig: {} })],
      ['FW5007', more('EndpointConfig', { DataCaptureConfig: {} })],
      ['FW5007', more('EndpointConfig', { ExplainerConfig: {} })],
    ],
  },
  100: {
    rule: 'a serverless variant can work',
    mistakes: [
      ['FW5043', serverless({ MemorySizeInMB: 1500, MaxConcurrency: 5 })],
      ['FW5004', serverless({ MemorySizeInMB: 7168, MaxConcurrency: 5 })],
      ['FW5004', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 201 })],
      ['FW5043', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 5, ProvisionedConcurrency: 6 })],
      ['FW5043', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 5 }, { InstanceType: 'ml.m5.large' })],
    ],
  },
  101: {
    rule: 'Lambda and Callback steps have flat arguments, typed outputs and a place to call',
    mistakes: [
      ['FW5044', set('Steps[4]', lambda('L', { Arguments: { a: { b: 1 } } }))],
      [
        'FW5045',
        set(
          'Steps[4]',
          lambda('L', { OutputParameters: many(51, index => ({ OutputName: `o${index}`, OutputType: 'String' })) }),
        ),
      ],
      ['FW5045', set('Steps[4]', lambda('L', { OutputParameters: [{ OutputName: 'o', OutputType: 'Number' }] }))],
      [
        'FW5045',
        set('Steps[4]', lambda('L', { OutputParameters: many(2, () => ({ OutputName: 'o', OutputType: 'String' })) })),
      ],
      ['FW5046', set('Steps[4]', lambda('L', { FunctionArn: 'f' }))],
      ['FW5046', more('Callback', {}, { SqsQueueUrl: 'queue', OutputParameters: [] })],
      [
        'FW5046',
        more(
          'Callback',
          {},
          { SqsQueueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/${'q'.repeat(256)}`, OutputParameters: [] },
        ),
      ],
    ],
  },
  102: {
    rule: "a function is in the pipeline's region",
    mistakes: [['FW5047', { ...set('Steps[4]', lambda('L')), pipeline: { region: 'us-east-1' } }]],
    elsewhere: {
      file: 'test/cli/aws-target.test.ts',
      test: 'upsert warns of a function in another region than the target',
    },
  },
  103: {
    rule: 'an EMR step has one cluster, and sets nothing that the step sets itself',
    mistakes: [
      ['FW5048', more('EMR', emrJob)],
      ['FW5048', more('EMR', { ...emrJob, ClusterId: 'j-1', ClusterConfig: { Instances: { InstanceGroups: [] } } })],
      [
        'FW5049',
        more('EMR', { ...emrJob, ExecutionRoleArn: role, ClusterConfig: { Instances: { InstanceGroups: [] } } }),
      ],
      ...['Name', 'Steps', 'AutoTerminationPolicy'].map(
        (member): Mistake => ['FW5049', cluster({ [member]: 'x', Instances: { InstanceGroups: [] } })],
      ),
      ...['KeepJobFlowAliveWhenNoSteps', 'TerminationProtected'].map(
        (member): Mistake => ['FW5049', cluster({ Instances: { InstanceGroups: [], [member]: true } })],
      ),
      ['FW5049', cluster({ Instances: {} })],
      ['FW5049', cluster({ Instances: { InstanceGroups: [], InstanceFleets: [] } })],
    ],
  },
  104: {
    rule: 'an EMR Serverless step has one application',
    mistakes: [
      ['FW5048', more('EMRServerless', { ExecutionRoleArn: role, JobConfig: {} })],
      [
        'FW5048',
        more('EMRServerless', { ExecutionRoleArn: role, JobConfig: {}, ApplicationId: 'a', ApplicationConfig: {} }),
      ],
    ],
  },
  105: {
    rule: 'a Lineage step has one of its four lists and nothing else',
    mistakes: [
      ['FW5051', more('Lineage', {})],
      ['FW5051', more('Lineage', { Artifacts: [], Artefacts: [] })],
    ],
  },
  106: {
    rule: 'a check has a kind that exists and a baseline when it needs one',
    mistakes: [
      ['FW5052', more('ClarifyCheck', {}, { CheckType: 'DATA_QUALITY' })],
      ['FW5053', more('QualityCheck', {}, { CheckType: 'DATA_QUALITY', SkipCheck: false })],
      ['FW5053', more('ClarifyCheck', {}, { CheckType: 'DATA_BIAS', SkipCheck: true, RegisterNewBaseline: false })],
    ],
  },
  107: {
    rule: 'a job has a role',
    mistakes: [
      ['FW5054', set(`${train}.RoleArn`)],
      ['FW5054', set(`${split}.RoleArn`)],
      ['FW5005', tune({}, { RoleArn: undefined })],
    ],
  },
  108: {
    rule: 'there is no secret in parameters, environment and hyperparameters',
    mistakes: [
      ['FW1024', set('Parameters[5]', { Name: 'ApiKey', DefaultValue: 'hunter2-hunter2' })],
      ['FW1024', set(`${evaluate}.Environment.DB_PASSWORD`, 'hunter2-hunter2')],
      ['FW1024', set(`${train}.HyperParameters.aws`, 'AKIAIOSFODNN7EXAMPLE')],
    ],
  },
  109: {
    rule: 'experiments have names that are allowed, and a step sets only its display name',
    mistakes: [
      ['FW1023', set('PipelineExperimentConfig.ExperimentName', 'iris_cv')],
      ['FW5038', set(`${train}.ExperimentConfig`, { TrialName: 't' })],
    ],
  },
  110: {
    rule: 'security groups and subnets are lists, also one of them',
    mistakes: [
      ['FW5006', set(`${train}.VpcConfig`, { SecurityGroupIds: 'sg-1', Subnets: ['subnet-1'] })],
      ['FW3013', set(`${train}.VpcConfig`, { SecurityGroupIds: ['sg-1'], Subnets: get('Parameters.Group') })],
    ],
  },
}
