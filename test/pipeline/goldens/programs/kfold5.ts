import {
  conditionStep,
  type Expr,
  execution,
  float,
  greaterThanOrEqualTo,
  join,
  jsonGet,
  pipeline,
  processingStep,
  registerModelStep,
  type RetryPolicy,
  string,
  trainingStep,
} from 'foldwise'
import { experiment, nodeImage, role, trainImage } from './shared.ts'

const parameters = {
  InputDataUri: string('s3://sagemaker-us-west-2-111122223333/data/iris.csv'),
  ProcessingInstanceType: string('ml.m5.large'),
  TrainingInstanceType: string('ml.m5.xlarge', { oneOf: ['ml.m5.xlarge', 'ml.m5.2xlarge'] }),
  BaselineObjective: float(0.6),
  ModelApprovalStatus: string('PendingManualApproval'),
  C: float(1),
}

const retry: RetryPolicy[] = [
  { on: ['Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 3 },
  {
    on: ['SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
    intervalSeconds: 30,
    backoffRate: 2,
    expireAfterMinutes: 120,
  },
]
const cache = { expireAfter: 'P30D' }
const place = (folder: string) =>
  join('/', ['s3://sagemaker-us-west-2-111122223333', 'kfold-cv', execution.PipelineExecutionId, folder])

const output = <N extends string>(name: N, path: string) => ({
  OutputName: name,
  AppManaged: false,
  S3Output: { S3Uri: place(name), LocalPath: `/opt/ml/processing/${path}`, S3UploadMode: 'EndOfJob' as const },
})
const input = (name: string, uri: Expr<string>, path: string) => ({
  InputName: name,
  AppManaged: false,
  S3Input: {
    S3Uri: uri,
    LocalPath: `/opt/ml/processing/${path}`,
    S3DataType: 'S3Prefix' as const,
    S3InputMode: 'File' as const,
    S3DataDistributionType: 'FullyReplicated' as const,
    S3CompressionType: 'None' as const,
  },
})

/** How the folds' results reach the aggregation: as metrics in its environment, or as models in its inputs. */
export const kfold5 = (name: string, handover: 'metrics' | 'artifacts') =>
  pipeline(name, { parameters, metadata: {}, experiment }, p => {
    const resources = {
      ClusterConfig: { InstanceType: p.ProcessingInstanceType, InstanceCount: 1, VolumeSizeInGB: 30 },
    }
    const split = processingStep('SplitKFold', {
      arguments: {
        ProcessingResources: resources,
        AppSpecification: {
          ImageUri: nodeImage,
          ContainerArguments: ['--k', '5', '--seed', '42'],
          ContainerEntrypoint: ['node', '/opt/ml/code/split.js'],
        },
        RoleArn: role,
        ProcessingInputs: [input('raw', p.InputDataUri, 'input')],
        ProcessingOutputConfig: { Outputs: [output('folds', 'folds'), output('all', 'all')] },
      },
      cache,
    })
    const { Outputs } = split.properties.ProcessingOutputConfig
    const channel = (uri: Expr<string>) => ({ uri, contentType: 'text/csv' })
    const train = (step: string, channels: Record<string, ReturnType<typeof channel>>, isCached: boolean) =>
      trainingStep(step, {
        image: trainImage,
        instance: p.TrainingInstanceType,
        role,
        output: place('models'),
        maxRuntimeInSeconds: 86400,
        channels,
        hyperparameters: { C: p.C, kernel: 'rbf' },
        metrics: { 'validation:accuracy': String.raw`validation accuracy: ([0-9\.]+)` },
        retry,
        ...(isCached && { cache }),
        arguments: {
          DebugHookConfig: { S3OutputPath: place('models'), CollectionConfigurations: [] },
          ProfilerConfig: { DisableProfiler: true },
        },
      })
    const folds = [0, 1, 2, 3, 4].map(i => {
      const part = (side: string) => channel(join('/', [Outputs.folds.S3Output.S3Uri, String(i), side]))
      return train(`TrainFold${i}`, { train: part('train'), validation: part('validation') }, true)
    })
    const objectives = folds.map(
      ({ properties }, i) =>
        [`FOLD_${i}_OBJECTIVE`, join('', [properties.FinalMetricDataList['validation:accuracy'].Value])] as const,
    )
    const models = folds.map(({ properties }, i) =>
      input(`model-${i}`, properties.ModelArtifacts.S3ModelArtifacts, `models/${i}`),
    )
    const aggregate = processingStep('AggregateFolds', {
      arguments: {
        ProcessingResources: resources,
        AppSpecification: {
          ImageUri: nodeImage,
          ContainerArguments: ['--k', '5'],
          ContainerEntrypoint: ['node', '/opt/ml/code/aggregate.js'],
        },
        RoleArn: role,
        ...(handover === 'metrics' ? { Environment: Object.fromEntries(objectives) } : { ProcessingInputs: models }),
        ProcessingOutputConfig: { Outputs: [output('report', 'report')] },
      },
      propertyFiles: { CrossValidationReport: { output: 'report', path: 'report.json' } },
    })
    const final = train('TrainFinal', { train: channel(Outputs.all.S3Output.S3Uri) }, false)
    const report = aggregate.properties.ProcessingOutputConfig.Outputs.report.S3Output.S3Uri
    const register = registerModelStep('Register-RegisterModel', {
      group: 'KFoldModels',
      image: trainImage,
      modelData: final.properties.ModelArtifacts.S3ModelArtifacts,
      approval: p.ModelApprovalStatus,
      contentTypes: ['text/csv'],
      responseTypes: ['text/csv'],
      inferenceInstances: ['ml.m5.large'],
      transformInstances: ['ml.m5.large'],
      modelQuality: join('/', [report, 'report.json']),
      environment: {},
      metadata: { k: 5 },
      arguments: { ModelMetrics: { Bias: {}, Explainability: {} }, SkipModelValidation: 'None' },
    })
    const gate = conditionStep('CheckBaseline', {
      conditions: greaterThanOrEqualTo(
        jsonGet(aggregate.propertyFiles.CrossValidationReport, 'objective.mean'),
        p.BaselineObjective,
      ),
      ifSteps: [final, register],
    })
    return [split, folds, aggregate, gate]
  })
