import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepType } from '../../../schemas/definition.ts'
import {
  bucket,
  condition,
  equals,
  fail,
  get,
  processing,
  processingInput,
  processingOutput,
  role,
  training,
} from '../../support/local-engine.ts'

/** A pipeline that shows one step type. */
export interface MatrixEntry {
  /** The name of the step that the entry is about. */
  readonly step: string
  readonly steps: readonly object[]
  /** What ListPipelineExecutionSteps answers for it. */
  readonly metadata: unknown
  /** @default Succeeded */
  readonly status?: 'Failed'
  /** A property that a Fail step behind it reads, and its value: what the step gave is there for later ones. */
  readonly gives?: readonly [path: string, value: unknown]
}

/** Expectations that the table is made with; vitest's, passed in so that this file is plain data. */
export interface Like {
  text(pattern: RegExp): unknown
}

const s3 = (key: string): string => `s3://${bucket}/matrix/${key}`
const instances = { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }

const train = training('Train', 'train', { metrics: [{ Name: 'score', Regex: 'score=([0-9.]+)' }] })
const model = (artifact: unknown = get('Steps.Train.ModelArtifacts.S3ModelArtifacts')): object => ({
  Name: 'Model',
  Type: 'Model',
  Arguments: { PrimaryContainer: { Image: 'test-server:1', ModelDataUrl: artifact } },
})
const endpointConfig = (variant: object = { ModelName: get('Steps.Model.ModelName') }): object => ({
  Name: 'EndpointConfig',
  Type: 'EndpointConfig',
  Arguments: { ProductionVariants: [{ VariantName: 'A', ...instances, ...variant }] },
})
const endpoint = (name: string): object => ({
  Name: 'Endpoint',
  Type: 'Endpoint',
  Arguments: { EndpointName: name, EndpointConfigName: get('Steps.EndpointConfig.EndpointConfigName') },
})
const check = (name: string, type: StepType, inputs: readonly object[], more: object): object => ({
  Name: name,
  Type: type,
  Arguments: {
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
    AppSpecification: { ImageUri: '306415355426.dkr.ecr.us-west-2.amazonaws.com/monitor:1' },
    RoleArn: role,
    ProcessingInputs: inputs,
    ProcessingOutputConfig: { Outputs: [processingOutput('result', s3(name))] },
    Environment: { dataset_format: '{"csv": {"header": true}}' },
  },
  SkipCheck: true,
  RegisterNewBaseline: true,
  ...more,
})
const simulatedBedrock = (type: StepType, like: Like): MatrixEntry => ({
  step: 'Bedrock',
  steps: [{ Name: 'Bedrock', Type: type, Arguments: {} }],
  metadata: { [type]: { Arn: like.text(/:bedrock:.*\/simulated-/) } },
})

/** One entry per step type: a type without a pipeline that runs does not compile. */
export const matrix = (like: Like) => {
  const arn = (resource: string, name = '.+'): unknown =>
    like.text(new RegExp(`^arn:aws:sagemaker:us-east-1:000000000000:${resource}/${name}$`))
  return {
    Processing: {
      step: 'Process',
      steps: [
        processing('Process', 'process', {
          inputs: [processingInput('data', s3('data/'))],
          outputs: [processingOutput('out', s3('processed'))],
        }),
      ],
      metadata: { ProcessingJob: { Arn: arn('processing-job') } },
      gives: ['ProcessingJobStatus', 'Completed'],
    },
    Training: {
      step: 'Train',
      steps: [train],
      metadata: { TrainingJob: { Arn: arn('training-job') } },
      gives: ["FinalMetricDataList['score'].MetricName", 'score'],
    },
    Transform: {
      step: 'Transform',
      steps: [
        train,
        model(),
        {
          Name: 'Transform',
          Type: 'Transform',
          Arguments: {
            ModelName: get('Steps.Model.ModelName'),
            TransformInput: {
              DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: s3('data/') } },
              SplitType: 'Line',
            },
            TransformOutput: { S3OutputPath: s3('transformed'), AssembleWith: 'Line' },
            TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
          },
        },
      ],
      metadata: { TransformJob: { Arn: arn('transform-job') } },
      gives: ['TransformJobStatus', 'Completed'],
    },
    Tuning: {
      step: 'Tune',
      steps: [
        {
          Name: 'Tune',
          Type: 'Tuning',
          Arguments: {
            HyperParameterTuningJobConfig: {
              Strategy: 'Random',
              RandomSeed: 1,
              ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
              HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'score' },
              ParameterRanges: { IntegerParameterRanges: [{ Name: 'depth', MinValue: '1', MaxValue: '9' }] },
            },
            TrainingJobDefinition: {
              AlgorithmSpecification: {
                TrainingImage: 'test-node:1',
                TrainingInputMode: 'File',
                MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9.]+)' }],
              },
              RoleArn: role,
              OutputDataConfig: { S3OutputPath: s3('tuned') },
              ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
              StoppingCondition: { MaxRuntimeInSeconds: 600 },
            },
          },
        },
      ],
      metadata: { TuningJob: { Arn: arn('hyper-parameter-tuning-job') } },
      gives: ['HyperParameterTuningJobStatus', 'Completed'],
    },
    AutoML: {
      step: 'AutoML',
      steps: [
        {
          Name: 'AutoML',
          Type: 'AutoML',
          Arguments: {
            InputDataConfig: [
              {
                TargetAttributeName: 'kind',
                DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: s3('flowers/') } },
              },
            ],
            OutputDataConfig: { S3OutputPath: s3('automl') },
            AutoMLJobConfig: { Mode: 'ENSEMBLING', CompletionCriteria: { MaxCandidates: 2 } },
            RoleArn: role,
          },
        },
      ],
      metadata: { AutoMLJob: { Arn: arn('automl-job') } },
      gives: ['AutoMLJobStatus', 'Completed'],
    },
    Model: { step: 'Model', steps: [train, model()], metadata: { Model: { Arn: arn('model') } } },
    RegisterModel: {
      step: 'Register',
      steps: [
        train,
        {
          Name: 'Register',
          Type: 'RegisterModel',
          Arguments: {
            ModelPackageGroupName: 'Matrix',
            InferenceSpecification: {
              Containers: [
                { Image: 'test-server:1', ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') },
              ],
              SupportedContentTypes: ['text/csv'],
              SupportedResponseMIMETypes: ['text/csv'],
            },
          },
        },
      ],
      metadata: { RegisterModel: { Arn: arn('model-package', 'matrix/1') } },
      gives: ['ModelApprovalStatus', 'PendingManualApproval'],
    },
    Condition: {
      step: 'If',
      steps: [condition('If', [equals(1, 1)], [])],
      metadata: { Condition: { Outcome: 'True' } },
    },
    Fail: {
      step: 'Stop',
      steps: [fail('Stop', 'enough')],
      metadata: { Fail: { ErrorMessage: 'enough' } },
      status: 'Failed',
    },
    Lambda: {
      step: 'Call',
      steps: [
        {
          Name: 'Call',
          Type: 'Lambda',
          FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:double',
          Arguments: { number: 21 },
          OutputParameters: [{ OutputName: 'doubled', OutputType: 'Integer' }],
        },
      ],
      metadata: {
        Lambda: {
          Arn: 'arn:aws:lambda:us-east-1:000000000000:function:double',
          OutputParameters: [{ Name: 'doubled', Value: '42' }],
        },
      },
      gives: ["OutputParameters['doubled']", '42'],
    },
    Callback: {
      step: 'Ask',
      steps: [
        {
          Name: 'Ask',
          Type: 'Callback',
          SqsQueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/matrix',
          Arguments: { question: 'how' },
          OutputParameters: [{ OutputName: 'answer', OutputType: 'String' }],
        },
      ],
      metadata: {
        Callback: {
          CallbackToken: like.text(/^[A-Za-z0-9]{10}$/),
          SqsQueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/matrix',
          OutputParameters: [{ Name: 'answer', Value: 'so' }],
        },
      },
      gives: ["OutputParameters['answer']", 'so'],
    },
    ClarifyCheck: {
      step: 'Bias',
      steps: [
        check(
          'Bias',
          'ClarifyCheck',
          [processingInput('analysis_config', s3('config/bias.json')), processingInput('dataset', s3('flowers/'))],
          { CheckType: 'DATA_BIAS' },
        ),
      ],
      metadata: {
        ClarifyCheck: {
          CheckType: 'DATA_BIAS',
          CalculatedBaselineConstraints: s3('Bias/analysis.json'),
          BaselineUsedForDriftCheckConstraints: s3('Bias/analysis.json'),
          CheckJobArn: arn('processing-job'),
          SkipCheck: true,
          RegisterNewBaseline: true,
        },
      },
      gives: ['CalculatedBaselineConstraints', s3('Bias/analysis.json')],
    },
    QualityCheck: {
      step: 'Quality',
      steps: [
        check('Quality', 'QualityCheck', [processingInput('baseline_dataset_input', s3('flowers/'))], {
          CheckType: 'DATA_QUALITY',
        }),
      ],
      metadata: {
        QualityCheck: {
          CheckType: 'DATA_QUALITY',
          CalculatedBaselineConstraints: s3('Quality/constraints.json'),
          CalculatedBaselineStatistics: s3('Quality/statistics.json'),
          BaselineUsedForDriftCheckConstraints: s3('Quality/constraints.json'),
          BaselineUsedForDriftCheckStatistics: s3('Quality/statistics.json'),
          CheckJobArn: arn('processing-job'),
          SkipCheck: true,
          RegisterNewBaseline: true,
        },
      },
      gives: ['CalculatedBaselineStatistics', s3('Quality/statistics.json')],
    },
    EMR: {
      step: 'Spark',
      steps: [
        {
          Name: 'Spark',
          Type: 'EMR',
          Arguments: {
            ClusterId: 'j-1ABC',
            StepConfig: { HadoopJarStep: { Jar: 'command-runner.jar', Args: ['spark-submit', s3('code/job.py')] } },
          },
        },
      ],
      metadata: {
        EMR: {
          ClusterId: 'j-1ABC',
          StepId: like.text(/^s-/),
          StepName: like.text(/-Spark-/),
          LogFilePath: like.text(/log\.txt$/),
        },
      },
      gives: ['Status.State', 'COMPLETED'],
    },
    EMRServerless: {
      step: 'Spark',
      steps: [
        {
          Name: 'Spark',
          Type: 'EMRServerless',
          Arguments: {
            ExecutionRoleArn: role,
            ApplicationId: '00abc',
            JobConfig: { jobDriver: { sparkSubmit: { entryPoint: s3('code/job.py') } } },
          },
        },
      ],
      // The service's metadata has no member for it.
      metadata: {},
      gives: ['jobRun.state', 'SUCCESS'],
    },
    EndpointConfig: {
      step: 'EndpointConfig',
      steps: [train, model(), endpointConfig()],
      metadata: { EndpointConfig: { Arn: arn('endpoint-config') } },
    },
    Endpoint: {
      step: 'Endpoint',
      steps: [train, model(), endpointConfig(), endpoint('matrix')],
      metadata: { Endpoint: { Arn: arn('endpoint', 'matrix') } },
      gives: ['EndpointStatus', 'InService'],
    },
    InferenceComponent: {
      step: 'Component',
      steps: [
        train,
        model(),
        endpointConfig({}),
        endpoint('components'),
        {
          Name: 'Component',
          Type: 'InferenceComponent',
          Arguments: {
            InferenceComponentName: 'part',
            EndpointName: get('Steps.Endpoint.EndpointName'),
            VariantName: 'A',
            Specification: {
              ModelName: get('Steps.Model.ModelName'),
              ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 },
            },
            RuntimeConfig: { CopyCount: 1 },
          },
        },
      ],
      metadata: { InferenceComponent: { Arn: arn('inference-component', 'part') } },
    },
    Lineage: {
      step: 'Record',
      steps: [
        {
          Name: 'Record',
          Type: 'Lineage',
          Arguments: {
            Artifacts: [{ ArtifactName: 'data', ArtifactType: 'Dataset', Source: { SourceUri: s3('data/') } }],
          },
        },
      ],
      metadata: { Lineage: like.text(/./) },
    },
    BedrockCustomModel: simulatedBedrock('BedrockCustomModel', like),
    BedrockCustomModelDeployment: simulatedBedrock('BedrockCustomModelDeployment', like),
    BedrockModelImport: simulatedBedrock('BedrockModelImport', like),
    BedrockProvisionedModelThroughput: simulatedBedrock('BedrockProvisionedModelThroughput', like),
    ForEach: {
      step: 'Each',
      steps: [
        {
          Name: 'Each',
          Type: 'ForEach',
          Arguments: {
            IterableItems: { 'Std:Join': { On: '', Values: ['[{"key":"a"},{"key":"b"}]'] } },
            MaxConcurrency: 2,
            ForEachBody: [
              {
                Name: 'Record',
                Type: 'Lineage',
                Arguments: {
                  Artifacts: [
                    {
                      ArtifactName: { Get: 'ForEach.CurrentItem.key' },
                      ArtifactType: 'Dataset',
                      Source: { SourceUri: s3('data/') },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
      metadata: {},
      gives: ['Status', 'Succeeded'],
    },
    Job: {
      step: 'Job',
      steps: [{ Name: 'Job', Type: 'Job', Arguments: { JobCategory: 'Evaluation', JobConfigDocument: '{}' } }],
      metadata: { Job: { Arn: arn('job', 'simulated-.+') } },
    },
  } satisfies Record<StepType, MatrixEntry>
}

/** Writes the programs that the matrix's images and Spark stand for. @returns variables that must be set */
export async function writePrograms(folder: string): Promise<{ readonly SPARK_HOME: string }> {
  await mkdir(join(folder, 'bin'), { recursive: true })
  const base = 'process.env.SAGEMAKER_BASE_DIR'
  await writeFile(
    join(folder, 'train.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync(${base} + '/model/factor', '3'); console.log('score=0.9')`,
  )
  await writeFile(
    join(folder, 'process.mjs'),
    `import { cpSync } from 'node:fs'; cpSync(${base} + '/processing/input/data', ${base} + '/processing/output/out', { recursive: true })`,
  )
  await writeFile(
    join(folder, 'serve.mjs'),
    `import { createServer } from 'node:http'
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () => response.end(body))
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
  await writeFile(join(folder, 'bin/spark-submit'), `#!${process.execPath}\nconsole.log('submitted')\n`)
  await chmod(join(folder, 'bin/spark-submit'), 0o755)
  return { SPARK_HOME: folder }
}

/** Objects that the matrix reads, below `matrix/`. */
export const matrixObjects: Readonly<Record<string, string>> = {
  'data/a.csv': '1\n2\n',
  'code/job.py': '',
  'flowers/a.csv': [
    'width,length,kind',
    ...Array.from(
      { length: 20 },
      (_, index) => `${index % 7},${index % 2 === 0 ? 1 + (index % 3) : 8 + (index % 3)},${index % 2}`,
    ),
  ].join('\n'),
  'config/bias.json': JSON.stringify({
    dataset_type: 'text/csv',
    label: 'kind',
    label_values_or_threshold: [1],
    facet: [{ name_or_index: 'width', value_or_threshold: [3] }],
    methods: { pre_training_bias: { methods: 'all' } },
  }),
}
