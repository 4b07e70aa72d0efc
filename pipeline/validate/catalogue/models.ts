import type { CatalogueEntry } from './entry.ts'

const register = 'Steps[3].Arguments.IfSteps[0].Arguments'
const role = 'arn:aws:iam::111122223333:role/pipeline'

/** FW5…: model, registration, transform and endpoint steps. */
export const modelCodes = {
  FW5026: {
    title: 'Model version without content or instance types',
    severity: 'warning',
    source: 'Service model documentation, InferenceSpecification',
    example: { set: [[`${register}.InferenceSpecification.SupportedTransformInstanceTypes`]] },
    repair: 'List what the model takes, what it answers, and where it runs.',
  },
  FW5027: {
    title: 'Registration without a group',
    severity: 'error',
    source: 'SageMaker Python SDK: versions are registered in a group; ModelPackageName is refused',
    example: { set: [[`${register}.ModelPackageGroupName`]] },
    repair: 'Write ModelPackageGroupName.',
  },
  FW5028: {
    title: 'Registration without a model',
    severity: 'warning',
    source: 'Service model documentation, CreateModelPackage; newer API models require less',
    example: { set: [[`${register}.InferenceSpecification`]] },
    repair: 'Write InferenceSpecification with a container that has Image and ModelDataUrl.',
  },
  FW5041: {
    title: 'Model without exactly one kind of containers',
    severity: 'error',
    source: 'Service model documentation, CreateModel',
    example: { set: [['Steps[4]', { Name: 'Model', Type: 'Model', Arguments: { ExecutionRoleArn: role } }]] },
    repair: 'Write PrimaryContainer or Containers.',
  },
  FW5042: {
    title: 'Transform that cannot work',
    severity: 'warning',
    source: 'Developer Guide, Batch transform; service model documentation, CreateTransformJob',
    example: {
      set: [
        [
          'Steps[4]',
          { Name: 'Predict', Type: 'Transform', Arguments: { ModelName: { Get: 'Steps.Train.TrainingJobName' } } },
        ],
      ],
    },
    repair: 'Take the model from a Model step; read S3Prefix or ManifestFile; begin filters with $.',
  },
  FW5043: {
    title: 'Serverless variant that cannot work',
    severity: 'error',
    source: 'Developer Guide, Serverless inference',
    example: {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Config',
            Type: 'EndpointConfig',
            Arguments: {
              ProductionVariants: [
                { VariantName: 'a', ModelName: 'm', ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 5 } },
              ],
            },
          },
        ],
      ],
    },
    repair: 'Use 1024, 2048, … 6144 MB, a provisioned concurrency up to the maximum, and no instances.',
  },
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
