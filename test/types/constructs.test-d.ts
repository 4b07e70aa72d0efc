import {
  categorical,
  continuous,
  type Expr,
  float,
  type ForEachItem,
  forEachStep,
  functionStep,
  integers,
  join,
  jsonGet,
  maximize,
  monitoredTransform,
  notebookJobStep,
  pipeline,
  rate,
  repackModel,
  scheduleRequest,
  string,
  trainingStep,
  tuningStep,
} from 'foldwise'
import { expectTypeOf } from 'vitest'
import type { FoldChoice, StorageOption } from '../../schemas/split-names.ts'
import type { SplitOptionsInput } from '../../schemas/split-options.ts'
import type { summary } from '../fixtures/functions/summary.ts'

/** The DSL's words are those of the container's schema, written out so that programs do not load the schema's types. */
type Container = Omit<SplitOptionsInput, 'format' | 'header' | 'label' | 'labels' | 'innerK' | StorageOption>
expectTypeOf<FoldChoice>().toEqualTypeOf<Readonly<Container>>()

const job = { image: 'i', role: 'r', code: { bucket: 'b' }, output: 's3://b/o' } as const

export const functions = pipeline('P', { parameters: { Rate: float(0.5), Label: string('a') } }, p => {
  const step = functionStep('F', {
    ...job,
    function: (rate: number, options: { readonly deep: readonly boolean[]; readonly label?: string }) =>
      Promise.resolve({
        mean: rate,
        parts: [{ name: options.label ?? '', at: new Date() }],
        maybe: rate > 1 ? 1 : null,
      }),
    args: [p.Rate, { deep: [true], label: join`${p.Label}-x` }],
  })
  expectTypeOf(step.result.mean).toExtend<Expr<number>>()
  expectTypeOf(step.result.parts[0]!.name).toExtend<Expr<string>>()
  expectTypeOf(step.result.parts[0]!.at).toExtend<Expr<string>>()
  expectTypeOf(step.result.maybe).toExtend<Expr<number>>()
  // @ts-expect-error the function returns no "men"
  void step.result.men
  // @ts-expect-error a text where a number is due
  functionStep('F', { ...job, function: (rate: number) => rate, args: ['0.5'] })
  // @ts-expect-error a reference of the wrong type
  functionStep('F', { ...job, function: (rate: number) => rate, args: [p.Label] })
  // @ts-expect-error an argument is missing
  functionStep('F', { ...job, function: (rate: number) => rate })
  // @ts-expect-error a function and a file
  functionStep('F', { ...job, function: () => 1, file: './f.ts' })
  // @ts-expect-error neither a function nor a file
  functionStep('F', { ...job })
  const scalar = functionStep('G', { ...job, function: () => true })
  expectTypeOf(scalar.result).toExtend<Expr<boolean>>()

  const file = functionStep<typeof summary>('H', {
    ...job,
    file: './summary.ts',
    export: 'summary',
    args: [[step.result.mean, 1], p.Label, { limit: jsonGet(step.propertyFiles.Result, 'result.mean') }],
  })
  expectTypeOf(file.result.parts[3]!.value).toExtend<Expr<number>>()
  // @ts-expect-error the label is one of two
  functionStep<typeof summary>('I', { ...job, file: './summary.ts', args: [[1], 'c', { limit: 1 }] })
  const open = functionStep('J', { ...job, file: './f.js', args: [1, { anything: p.Rate }] })
  // @ts-expect-error nothing is known of the result; jsonGet reads it
  void open.result.mean
  return [step, scalar, file, open]
})

const notebookJob = { image: 'i', kernel: 'python3', role: 'r', region: 'us-east-1', output: 's3://b/o' } as const
export const notebook = notebookJobStep('N', { ...notebookJob, notebook: { folder: 's3://b/nb/', name: 'a.ipynb' } })
expectTypeOf(notebook.properties.ComputingJobName).toEqualTypeOf<Expr<string>>()
expectTypeOf(notebook.properties.TrainingTimeInSeconds).toEqualTypeOf<Expr<number>>()
// @ts-expect-error the property has another name
void notebook.properties.ComputingJob
// @ts-expect-error a notebook on this machine needs a place to be uploaded to
notebookJobStep('N', { ...notebookJob, notebook: './a.ipynb' })
// @ts-expect-error a notebook in S3 has no code to upload
notebookJobStep('N', { ...notebookJob, notebook: { folder: 's3://b/nb/', name: 'a.ipynb' }, code: { bucket: 'b' } })

const request = {
  RoleArn: 'r',
  AppSpecification: { ImageUri: 'i' },
  ProcessingResources: {
    ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large' as const, VolumeSizeInGB: 1 },
  },
}
const transform = { model: 'm', instance: 'ml.m5.large', input: 's3://b/in/', output: 's3://b/out' } as const
const quality = monitoredTransform('M', { transform, monitoring: { check: 'DATA_QUALITY', arguments: request } })
expectTypeOf(quality.monitoring.properties.CalculatedBaselineStatistics).toEqualTypeOf<Expr<string>>()
const bias = monitoredTransform('M', { transform, monitoring: { check: 'MODEL_BIAS', model: 'm', arguments: request } })
// @ts-expect-error Clarify computes no statistics
void bias.monitoring.properties.CalculatedBaselineStatistics
// @ts-expect-error a check of a model names it
monitoredTransform('M', { transform, monitoring: { check: 'MODEL_BIAS', arguments: request } })
// @ts-expect-error its own steps to wait for would break the order
monitoredTransform('M', { transform, monitoring: { check: 'DATA_QUALITY', arguments: request, dependsOn: ['A'] } })

const repacked = repackModel('R', { ...job, modelData: 's3://b/m.tar.gz', source: './src', entryPoint: 'inference.py' })
expectTypeOf(repacked.modelData).toEqualTypeOf<Expr<string>>()
// @ts-expect-error there is one output
void repacked.properties.ProcessingOutputConfig.Outputs.code
export const constructs = [quality, bias, repacked]

const scheduled = pipeline(
  'S',
  { parameters: { Needed: string(), Mode: string('a', { oneOf: ['a', 'b'] }) } },
  () => repacked,
)
const place = { pipeline: { account: '111122223333', region: 'us-east-1' }, role: 'r' } as const
export const request1 = scheduleRequest(scheduled, {
  ...place,
  schedule: rate(5, 'minutes'),
  parameters: { Needed: 'x' },
})
// @ts-expect-error a parameter has no default
scheduleRequest(scheduled, { ...place, schedule: rate(5, 'minutes') })
// @ts-expect-error the parameter has another name
scheduleRequest(scheduled, { ...place, schedule: rate(5, 'minutes'), parameters: { Needed: 'x', Moed: 'a' } })
// @ts-expect-error the parameter takes a or b
scheduleRequest(scheduled, { ...place, schedule: rate(5, 'minutes'), parameters: { Needed: 'x', Mode: 'c' } })
// @ts-expect-error there is no such unit
rate(5, 'moons')
// @ts-expect-error there is no such unit
scheduleRequest(functions, { ...place, schedule: 'rate(5 moons)' })
export const request2 = scheduleRequest(functions, { ...place, schedule: 'cron(0 8 * * ? *)' })

const tuned = {
  training: { image: 'i', role: 'r', instance: 'ml.m5.large', output: 's3://b/o' },
  objective: maximize('auc'),
  limits: { jobs: 3, parallel: 1 },
} as const
export const tuning = tuningStep('T', { ...tuned, ranges: { eta: continuous(1e-4, 1, 'Logarithmic') } })
expectTypeOf(tuning.topModel(0)).toEqualTypeOf<Expr<string>>()
// @ts-expect-error numbers are no range
tuningStep('T', { ...tuned, ranges: { eta: [1, 2] } })
// @ts-expect-error there is no such scaling
continuous(1, 2, 'Log')
// @ts-expect-error integers have no reverse scale
integers(1, 2, 'ReverseLogarithmic')
// @ts-expect-error there is no such strategy
tuningStep('T', { ...tuned, ranges: { eta: categorical(['a']) }, strategy: 'Bayes' })
// @ts-expect-error neither our words nor the request
tuningStep('T', {})

export const looped = pipeline('L', { parameters: { Items: string() }, experimental: { forEach: true } }, p => {
  const each = forEachStep('Each', {
    items: p.Items,
    maxConcurrency: 2,
    body: (item: ForEachItem<{ readonly rate: number }>) => {
      expectTypeOf(item.rate).toEqualTypeOf<Expr<number>>()
      // @ts-expect-error items have no such member
      void item.rato
      return trainingStep('Train', { ...tuned.training, metrics: { auc: 'x' }, hyperparameters: { rate: item.rate } })
    },
    select: { maxBy: run => run.FinalMetricDataList.auc.Value },
  })
  expectTypeOf(each.properties.ChildOutputs[0]!.TrainingJobName).toEqualTypeOf<Expr<string>>()
  expectTypeOf(each.properties.Selected.FinalMetricDataList.auc.Value).toEqualTypeOf<Expr<number>>()
  // @ts-expect-error the runs declare no such metric
  void each.properties.Selected.FinalMetricDataList.acu
  const plain = forEachStep('Plain', {
    items: p.Items,
    maxConcurrency: 1,
    body: item => {
      expectTypeOf(item).toEqualTypeOf<Expr<string>>()
      return trainingStep('T', { ...tuned.training, hyperparameters: { item } })
    },
  })
  // @ts-expect-error items that are known already need no ForEach
  forEachStep('Known', { items: ['a'], maxConcurrency: 1, body: () => repacked })
  return [each, plain]
})
