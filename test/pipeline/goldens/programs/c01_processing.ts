import { execution, integer, join, jsonGet, pipeline, processingStep, string } from 'foldwise'
import { experiment, nodeImage, role, sklearnImage } from './shared.ts'

export default pipeline(
  'c01-processing',
  {
    parameters: { InstanceType: string('ml.m5.large'), Count: integer(1), Bucket: string('my-bucket') },
    metadata: {},
    experiment,
  },
  p => {
    const generic = processingStep('Generic', {
      arguments: {
        ProcessingResources: {
          ClusterConfig: {
            InstanceType: p.InstanceType,
            InstanceCount: p.Count,
            VolumeSizeInGB: 50,
            VolumeKmsKeyId: 'vk',
          },
        },
        AppSpecification: {
          ImageUri: nodeImage,
          ContainerArguments: ['--n', join('', [p.Count])],
          ContainerEntrypoint: ['node', 'a.js'],
        },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'in',
            AppManaged: false,
            S3Input: {
              S3Uri: join('/', ['s3:/', p.Bucket, 'in']),
              LocalPath: '/opt/ml/processing/in',
              S3DataType: 'ManifestFile',
              S3InputMode: 'Pipe',
              S3DataDistributionType: 'ShardedByS3Key',
              S3CompressionType: 'Gzip',
            },
          },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'out',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', ['s3:/', p.Bucket, 'out']),
                LocalPath: '/opt/ml/processing/out',
                S3UploadMode: 'Continuous',
              },
            },
          ],
          KmsKeyId: 'ok',
        },
        Environment: { A: '1', EXEC: execution.PipelineExecutionId },
        NetworkConfig: {
          EnableNetworkIsolation: true,
          EnableInterContainerTrafficEncryption: true,
          VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] },
        },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        Tags: [{ Key: 'team', Value: 'ml' }],
      },
      displayName: 'Generic processing',
      description: 'desc',
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
    const script = processingStep('Script', {
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 } },
        AppSpecification: {
          ImageUri: nodeImage,
          ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/preprocess.py'],
        },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'input-1',
            AppManaged: false,
            S3Input: {
              S3Uri: generic.properties.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri,
              LocalPath: '/opt/ml/processing/in',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/code/5f5f3d635f4acae9d6acb0521c77d3ea8ac9a90443e68b71dd1f0d8257cdfeaf/preprocess.py',
              LocalPath: '/opt/ml/processing/input/code',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'ev',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', [
                  's3:/',
                  'sagemaker-us-west-2-111122223333',
                  'ProcessingAll',
                  execution.PipelineExecutionId,
                  'Script',
                  'output',
                  'ev',
                ]),
                LocalPath: '/opt/ml/processing/ev',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
      propertyFiles: { Eval: { output: 'ev', path: 'evaluation.json' } },
    })
    const sKLearn = processingStep('SKLearn', {
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: p.InstanceType, InstanceCount: 1, VolumeSizeInGB: 30 } },
        AppSpecification: {
          ImageUri: sklearnImage,
          ContainerArguments: ['--x', jsonGet(script.propertyFiles.Eval, 'a.b[0]')],
          ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/preprocess.py'],
        },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/code/5f5f3d635f4acae9d6acb0521c77d3ea8ac9a90443e68b71dd1f0d8257cdfeaf/preprocess.py',
              LocalPath: '/opt/ml/processing/input/code',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
      },
      dependsOn: [script],
    })
    const framework = processingStep('Framework', {
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 } },
        AppSpecification: {
          ImageUri: sklearnImage,
          ContainerEntrypoint: ['/bin/bash', '/opt/ml/processing/input/entrypoint/runproc.sh'],
        },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/code/ee8fff52394ba5ffa5196b67b80d0e98d4bde6d3e392cc78c4ac9770fe7292eb/sourcedir.tar.gz',
              LocalPath: '/opt/ml/processing/input/code/',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'entrypoint',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/code/0d453f34961f367d397854869f8b2673fec384779e12ff533eda22686866dfa6/runproc.sh',
              LocalPath: '/opt/ml/processing/input/entrypoint',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
      },
    })
    const pySpark = processingStep('PySpark', {
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 30 } },
        AppSpecification: {
          ImageUri: '153931337802.dkr.ecr.us-west-2.amazonaws.com/sagemaker-spark-processing:3.1-cpu',
          ContainerEntrypoint: ['smspark-submit', '/opt/ml/processing/input/code/preprocess.py'],
        },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'conf',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/PySpark/input/conf/d591ebe8dfa0f950173a06ae4c59d46da315d25a59d5213f74a87ad4b8452ad2/configuration.json',
              LocalPath: '/opt/ml/processing/input/conf',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/ProcessingAll/code/5f5f3d635f4acae9d6acb0521c77d3ea8ac9a90443e68b71dd1f0d8257cdfeaf/preprocess.py',
              LocalPath: '/opt/ml/processing/input/code',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
        Environment: {},
      },
    })
    return [generic, script, sKLearn, framework, pySpark]
  },
)
