import Ajv from 'ajv'
import { describe, expect, it } from 'vitest'
import {
  autoMLStep,
  bedrockCustomModelDeploymentStep,
  bedrockCustomModelStep,
  bedrockModelImportStep,
  bedrockProvisionedModelThroughputStep,
  callbackStep,
  clarifyCheckStep,
  conditionStep,
  emrServerlessStep,
  emrStep,
  endpointConfigStep,
  endpointStep,
  equals,
  type Expr,
  failStep,
  forEachStep,
  inferenceComponentStep,
  jobStep,
  lambdaStep,
  lineageStep,
  modelStep,
  pipeline,
  processingStep,
  qualityCheckStep,
  reference,
  registerModelStep,
  type Step,
  string,
  trainingStep,
  transformStep,
  tuningStep,
} from 'foldwise'
import { stepKinds } from '../../../pipeline/definition/index.ts'
import schema from '../../../schemas/definition.schema.json' with { type: 'json' }
import type { StepType } from '../../../schemas/definition.ts'
import { messageOf } from './message-of.ts'

const role = 'arn:aws:iam::111122223333:role/Role'
const job = { image: 'image', instance: 'ml.m5.large', role } as const
const processing = {
  RoleArn: role,
  AppSpecification: { ImageUri: 'image' },
  ProcessingResources: {
    ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large' as const, VolumeSizeInGB: 1 },
  },
}
const lambda = lambdaStep('Lambda', {
  function: 'arn:aws:lambda:us-east-1:111122223333:function:f',
  inputs: { a: [1, { b: true }], gone: undefined },
  outputs: { text: 'String', count: 'Integer', rate: 'Float', ok: 'Boolean' },
})
const callback = callbackStep('Callback', {
  queue: 'https://sqs.us-east-1.amazonaws.com/1/q',
  outputs: { answer: 'String' },
})
const tuning = tuningStep('Tuning', {
  arguments: {
    HyperParameterTuningJobConfig: { Strategy: 'Bayesian', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
  },
})
const autoML = autoMLStep('AutoML', {
  arguments: {
    RoleArn: role,
    OutputDataConfig: { S3OutputPath: 's3://b/o' },
    AutoMLJobConfig: { Mode: 'ENSEMBLING' },
    InputDataConfig: [
      { TargetAttributeName: 'y', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/i' } } },
    ],
  },
})
const transform = transformStep('Transform', {
  model: 'm',
  instance: 'ml.m5.large',
  input: 's3://b/in/',
  output: 's3://b/out',
})
const model = modelStep('Model', { image: 'image', modelData: 's3://b/m.tar.gz', role })
const clarify = clarifyCheckStep('Clarify', { check: 'MODEL_BIAS', model: 'm', arguments: processing, skipCheck: true })
const quality = qualityCheckStep('Quality', {
  check: 'DATA_QUALITY',
  arguments: processing,
  suppliedBaselineStatistics: null,
})
const emr = emrStep('EMR', { arguments: { ClusterId: 'j-1', StepConfig: { HadoopJarStep: { Jar: 's3://b/a.jar' } } } })
const emrServerless = emrServerlessStep('Serverless', {
  arguments: {
    ExecutionRoleArn: role,
    ApplicationId: 'a',
    JobConfig: { jobDriver: { sparkSubmit: { entryPoint: 's3://b/a.py' } } },
  },
})
const endpointConfig = endpointConfigStep('EndpointConfig', {
  arguments: { ProductionVariants: [{ VariantName: 'All', ModelName: model.properties.ModelName }] },
})
const endpoint = endpointStep('Endpoint', {
  arguments: { EndpointName: 'e', EndpointConfigName: endpointConfig.properties.EndpointConfigName },
})
const component = inferenceComponentStep('Component', {
  arguments: { InferenceComponentName: 'c', EndpointName: endpoint.properties.EndpointName },
})
const lineage = lineageStep('Lineage', {
  arguments: { Artifacts: [{ ArtifactName: 'data', ArtifactType: 'DataSet', Source: { SourceUri: 's3://b/d' } }] },
})
const custom = bedrockCustomModelStep('Custom', {
  arguments: { ModelName: 'm', ModelSourceConfig: { S3DataSource: { S3Uri: 's3://b/m' } } },
})
const deployment = bedrockCustomModelDeploymentStep('Deployment', {
  arguments: { ModelDeploymentName: 'd', ModelArn: custom.properties.ModelArn },
})
const imported = bedrockModelImportStep('Import', {
  arguments: {
    JobName: 'j',
    ImportedModelName: 'i',
    RoleArn: role,
    ModelDataSource: { S3DataSource: { S3Uri: 's3://b/m' } },
  },
})
const throughput = bedrockProvisionedModelThroughputStep('Throughput', {
  arguments: { ModelUnits: 1, ProvisionedModelName: 'p', ModelId: imported.properties.ImportedModelArn },
})
const generalJob = jobStep('Job', {
  arguments: { RoleArn: role, JobCategory: 'AgentRFT', JobConfigSchemaVersion: '1.0.0', JobConfigDocument: '{}' },
})
const each = forEachStep('Each', {
  items: reference('Parameters.Items'),
  maxConcurrency: 2,
  body: item => lambdaStep('Call', { function: 'arn:aws:lambda:us-east-1:111122223333:function:f', inputs: { item } }),
})

const steps: readonly Step[] = [
  processingStep('Processing', { arguments: processing }),
  trainingStep('Training', { ...job, output: 's3://b/m' }),
  transform,
  tuning,
  autoML,
  model,
  registerModelStep('Register', { arguments: { ModelPackageGroupName: 'g' } }),
  conditionStep('Condition', { conditions: equals(1, 1) }),
  failStep('Fail', { message: 'no' }),
  lambda,
  callback,
  clarify,
  quality,
  emr,
  emrServerless,
  endpointConfig,
  endpoint,
  component,
  lineage,
  custom,
  deployment,
  imported,
  throughput,
  generalJob,
  each,
]

describe('steps of every type of the service', () => {
  it('can be written', () => {
    expect(steps.map(step => step.type).toSorted()).toEqual((Object.keys(stepKinds) as StepType[]).toSorted())
  })

  it('are documents of our published grammar', () => {
    const { document } = pipeline(
      'P',
      { parameters: { Items: string('[]') }, experimental: { forEach: true } },
      () => steps,
    )
    const isValid = new Ajv({ strict: false }).compile(schema)
    expect(isValid(JSON.parse(JSON.stringify(document))), JSON.stringify(isValid.errors)).toBe(true)
  })

  it.each<[string, Expr<unknown>]>([
    ["Lambda.OutputParameters['rate']", lambda.properties.OutputParameters.rate],
    ["Callback.OutputParameters['answer']", callback.properties.OutputParameters.answer],
    ['Tuning.BestTrainingJob.TrainingJobName', tuning.properties.BestTrainingJob.TrainingJobName],
    ['Tuning.TrainingJobSummaries[49].TrainingJobArn', tuning.properties.TrainingJobSummaries[49].TrainingJobArn],
    ['AutoML.BestCandidate.InferenceContainers[0].Image', autoML.properties.BestCandidate.InferenceContainers[0].Image],
    [
      'AutoML.BestCandidateProperties.ModelInsightsJsonReportPath',
      autoML.properties.BestCandidateProperties.ModelInsightsJsonReportPath,
    ],
    ['Transform.TransformOutput.S3OutputPath', transform.properties.TransformOutput.S3OutputPath],
    ['Clarify.CalculatedBaselineConstraints', clarify.properties.CalculatedBaselineConstraints],
    ['Quality.BaselineUsedForDriftCheckStatistics', quality.properties.BaselineUsedForDriftCheckStatistics],
    ['EMR.Status.StateChangeReason.Message', emr.properties.Status.StateChangeReason.Message],
    ['EMR.Config.Args[1]', emr.properties.Config.Args[1] as Expr<string>],
    ['Serverless.jobRun.state', emrServerless.properties.jobRun.at('state')],
    ['Component.InferenceComponentArn', component.properties.InferenceComponentArn],
    ["Lineage.ArtifactArns['data']", lineage.properties.ArtifactArns['data'] as Expr<string>],
    ['Throughput.ProvisionedModelArn', throughput.properties.ProvisionedModelArn],
    ['Custom.OutputDataConfig.S3Uri', custom.properties.OutputDataConfig.at('S3Uri')],
    ['Custom.TrainingMetrics[0]', custom.properties.TrainingMetrics.at(0)],
    ["Custom.HyperParameters['my key']", custom.properties.HyperParameters.at('my key')],
    ['Job.JobConfigDocument.Output.RunId', generalJob.document.at('Output', 'RunId')],
  ])('give %s', (path, expression) => {
    expect(expression.json).toEqual({ Get: `Steps.${path}` })
    expect(failStep('F', { message: expression as Expr<string> }).definition.Arguments).toMatchObject({
      ErrorMessage: {},
    })
  })

  it('know the type of an output parameter', () => {
    const { OutputParameters } = lambda.properties
    expect(OutputParameters.count.valueType).toBe('Integer')
    expect(failStep('F', { message: OutputParameters.count }).definition.Arguments).toEqual({
      ErrorMessage: { 'Std:Join': { On: '', Values: [{ Get: "Steps.Lambda.OutputParameters['count']" }] } },
    })
  })

  it('refuse what they do not give, with the nearest name', () => {
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => lambda.properties.OutputParameters.txt)).toBe(
      `Steps.Lambda.OutputParameters['txt'] — the step declares no output "txt". Did you mean "text"?`,
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => clarify.properties.CalculatedBaselineStatistics)).toContain(
      'Steps.Clarify — it has no member',
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => emr.properties.Status.Stat)).toBe(
      'Steps.EMR.Status — it has no member "Stat". Did you mean "State"?',
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => imported.properties.ImportedModelARNs)).toContain('Did you mean "ImportedModelArn"?')
  })

  it('refuse to become text by accident, whether the model knows them or not', () => {
    expect(messageOf(() => `in ${custom.properties.ModelArn.at('x') as unknown as string}`)).toContain(
      'Steps.Custom.ModelArn.x — it is a reference without a value',
    )
  })
})

describe('the top models of a tuning', () => {
  it('lie below the output of the training jobs, by rank', () => {
    expect(tuning.topModel(0, 's3://b/hpo').json).toEqual({
      'Std:Join': {
        On: '/',
        Values: ['s3://b/hpo', { Get: 'Steps.Tuning.TrainingJobSummaries[0].TrainingJobName' }, 'output/model.tar.gz'],
      },
    })
    for (const rank of [-1, 50, 1.5]) {
      expect(messageOf(() => tuning.topModel(rank, 's3://b/hpo'))).toBe(
        `Step "Tuning": topModel(${rank}) — the service keeps the 50 best training jobs; give a rank from 0 to 49.`,
      )
    }
  })
})

describe('concise steps', () => {
  it('write a batch transform with its details', () => {
    const step = transformStep('T', {
      model: model.properties.ModelName,
      instance: { type: 'ml.m5.large', count: 2 },
      input: { uri: 's3://b/in/', contentType: 'text/csv', splitType: 'Line', compression: 'Gzip', manifest: true },
      output: { uri: 's3://b/out', accept: 'text/csv', assembleWith: 'Line', kmsKey: 'key' },
      batchStrategy: 'MultiRecord',
      maxConcurrentTransforms: 2,
      maxPayloadInMB: 6,
      environment: { A: 1 },
      tags: { team: 'a' },
      arguments: { DataProcessing: { InputFilter: '$[1:]' } },
    })
    expect(step.definition.Arguments).toEqual({
      ModelName: { Get: 'Steps.Model.ModelName' },
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://b/in/' } },
        ContentType: 'text/csv',
        CompressionType: 'Gzip',
        SplitType: 'Line',
      },
      TransformOutput: { S3OutputPath: 's3://b/out', Accept: 'text/csv', AssembleWith: 'Line', KmsKeyId: 'key' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 },
      BatchStrategy: 'MultiRecord',
      MaxConcurrentTransforms: 2,
      MaxPayloadInMB: 6,
      Environment: { A: '1' },
      Tags: [{ Key: 'team', Value: 'a' }],
      DataProcessing: { InputFilter: '$[1:]' },
    })
  })

  it('write a model of one container', () => {
    expect(model.definition).toEqual({
      Name: 'Model',
      Type: 'Model',
      Arguments: { ExecutionRoleArn: role, PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://b/m.tar.gz' } },
    })
  })
})

describe('a reference by its path', () => {
  it('reaches what the typed references do not', () => {
    expect(reference('Parameters.Any').json).toEqual({ Get: 'Parameters.Any' })
    expect(messageOf(() => reference('Train.ModelArtifacts'))).toBe(
      'reference("Train.ModelArtifacts") — a path begins with Parameters., Execution., PipelineExperimentConfig. or Steps. (in a ForEach also ForEach. or ChildOutput.); give the whole path.',
    )
  })
})
