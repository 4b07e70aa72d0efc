import {
  conditionStep,
  execution,
  failStep,
  greaterThan,
  integer,
  join,
  jsonGet,
  pipeline,
  trainingStep,
} from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c18-function-step', { parameters: { X: integer(3) }, metadata: {}, experiment }, p => {
  const first = trainingStep('first', {
    arguments: {
      RoleArn: role,
      StoppingCondition: { MaxRuntimeInSeconds: 86400 },
      RetryStrategy: { MaximumRetryAttempts: 1 },
      InputDataConfig: [
        {
          ChannelName: 'sagemaker_remote_function_bootstrap',
          DataSource: {
            S3DataSource: {
              S3Uri: 's3://sagemaker-us-west-2-111122223333/FunctionAll/sagemaker_remote_function_bootstrap',
              S3DataType: 'S3Prefix',
            },
          },
        },
        {
          ChannelName: 'pre_exec_script_and_dependencies',
          DataSource: {
            S3DataSource: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/FunctionAll/first/2025-01-01-00-00-00-000/pre_exec_script_and_dependencies',
              S3DataType: 'S3Prefix',
            },
          },
        },
      ],
      OutputDataConfig: {
        S3OutputPath: join('/', [
          's3://sagemaker-us-west-2-111122223333/FunctionAll',
          execution.PipelineExecutionId,
          'first',
          'results',
        ]),
      },
      AlgorithmSpecification: {
        TrainingImage: '111122223333.dkr.ecr.us-west-2.amazonaws.com/py:1',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['/bin/bash', '/opt/ml/input/data/sagemaker_remote_function_bootstrap/job_driver.sh'],
        ContainerArguments: [
          '--s3_base_uri',
          's3://sagemaker-us-west-2-111122223333/FunctionAll',
          '--region',
          'us-west-2',
          '--client_python_version',
          '3.11',
          '--client_sagemaker_pysdk_version',
          '2.257.6',
          '--dependency_settings',
          '{"dependency_file": "sagemaker_requirements_<volatile>.txt"}',
          '--pipeline_step_name',
          'first',
          '--pipeline_execution_id',
          execution.PipelineExecutionId,
          '--func_step_s3_dir',
          '2025-01-01-00-00-00-000',
          '--property_references',
          'Execution.PipelineExecutionId',
          execution.PipelineExecutionId,
          'Parameters.X',
          join('', [p.X]),
          '--serialize_output_to_json',
          'true',
        ],
      },
      ResourceConfig: {
        VolumeSizeInGB: 30,
        InstanceCount: 1,
        InstanceType: 'ml.m5.large',
        KeepAlivePeriodInSeconds: 300,
      },
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
      EnableManagedSpotTraining: false,
      Environment: { AWS_DEFAULT_REGION: 'us-west-2' },
    },
    displayName: '__main__.first',
    description: 'pipeline/steps2.py',
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
  const second = trainingStep('second', {
    arguments: {
      RoleArn: role,
      StoppingCondition: { MaxRuntimeInSeconds: 86400 },
      RetryStrategy: { MaximumRetryAttempts: 1 },
      InputDataConfig: [
        {
          ChannelName: 'sagemaker_remote_function_bootstrap',
          DataSource: {
            S3DataSource: {
              S3Uri: 's3://sagemaker-us-west-2-111122223333/FunctionAll/sagemaker_remote_function_bootstrap',
              S3DataType: 'S3Prefix',
            },
          },
        },
        {
          ChannelName: 'pre_exec_script_and_dependencies',
          DataSource: {
            S3DataSource: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/FunctionAll/second/2025-01-01-00-00-00-000/pre_exec_script_and_dependencies',
              S3DataType: 'S3Prefix',
            },
          },
        },
      ],
      OutputDataConfig: {
        S3OutputPath: join('/', [
          's3://sagemaker-us-west-2-111122223333/FunctionAll',
          execution.PipelineExecutionId,
          'second',
          'results',
        ]),
      },
      AlgorithmSpecification: {
        TrainingImage: '111122223333.dkr.ecr.us-west-2.amazonaws.com/py:1',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['/bin/bash', '/opt/ml/input/data/sagemaker_remote_function_bootstrap/job_driver.sh'],
        ContainerArguments: [
          '--s3_base_uri',
          's3://sagemaker-us-west-2-111122223333/FunctionAll',
          '--region',
          'us-west-2',
          '--client_python_version',
          '3.11',
          '--client_sagemaker_pysdk_version',
          '2.257.6',
          '--dependency_settings',
          '{"dependency_file": "sagemaker_requirements_<volatile>.txt"}',
          '--pipeline_step_name',
          'second',
          '--pipeline_execution_id',
          execution.PipelineExecutionId,
          '--func_step_s3_dir',
          '2025-01-01-00-00-00-000',
          '--property_references',
          'Execution.PipelineExecutionId',
          execution.PipelineExecutionId,
          'Steps.first.OutputDataConfig.S3OutputPath',
          join('', [first.properties.OutputDataConfig.S3OutputPath]),
          'Steps.first.OutputDataConfig.S3OutputPath',
          join('', [first.properties.OutputDataConfig.S3OutputPath]),
          '--serialize_output_to_json',
          'true',
        ],
      },
      ResourceConfig: {
        VolumeSizeInGB: 30,
        InstanceCount: 1,
        InstanceType: 'ml.m5.large',
        KeepAlivePeriodInSeconds: 0,
      },
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
      EnableManagedSpotTraining: false,
      Environment: { AWS_DEFAULT_REGION: 'us-west-2' },
    },
    dependsOn: [first],
    displayName: '__main__.second',
    description: 'pipeline/steps2.py',
  })
  const cond = conditionStep('cond', {
    conditions: [
      greaterThan(
        jsonGet({ s3Uri: join('/', [second.properties.OutputDataConfig.S3OutputPath, 'results.json']) }, 'Result'),
        2,
      ),
    ],
    ifSteps: [failStep('F', { message: 'big' })],
    dependsOn: [second],
  })
  return [cond, second, first]
})
