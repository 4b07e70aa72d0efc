import { oneMoreStep, sampleDocument, sampleTraining } from '../../../../pipeline/validate/catalogue/sample.ts'
import type { Example } from '../../../../pipeline/validate/catalogue.ts'

export const get = (path: string) => ({ Get: path })
export const join = (on: string, ...values: unknown[]) => ({ 'Std:Join': { On: on, Values: values } })
export const set = (path: string, value?: unknown): Example => ({ set: [[path, value]] })
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
export const map = (count: number, value = 'x') => Object.fromEntries(many(count, index => [`K${index}`, value]))

export const sampleGate = sampleDocument.Steps[3]?.Arguments as {
  readonly Conditions: readonly { readonly LeftValue: unknown }[]
  readonly IfSteps: readonly object[]
}
const [firstCondition] = sampleGate.Conditions
export const condition0 = firstCondition
export const fromFile = firstCondition?.LeftValue

export const split = 'Steps[0].Arguments'
export const train = 'Steps[1].Arguments'
export const evaluate = 'Steps[2].Arguments'
export const gate = 'Steps[3].Arguments'
export const register = `${gate}.IfSteps[0].Arguments`
export const condition = `${gate}.Conditions[0]`
export const role = 'arn:aws:iam::111122223333:role/pipeline'
export const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f'

export const more = (type: string, args: object, rest: object = {}): Example => ({
  set: oneMoreStep(type, { Arguments: args, ...rest }),
})
export const fail = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: '' },
  ...rest,
})
export const lambda = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Lambda',
  FunctionArn: functionArn,
  Arguments: {},
  OutputParameters: [{ OutputName: 'o', OutputType: 'String' }],
  ...rest,
})
/** Reads a value of a step in a Fail step at the end. */
export const read = (path: string, index = 5): NonNullable<Example['set']> => [
  [`Steps[${index}]`, fail('Read', { Arguments: { ErrorMessage: get(path) } })],
]
export const retry = (policy: object, step = 'Steps[1]') => set(`${step}.RetryPolicies`, [policy])
export const capacity = { ExceptionType: ['SageMaker.CAPACITY_ERROR'] }
export const channel = (name: string, uri: string, rest: object = {}, source: object = {}) => ({
  ChannelName: name,
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, ...source } },
  ...rest,
})
export const input = (name: string, localPath = `/opt/ml/processing/input/${name}`) => ({
  InputName: name,
  S3Input: { S3Uri: `s3://my-bucket/${name}/`, LocalPath: localPath, S3DataType: 'S3Prefix', S3InputMode: 'File' },
})
export const output = (name: string, uri: unknown = `s3://my-bucket/${name}`, rest: object = {}) => ({
  OutputName: name,
  S3Output: { S3Uri: uri, LocalPath: `/opt/ml/processing/output/${name}`, S3UploadMode: 'EndOfJob', ...rest },
})
const { HyperParameters: _fixed, ...trainingArguments } = sampleTraining.Arguments
export const trainingDefinition = trainingArguments
export const tune = (config: object, definition: object = {}, rest: object = {}) =>
  more('Tuning', {
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
      ...config,
    },
    TrainingJobDefinition: { ...trainingDefinition, ...definition },
    ...rest,
  })
export const continuous = (...ranges: object[]) => ({ ParameterRanges: { ContinuousParameterRanges: ranges } })
export const transform = (args: object) =>
  more('Transform', {
    ModelName: 'm',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in/' } } },
    TransformOutput: { S3OutputPath: 's3://my-bucket/out/' },
    TransformResources: { InstanceCount: 1, InstanceType: 'ml.m5.large' },
    ...args,
  })
export const transformInput = (rest: object, source: object = {}) => ({
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in/', ...source } },
    ...rest,
  },
})
export const serverless = (config: object, rest: object = {}) =>
  more('EndpointConfig', {
    ProductionVariants: [{ VariantName: 'v', ModelName: 'm', ServerlessConfig: config, ...rest }],
  })
export const emrJob = { StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } }
export const cluster = (config: object) => more('EMR', { ...emrJob, ClusterConfig: config })
