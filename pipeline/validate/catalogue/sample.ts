const role = 'arn:aws:iam::111122223333:role/pipeline'
const image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1'
const get = (path: string) => ({ Get: path })
const join = (on: string, ...values: unknown[]) => ({ 'Std:Join': { On: on, Values: values } })
const below = (folder: string) => join('/', 's3://my-bucket', get('Execution.PipelineExecutionId'), folder)

const processing = (name: string, rest: object) => ({
  Name: name,
  Type: 'Processing',
  Arguments: {
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 } },
    AppSpecification: { ImageUri: image, ContainerEntrypoint: ['node', '/opt/app/main.mjs'] },
    RoleArn: role,
    ...rest,
  },
})

const input = (name: string, uri: unknown) => ({
  InputName: name,
  S3Input: { S3Uri: uri, LocalPath: `/opt/ml/processing/input/${name}`, S3DataType: 'S3Prefix', S3InputMode: 'File' },
})

const output = (name: string) => ({
  OutputName: name,
  S3Output: { S3Uri: below(name), LocalPath: `/opt/ml/processing/output/${name}`, S3UploadMode: 'EndOfJob' },
})

/** The training step of the sample. */
export const sampleTraining = {
  Name: 'Train',
  Type: 'Training',
  Arguments: {
    AlgorithmSpecification: {
      TrainingImage: image,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'validation:accuracy', Regex: 'validation:accuracy=([0-9.]+)' }],
    },
    RoleArn: role,
    HyperParameters: { C: join('', get('Parameters.C')), kernel: 'rbf' },
    InputDataConfig: [
      {
        ChannelName: 'train',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: join('', get("Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"), '/0/'),
          },
        },
      },
    ],
    OutputDataConfig: { S3OutputPath: below('models') },
    ResourceConfig: { InstanceCount: 1, InstanceType: get('Parameters.InstanceType'), VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  },
  RetryPolicies: [{ ExceptionType: ['SageMaker.CAPACITY_ERROR'], MaxAttempts: 3 }],
}

/** A small pipeline without any problem. The examples of the catalogue are changes to it. */
export const sampleDocument = {
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [
    { Name: 'InputDataUri', Type: 'String', DefaultValue: 's3://my-bucket/data/' },
    { Name: 'InstanceType', Type: 'String', DefaultValue: 'ml.m5.large', EnumValues: ['ml.m5.large', 'ml.c5.xlarge'] },
    { Name: 'Baseline', Type: 'Float', DefaultValue: 0.9 },
    { Name: 'C', Type: 'Float', DefaultValue: 0.5 },
    { Name: 'Group', Type: 'String' },
  ],
  PipelineExperimentConfig: {
    ExperimentName: get('Execution.PipelineName'),
    TrialName: get('Execution.PipelineExecutionId'),
  },
  Steps: [
    {
      ...processing('Split', {
        ProcessingInputs: [input('data', get('Parameters.InputDataUri'))],
        ProcessingOutputConfig: { Outputs: [output('train'), output('report')] },
      }),
      PropertyFiles: [{ PropertyFileName: 'FoldReport', OutputName: 'report', FilePath: 'folds.json' }],
      CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
    },
    sampleTraining,
    {
      ...processing('Evaluate', {
        Environment: { ACCURACY: join('', get("Steps.Train.FinalMetricDataList['validation:accuracy'].Value")) },
        ProcessingOutputConfig: { Outputs: [output('evaluation')] },
      }),
      PropertyFiles: [{ PropertyFileName: 'Evaluation', OutputName: 'evaluation', FilePath: 'evaluation.json' }],
    },
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [
          {
            Type: 'GreaterThanOrEqualTo',
            LeftValue: {
              'Std:JsonGet': { PropertyFile: get('Steps.Evaluate.PropertyFiles.Evaluation'), Path: 'objective.value' },
            },
            RightValue: get('Parameters.Baseline'),
          },
        ],
        IfSteps: [
          {
            Name: 'Register',
            Type: 'RegisterModel',
            Arguments: {
              ModelPackageGroupName: get('Parameters.Group'),
              ModelApprovalStatus: 'PendingManualApproval',
              InferenceSpecification: {
                Containers: [{ Image: image, ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') }],
                SupportedContentTypes: ['text/csv'],
                SupportedResponseMIMETypes: ['text/csv'],
                SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
                SupportedTransformInstanceTypes: ['ml.m5.large'],
              },
            },
          },
        ],
        ElseSteps: [
          {
            Name: 'Reject',
            Type: 'Fail',
            Arguments: { ErrorMessage: join(' ', 'below the baseline of', get('Parameters.Baseline')) },
          },
        ],
      },
    },
  ],
}

/** Changes that put one more step of a type behind the sample's own. */
export const oneMoreStep = (type: string, rest: object) =>
  [['Steps[4]', { Name: 'More', Type: type, Arguments: {}, ...rest }]] as const

/** The sample document with the changes of an example; the sample itself stays as it is. */
export function changedSample(set: readonly (readonly [path: string, value?: unknown])[] = []): unknown {
  const document: unknown = structuredClone(sampleDocument)
  for (const [path, value] of set) change(document, path, value)
  return document
}

function change(document: unknown, path: string, value: unknown): void {
  const keys = [...path.matchAll(/\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["([^"]+)"\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? quoted ?? '',
  )
  let owner = document as Record<string, unknown>
  for (const key of keys.slice(0, -1)) owner = owner[key] as Record<string, unknown>
  const last = keys.at(-1) ?? ''
  if (value === undefined) delete owner[last]
  else owner[last] = value
}
