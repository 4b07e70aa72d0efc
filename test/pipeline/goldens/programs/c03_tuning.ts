import { integer, join, modelStep, pipeline, string, tuningStep } from 'foldwise'
import { experiment, role, trainImage } from './shared.ts'

export default pipeline(
  'c03-tuning',
  { parameters: { InstanceType: string('ml.m5.large'), MaxJobs: integer(4) }, metadata: {}, experiment },
  p => {
    const tune = tuningStep('Tune', {
      arguments: {
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          ResourceLimits: { MaxNumberOfTrainingJobs: p.MaxJobs, MaxParallelTrainingJobs: 2 },
          TrainingJobEarlyStoppingType: 'Auto',
          HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:auc' },
          ParameterRanges: {
            ContinuousParameterRanges: [{ Name: 'C', MinValue: '0.01', MaxValue: '10', ScalingType: 'Logarithmic' }],
            CategoricalParameterRanges: [{ Name: 'algo', Values: ['a', 'b'] }],
            IntegerParameterRanges: [{ Name: 'depth', MinValue: '1', MaxValue: '10', ScalingType: 'Auto' }],
          },
        },
        TrainingJobDefinition: {
          StaticHyperParameters: { kernel: 'rbf' },
          RoleArn: role,
          OutputDataConfig: { S3OutputPath: 's3://my-bucket/hpo' },
          StoppingCondition: { MaxRuntimeInSeconds: 86400 },
          HyperParameterTuningResourceConfig: { InstanceCount: 1, InstanceType: p.InstanceType, VolumeSizeInGB: 30 },
          AlgorithmSpecification: {
            TrainingInputMode: 'File',
            MetricDefinitions: [{ Name: 'validation:auc', Regex: 'auc: (.*?);' }],
            TrainingImage: trainImage,
          },
          InputDataConfig: [
            {
              DataSource: {
                S3DataSource: {
                  S3DataType: 'S3Prefix',
                  S3Uri: 's3://my-bucket/train',
                  S3DataDistributionType: 'FullyReplicated',
                },
              },
              ChannelName: 'train',
            },
            {
              DataSource: {
                S3DataSource: {
                  S3DataType: 'S3Prefix',
                  S3Uri: 's3://my-bucket/val',
                  S3DataDistributionType: 'FullyReplicated',
                },
              },
              ChannelName: 'validation',
            },
          ],
        },
        WarmStartConfig: {
          WarmStartType: 'TransferLearning',
          ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'parent-job' }],
        },
        Tags: [{ Key: 'k', Value: 'v' }],
      },
      cache: { expireAfter: 'P30D' },
      retry: [
        { on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 },
        {
          on: ['SageMaker.RESOURCE_LIMIT', 'SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
          intervalSeconds: 60,
          backoffRate: 2,
          expireAfterMinutes: 60,
        },
      ],
    })
    const bestCreateModel = modelStep('Best-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: {
          Image: trainImage,
          Environment: {},
          ModelDataUrl: join('/', [
            's3:/',
            'my-bucket',
            'hpo',
            tune.properties.TrainingJobSummaries[0].TrainingJobName,
            'output/model.tar.gz',
          ]),
        },
      },
    })
    const best2CreateModel = modelStep('Best2-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: {
          Image: trainImage,
          Environment: {},
          ModelDataUrl: join('/', [
            's3://my-bucket/hpo',
            tune.properties.BestTrainingJob.TrainingJobName,
            'output/model.tar.gz',
          ]),
        },
      },
    })
    return [tune, bestCreateModel, best2CreateModel]
  },
)
