import {
  type Args,
  boolean,
  crossValidation,
  csv,
  type Expr,
  equals,
  execution,
  float,
  greaterThan,
  greaterThanOrEqualTo,
  integer,
  isIn,
  join,
  jsonGet,
  kFold,
  maximize,
  nodeSvm,
  pipeline,
  processingStep,
  registerModelStep,
  type StartParameters,
  string,
  trainingStep,
} from 'foldwise'
import { expectTypeOf } from 'vitest'

const parameters = {
  Uri: string('s3://b/x'),
  Mode: string('fast', { oneOf: ['fast', 'slow'] }),
  Needed: string(),
  NeededMode: string(undefined, { oneOf: ['a', 'b'] }),
  Count: integer(1),
  Rate: float(0.5),
  Deep: boolean(false),
}

// @ts-expect-error the default is not in the enum
string('fasst', { oneOf: ['fast', 'slow'] })
// @ts-expect-error the default is no number
integer('5')
// @ts-expect-error the default is no boolean
boolean('true')

const common = { image: 'i', instance: 'ml.m5.large', role: 'r', output: 's3://b/m' } as const

export const example = pipeline('P', { parameters }, p => {
  expectTypeOf(p.Uri).toEqualTypeOf<Expr<string>>()
  expectTypeOf(p.Mode).toEqualTypeOf<Expr<'fast' | 'slow'>>()
  expectTypeOf(p.Count).toEqualTypeOf<Expr<number>>()
  expectTypeOf(p.Deep).toEqualTypeOf<Expr<boolean>>()
  // @ts-expect-error not declared
  void p.Url

  const train = trainingStep('Train', {
    ...common,
    metrics: { 'validation:accuracy': 'x' },
    hyperparameters: { c: p.Rate },
  })
  expectTypeOf(train.properties.ModelArtifacts.S3ModelArtifacts).toEqualTypeOf<Expr<string>>()
  expectTypeOf(train.properties.TrainingStartTime).toEqualTypeOf<Expr<string>>()
  expectTypeOf(train.properties.FinalMetricDataList['validation:accuracy'].Value).toEqualTypeOf<Expr<number>>()
  expectTypeOf(train.properties.InputDataConfig[0].ChannelName).toEqualTypeOf<Expr<string>>()
  // @ts-expect-error no declared metric
  void train.properties.FinalMetricDataList['validation:acc']
  // @ts-expect-error no member of DescribeTrainingJob
  void train.properties.ModelArtefacts
  // @ts-expect-error a number in a text slot
  trainingStep('T', { ...common, role: p.Count })
  // @ts-expect-error no option
  trainingStep('T', { ...common, hyperparameter: {} })
  // @ts-expect-error no instance type
  trainingStep('T', { ...common, instance: 'ml.m5.lage' })
  // @ts-expect-error no output
  trainingStep('T', { image: 'i', instance: 'ml.m5.large', role: 'r' })
  // @ts-expect-error a policy ends after attempts or after a time, never both
  trainingStep('T', { ...common, retry: { on: ['Step.THROTTLING'], maxAttempts: 1, expireAfterMinutes: 1 } })

  const request = { RoleArn: p.Uri, OutputDataConfig: { S3OutputPath: join`${p.Uri}/m` } }
  trainingStep('T', { arguments: { ...request, AlgorithmSpecification: { TrainingInputMode: p.Mode } } })
  // @ts-expect-error the service names the job
  trainingStep('T', { arguments: { ...request, TrainingJobName: 'x' } })
  // @ts-expect-error no input mode
  trainingStep('T', { arguments: { ...request, AlgorithmSpecification: { TrainingInputMode: 'Fil' } } })
  const mode = 'File'
  // @ts-expect-error no member of AlgorithmSpecification
  trainingStep('T', { arguments: { ...request, AlgorithmSpecification: { TrainingInputMode: mode, Traning: 'x' } } })
  // @ts-expect-error an expression cannot stand for a list
  trainingStep('T', { arguments: { ...request, InputDataConfig: p.Uri } })
  // @ts-expect-error the request lacks RoleArn
  trainingStep('T', { arguments: { OutputDataConfig: { S3OutputPath: 's3://b' } } })

  const split = processingStep('Split', {
    image: 'i',
    instance: p.Uri,
    role: 'r',
    inputs: { data: { uri: p.Uri, path: '/opt/ml/processing/in' } },
    outputs: {
      train: { uri: 's3://b/t', path: '/opt/ml/processing/t' },
      report: { uri: 's3://b/r', path: '/opt/ml/processing/r' },
    },
    propertyFiles: { Report: { output: 'report', path: 'a.json' } },
  })
  expectTypeOf(split.properties.ProcessingOutputConfig.Outputs.train.S3Output.S3Uri).toEqualTypeOf<Expr<string>>()
  expectTypeOf(split.properties.ProcessingInputs.data.S3Input.S3Uri).toEqualTypeOf<Expr<string>>()
  // @ts-expect-error no declared output
  void split.properties.ProcessingOutputConfig.Outputs.trian
  // @ts-expect-error no declared input
  void split.properties.ProcessingInputs.dat
  // @ts-expect-error no declared property file
  void split.propertyFiles.Raport

  const value = jsonGet(split.propertyFiles.Report, 'a.b')
  greaterThanOrEqualTo(value, p.Rate)
  greaterThanOrEqualTo(value, 0.5)
  equals(value, 'text')
  equals(p.Mode, 'fast')
  isIn(p.Mode, ['fast', 'slow'])
  greaterThan(execution.StartDateTime, '2020-12-01')
  trainingStep('T', { arguments: { ...request, RoleArn: jsonGet(split.propertyFiles.Report, 'role') } })
  // @ts-expect-error a number is never equal to text
  equals(p.Count, 'five')
  // @ts-expect-error a boolean is neither less nor more
  greaterThan(p.Deep, p.Deep)
  // @ts-expect-error the service takes no expression for a path
  jsonGet(split.propertyFiles.Report, p.Uri)

  // @ts-expect-error refused by the service in a pipeline
  registerModelStep('R', { arguments: { ModelPackageGroupName: 'g', CertifyForMarketplace: true } })
  // @ts-expect-error only faults of the service are tried again
  registerModelStep('R', { arguments: { ModelPackageGroupName: 'g' }, retry: { on: ['SageMaker.CAPACITY_ERROR'] } })

  // @ts-expect-error the number of folds is fixed in the definition
  kFold({ k: p.Count })
  // @ts-expect-error no hyperparameter of the trainer
  nodeSvm({ hyperparameters: { Kernel: 'rbf' } })
  const cv = { data: csv(p.Uri), folds: kFold({ k: 2 }), training: nodeSvm(), objective: maximize('a'), role: 'r' }
  crossValidation({ ...cv, baseline: p.Rate, output: 's3://b', images: { processing: 'i' } })
  // @ts-expect-error a baseline is a number
  crossValidation({ ...cv, baseline: p.Uri, output: 's3://b', images: { processing: 'i' } })
  // @ts-expect-error no baseline
  crossValidation({ ...cv, output: 's3://b', images: { processing: 'i' } })
  return [train, split]
})

expectTypeOf<StartParameters<typeof example>>().toMatchObjectType<{
  readonly Needed: string
  readonly NeededMode: 'a' | 'b'
}>()
export const start: StartParameters<typeof example> = { Needed: 'x', NeededMode: 'a', Count: 5, Mode: 'slow' }
// @ts-expect-error parameters without a default are required
export const missing: StartParameters<typeof example> = { Needed: 'x' }
// @ts-expect-error not in the enum
export const wrong: StartParameters<typeof example> = { Needed: 'x', NeededMode: 'a', Mode: 'fasst' }

expectTypeOf<Args<{ A: string; B?: number[]; C: { D?: boolean }; M: Record<string, string> }>>().toEqualTypeOf<{
  readonly A: string | Expr<string>
  readonly B?: readonly (number | Expr<number>)[]
  readonly C: { readonly D?: boolean | Expr<boolean> }
  readonly M: { readonly [x: string]: string | Expr<string> }
}>()
