import Ajv from 'ajv'
import { describe, expect, it } from 'vitest'
import {
  conditionStep,
  crossValidation,
  type CrossValidationOptions,
  csv,
  equals,
  float,
  integer,
  jsonLines,
  kFold,
  maximize,
  minimize,
  nodeSvm,
  pipeline,
  stratifiedKFold,
  string,
  trainingStep,
} from 'foldwise'
import { buildGraph, placedSteps } from '../../../pipeline/definition/index.ts'
import { splitArguments } from '../../../schemas/split-options.ts'
import schema from '../../../schemas/definition.schema.json' with { type: 'json' }
import { messageOf } from '../dsl/message-of.ts'

const base = {
  data: csv('s3://b/iris.csv', { header: true, label: 'species' }),
  folds: kFold({ k: 3, shuffle: true, seed: 23 }),
  training: nodeSvm({ hyperparameters: { C: 1 } }),
  objective: maximize('validation:accuracy'),
  baseline: 0.9,
  register: { group: 'Iris' },
  role: 'arn:aws:iam::111122223333:role/Role',
  output: { bucket: 'bucket', prefix: 'cv' },
  images: { processing: 'registry/foldwise-processing:1', training: 'registry/foldwise-training:1' },
} as const satisfies CrossValidationOptions

const made = (options: Partial<CrossValidationOptions> = {}) => crossValidation({ ...base, ...options })
const documentOf = (options: Partial<CrossValidationOptions> = {}) => pipeline('P', {}, () => made(options)).document

/** `s3://bucket/cv/<PipelineName>/<PipelineExecutionId>` and what follows it. */
const joined = (...rest: unknown[]) => ({
  'Std:Join': {
    On: '',
    Values: [
      's3://bucket/cv/',
      { Get: 'Execution.PipelineName' },
      '/',
      { Get: 'Execution.PipelineExecutionId' },
      ...rest,
    ],
  },
})
const output = (name: string) => ({ Get: `Steps.SplitFolds.ProcessingOutputConfig.Outputs['${name}'].S3Output.S3Uri` })

/** Every S3 URI that a step reads or writes, with its place. */
function uris(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]): [string, unknown][] =>
    key === 'S3Uri' || key === 'S3OutputPath' ? [[path + key, child]] : uris(child, `${path}${key}.`),
  )
}

describe('crossValidation', () => {
  it('makes the steps of the k-fold document in their order, and shows each of them', () => {
    const cv = made({ rejectModel: true })
    const document = pipeline('P', {}, () => cv).document
    expect(placedSteps(document).map(({ step, branches }) => [step.Name, step.Type, branches.at(-1)?.side])).toEqual([
      ['SplitFolds', 'Processing', undefined],
      ['TrainFold-0', 'Training', undefined],
      ['TrainFold-1', 'Training', undefined],
      ['TrainFold-2', 'Training', undefined],
      ['AggregateFolds', 'Processing', undefined],
      ['CompareWithBaseline', 'Condition', undefined],
      ['TrainFinal', 'Training', 'if'],
      ['RegisterModel', 'RegisterModel', 'if'],
      ['RejectModel', 'Fail', 'else'],
    ])
    const { split, folds, aggregate, gate, final, register, reject } = cv
    expect([split, ...folds, aggregate, gate, final, register, reject].map(step => step?.name)).toEqual(
      placedSteps(document).map(({ step }) => step.Name),
    )
  })

  it('writes documents of our published grammar', () => {
    const isValid = new Ajv({ strict: false }).compile(schema)
    for (const options of [
      {},
      { layout: 'manifest' },
      { rejectModel: 'no' },
      { objective: minimize({ file: 'm.json', path: 'a.b' }) },
    ] as const) {
      expect(isValid(JSON.parse(JSON.stringify(documentOf(options)))), JSON.stringify(isValid.errors)).toBe(true)
    }
  })

  it('depends on data only: every fold waits for the split, the aggregation for every fold, the gate for the aggregation', () => {
    const { predecessors } = buildGraph(documentOf())
    expect([...(predecessors.get('TrainFold-1') ?? [])]).toEqual(['SplitFolds'])
    expect([...(predecessors.get('AggregateFolds') ?? [])].toSorted()).toEqual([
      'SplitFolds',
      'TrainFold-0',
      'TrainFold-1',
      'TrainFold-2',
    ])
    expect([...(predecessors.get('CompareWithBaseline') ?? [])]).toEqual(['AggregateFolds'])
    expect([...(predecessors.get('TrainFinal') ?? [])].toSorted()).toEqual(['CompareWithBaseline', 'SplitFolds'])
    expect([...(predecessors.get('RegisterModel') ?? [])].toSorted()).toEqual([
      'AggregateFolds',
      'CompareWithBaseline',
      'TrainFinal',
    ])
    expect(JSON.stringify(documentOf())).not.toContain('DependsOn')
  })

  it('tells the split container the folds in the container’s own words', () => {
    const args = (options: Partial<CrossValidationOptions>) =>
      (made(options).split.definition.Arguments as { AppSpecification: { ContainerArguments: string[] } })
        .AppSpecification.ContainerArguments
    expect(args({})).toEqual([
      '--strategy',
      'kfold',
      '--k',
      '3',
      '--shuffle',
      '--seed',
      '23',
      '--header',
      '--label',
      'species',
    ])
    expect(
      args({
        folds: stratifiedKFold({ k: 4 }),
        data: jsonLines('s3://b/d.jsonl', { label: 'y' }),
        layout: 'manifest',
        training: () => ({ channels: {} }),
      }),
    ).toEqual(splitArguments({ strategy: 'stratified-kfold', k: 4, format: 'jsonl', label: 'y', layout: 'manifest' }))
    expect(args({ data: csv('s3://b/d.csv', { label: 0 }) })).toEqual([
      '--strategy',
      'kfold',
      '--k',
      '3',
      '--shuffle',
      '--seed',
      '23',
      '--label',
      '0',
    ])
  })

  it('keeps two executions apart: every URI has the execution id in it, itself or through the split', () => {
    for (const layout of ['copy', 'manifest'] as const) {
      const found = documentOf({ layout, folds: kFold({ k: 12 }) }).Steps.flatMap(step => uris(step))
      expect(found.length).toBeGreaterThan(40)
      const foreign = found
        .map(([, uri]) => JSON.stringify(uri))
        .filter(text => !/Execution\.PipelineExecutionId|Steps\.(SplitFolds|AggregateFolds)\./.test(text))
      expect(foreign).toEqual(['"s3://b/iris.csv"'])
    }
  })

  it('ends every prefix that is read in a slash, so that train/1/ never matches train/11/', () => {
    const { folds, final, aggregate } = made({ folds: kFold({ k: 12 }) })
    const ends = [...folds, final, aggregate].flatMap(({ definition }) =>
      uris({ a: definition.Arguments })
        .filter(([path]) => path.includes('S3DataSource') || path.includes('S3Input'))
        .map(([, uri]) => (uri as { 'Std:Join': { Values: unknown[] } })['Std:Join'].Values.at(-1)),
    )
    expect(ends).toHaveLength(12 * 2 + 1 + 1)
    expect(ends.every(end => typeof end === 'string' && end.endsWith('/'))).toBe(true)
    expect(new Set(ends)).toEqual(new Set([...Array.from({ length: 12 }, (_, i) => `/${i}/`), '/']))
  })

  it('writes processing outputs without a trailing slash', () => {
    const outputs = [made().split, made().aggregate].flatMap(({ definition }) =>
      uris({ a: (definition.Arguments as { ProcessingOutputConfig: unknown }).ProcessingOutputConfig }).map(
        ([, uri]) => uri,
      ),
    )
    expect(outputs).toEqual([
      joined('/train'),
      joined('/validation'),
      joined('/all'),
      joined('/report'),
      joined('/evaluation'),
    ])
  })

  it('takes the output as a bucket, a bucket and a prefix, an S3 URI or a parameter, and never doubles a slash', () => {
    const start = (output: CrossValidationOptions['output']) => {
      const { S3OutputPath } = (
        made({ output }).final.definition.Arguments as { OutputDataConfig: { S3OutputPath: unknown } }
      ).OutputDataConfig
      return (S3OutputPath as { 'Std:Join': { Values: unknown[] } })['Std:Join'].Values.slice(0, 2)
    }
    const name = { Get: 'Execution.PipelineName' }
    expect(start({ bucket: 'b' })).toEqual(['s3://b/', name])
    expect(start({ bucket: 'b', prefix: '/a/b/' })).toEqual(['s3://b/a/b/', name])
    expect(start('s3://b/a/')).toEqual(['s3://b/a/', name])
    pipeline('P', { parameters: { Bucket: string('b'), Uri: string('s3://b/x') } }, p => {
      expect(start({ bucket: p.Bucket, prefix: 'x' })).toEqual(['s3://', { Get: 'Parameters.Bucket' }])
      expect(start(p.Uri)).toEqual([{ Get: 'Parameters.Uri' }, '/'])
      return made()
    })
    expect(messageOf(() => made({ output: { bucket: 's3://b/x' } }))).toBe(
      'crossValidation: output.bucket — "s3://b/x" is no bucket name; give the name alone and the rest as prefix, or the whole S3 URI as output.',
    )
  })

  it('gives fold i its own folders, a place for its model, and only the final training all data', () => {
    const fold = made().folds[1]?.definition.Arguments as Record<string, unknown>
    const channel = (name: string, uri: unknown) => ({
      ChannelName: name,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
      ContentType: 'text/csv',
    })
    const under = (name: string, rest: string) => ({ 'Std:Join': { On: '', Values: [output(name), rest] } })
    expect(fold['InputDataConfig']).toEqual([
      channel('train', under('train', '/1/')),
      channel('validation', under('validation', '/1/')),
    ])
    expect(fold['OutputDataConfig']).toEqual({ S3OutputPath: joined('/models/fold-1') })
    const final = made().final.definition.Arguments as Record<string, unknown>
    expect(final['InputDataConfig']).toEqual([channel('train', under('all', '/'))])
    expect(final['OutputDataConfig']).toEqual({ S3OutputPath: joined('/models/final') })
  })

  it('with the layout manifest reads manifest files for training and the shards for validation', () => {
    const { folds, final } = made({ layout: 'manifest' })
    const sources = [folds[2], final].map(step => JSON.stringify((step as typeof final).definition.Arguments))
    expect(sources[0]).toContain('"S3DataType":"ManifestFile"')
    expect(sources[0]).toContain('"/2/manifest.json"')
    expect(sources[0]).toContain('"S3DataType":"S3Prefix"')
    expect(sources[0]).toContain('"/2/"')
    expect(sources[1]).toContain('"/manifest.json"')
  })

  it('brings a metric to the aggregation as joined values in chunks of ten', () => {
    const environment = (k: number) =>
      (
        made({ folds: kFold({ k }) }).aggregate.definition.Arguments as {
          Environment: Record<string, { 'Std:Join': { On: string; Values: unknown[] } }>
        }
      ).Environment
    expect(environment(3)).toEqual({
      FOLD_OBJECTIVES_0: {
        'Std:Join': {
          On: ',',
          Values: [0, 1, 2].map(i => ({
            Get: `Steps.TrainFold-${i}.FinalMetricDataList['validation:accuracy'].Value`,
          })),
        },
      },
    })
    const chunks = environment(25)
    expect(Object.entries(chunks).map(([name, join]) => [name, join['Std:Join'].Values.length])).toEqual([
      ['FOLD_OBJECTIVES_0', 10],
      ['FOLD_OBJECTIVES_1', 10],
      ['FOLD_OBJECTIVES_2', 5],
    ])
  })

  it('brings a file to the aggregation as the prefix of all models and the names of the jobs', () => {
    const { aggregate } = made({ objective: minimize({ file: 'metrics.json', path: 'validation.rmse' }) })
    const request = aggregate.definition.Arguments as Record<string, never>
    expect(request['Environment']).toEqual({
      FOLD_TRAINING_JOBS_0: {
        'Std:Join': { On: ',', Values: [0, 1, 2].map(i => ({ Get: `Steps.TrainFold-${i}.TrainingJobName` })) },
      },
    })
    expect(uris(request['ProcessingInputs']).map(([, uri]) => uri)).toEqual([
      { 'Std:Join': { On: '', Values: [output('report'), '/'] } },
      joined('/models/'),
    ])
    expect(request['AppSpecification']).toMatchObject({
      ContainerArguments: [
        '--k',
        '3',
        '--objective',
        'validation:rmse',
        '--direction',
        'minimize',
        '--source',
        'file',
        '--file',
        'metrics.json',
        '--path',
        'validation.rmse',
      ],
    })
  })

  it('compares the mean with the baseline, in the direction of the objective, or the worse end of the interval', () => {
    const condition = (options: Partial<CrossValidationOptions>) =>
      (made(options).gate.definition.Arguments as { Conditions: unknown[] }).Conditions
    const value = (path: string) => ({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.AggregateFolds.PropertyFiles.Evaluation' }, Path: path },
    })
    const loss = { objective: minimize({ file: 'm.json', path: 'loss' }) }
    expect(condition({})).toEqual([
      { Type: 'GreaterThanOrEqualTo', LeftValue: value('objective.value'), RightValue: 0.9 },
    ])
    expect(condition(loss)).toEqual([
      { Type: 'LessThanOrEqualTo', LeftValue: value('objective.value'), RightValue: 0.9 },
    ])
    expect(condition({ compare: 'interval' })).toMatchObject([{ LeftValue: value('objective.ci95_corrected[0]') }])
    expect(condition({ compare: 'interval', ...loss })).toMatchObject([
      { LeftValue: value('objective.ci95_corrected[1]') },
    ])
  })

  it('registers the final model with the evaluation as its model quality', () => {
    expect(
      made({ register: { group: 'G', approval: 'Approved', responseTypes: ['application/json'] } }).register?.definition
        .Arguments,
    ).toMatchObject({
      ModelPackageGroupName: 'G',
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: {
        Containers: [
          {
            Image: 'registry/foldwise-training:1',
            ModelDataUrl: { Get: 'Steps.TrainFinal.ModelArtifacts.S3ModelArtifacts' },
          },
        ],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['application/json'],
      },
      ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json' } } },
    })
    const { register: _, ...unregistered } = base
    expect(crossValidation(unregistered).gate.definition.Arguments).toMatchObject({ IfSteps: [{ Name: 'TrainFinal' }] })
  })

  it('ends the execution as failed only when asked to, with the baseline in the message', () => {
    expect(made().gate.definition.Arguments).toMatchObject({ ElseSteps: [] })
    const { document } = pipeline('P', { parameters: { Baseline: float(0.9) } }, p =>
      made({ baseline: p.Baseline, rejectModel: true }),
    )
    expect(JSON.stringify(document)).toContain(
      '"The mean of validation:accuracy over the folds is below the baseline ",{"Get":"Parameters.Baseline"},"."',
    )
    expect(made({ rejectModel: 'Not good enough' }).reject?.definition.Arguments).toEqual({
      ErrorMessage: 'Not good enough',
    })
  })

  it('applies cache, retries and the settings of all jobs to every job', () => {
    const cv = made({
      cache: { expireAfter: 'P30D' },
      retry: { on: ['SageMaker.CAPACITY_ERROR'], expireAfterMinutes: 60 },
      jobs: { kmsKey: 'key', tags: { team: 'a' }, vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] } },
      processing: { instance: 'ml.m5.xlarge', maxRuntimeInSeconds: 60, environment: { LEVEL: 'x' } },
    })
    for (const step of [cv.split, ...cv.folds, cv.aggregate, cv.final]) {
      expect(step.definition).toMatchObject({
        CacheConfig: { Enabled: true },
        RetryPolicies: [{ ExpireAfterMin: 60 }],
        Arguments: { Tags: [{ Key: 'team' }] },
      })
    }
    for (const step of [cv.split, cv.aggregate]) {
      expect(step.definition.Arguments).toMatchObject({
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge' } },
        StoppingCondition: { MaxRuntimeInSeconds: 60 },
        Environment: { LEVEL: 'x' },
      })
    }
    expect(cv.final.definition.Arguments).toMatchObject({
      ResourceConfig: { InstanceType: 'ml.m5.large', VolumeKmsKeyId: 'key' },
    })
  })

  it('stands twice in one pipeline under two prefixes, which share no step name and no key', () => {
    const { document } = pipeline('P', {}, () => [made({ stepPrefix: 'A-' }), made({ stepPrefix: 'B-' })])
    expect(document.Steps.map(step => step.Name)).toContain('A-TrainFold-0')
    expect(JSON.stringify(document)).toContain('/B-/models/fold-0')
  })

  it('stands in a branch of another condition-free program through its steps', () => {
    const cv = made()
    const { document } = pipeline('P', {}, () => [
      cv,
      trainingStep('After', {
        image: 'i',
        instance: 'ml.m5.large',
        role: 'r',
        output: 's3://b/x',
        hyperparameters: { passed: cv.gate.properties.Outcome },
      }),
    ])
    expect(document.Steps.at(-1)?.Arguments).toMatchObject({
      HyperParameters: { passed: { 'Std:Join': { Values: [{ Get: 'Steps.CompareWithBaseline.Outcome' }] } } },
    })
  })
})

describe('a training of one’s own', () => {
  it('gets the fold, its channels and facts of the fold report as text', () => {
    const cv = made({
      objective: maximize('acc'),
      training: ({ fold, channels, facts, data }) => ({
        image: 'mine',
        instance: 'ml.c5.xlarge',
        channels: {
          train: channels.train,
          ...(channels.validation && { test: { ...channels.validation, contentType: 'application/x-csv' } }),
        },
        hyperparameters: { ...facts, fold: fold ?? 'all', label: data.label },
        metrics: { acc: 'acc=(.*)' },
      }),
      register: { group: 'G', image: 'serve' },
    })
    const fact = (path: string) => ({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.SplitFolds.PropertyFiles.FoldReport' }, Path: path },
    })
    expect(cv.folds[1]?.definition.Arguments).toMatchObject({
      AlgorithmSpecification: { TrainingImage: 'mine' },
      ResourceConfig: { InstanceType: 'ml.c5.xlarge' },
      InputDataConfig: [{ ChannelName: 'train' }, { ChannelName: 'test', ContentType: 'application/x-csv' }],
      HyperParameters: {
        num_training_samples: fact('folds[1].hyperparameters.num_training_samples'),
        num_validation_samples: fact('folds[1].hyperparameters.num_validation_samples'),
        num_classes: fact('folds[1].hyperparameters.num_classes'),
        fold_name: fact('folds[1].hyperparameters.fold_name'),
        fold: '1',
        label: 'species',
      },
    })
    expect((cv.final.definition.Arguments as { HyperParameters: object }).HyperParameters).toEqual({
      num_training_samples: fact('hyperparameters.num_training_samples'),
      num_classes: fact('hyperparameters.num_classes'),
      fold_name: fact('hyperparameters.fold_name'),
      fold: 'all',
      label: 'species',
    })
    expect(cv.register?.definition.Arguments).toMatchObject({
      InferenceSpecification: { Containers: [{ Image: 'serve' }] },
    })
  })

  it('may be a verbatim request', () => {
    const cv = made({
      training: ({ channels, fold }) => ({
        arguments: {
          RoleArn: 'r',
          OutputDataConfig: { S3OutputPath: `s3://b/${fold}` },
          InputDataConfig: [
            {
              ChannelName: 'train',
              DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: channels.train.uri } },
            },
          ],
        },
      }),
      register: { group: 'G', image: 'serve' },
    })
    expect(Object.keys(cv.folds[0]?.definition.Arguments ?? {})).toEqual([
      'RoleArn',
      'OutputDataConfig',
      'InputDataConfig',
    ])
  })
})

describe('a cross-validation with a mistake', () => {
  it.each<[string, Partial<CrossValidationOptions>, string]>([
    [
      'an objective the training does not report',
      { objective: maximize('validation:acuracy') },
      'crossValidation: objective — step "TrainFold-0" has no metric "validation:acuracy"; name one of its metrics. Did you mean "validation:accuracy"?',
    ],
    [
      'no image for the training',
      { images: { processing: 'p' } },
      'crossValidation: images.training — the training names no image; give images.training, or an image in the training.',
    ],
    [
      'a registration without an image',
      { training: () => ({ arguments: { RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's3://b' } } }) },
      'crossValidation: register — no image is named that serves the model; give register.image.',
    ],
    [
      'a cache with an objective from a file',
      { cache: { expireAfter: 'P1D' }, objective: maximize({ file: 'm.json', path: 'a' }) },
      'crossValidation: cache — the objective comes from a file of each training',
    ],
    [
      'JSON Lines for the CSV trainer',
      { data: jsonLines('s3://b/x') },
      'nodeSvm: data — its format is jsonl, and the trainer reads CSV',
    ],
    [
      'a label too long for a container argument',
      { data: csv('s3://b/x', { header: true, label: 'x'.repeat(300) }) },
      'has 300 characters, and the service takes at most 256',
    ],
  ])('is told of %s', (_what, options, sentence) => {
    expect(messageOf(() => made(options))).toContain(sentence)
  })

  it('is told of a column name without a header', () => {
    expect(messageOf(() => csv('s3://b/x', { label: 'species' }))).toBe(
      'csv: label — "species" is a column name, but the data has no header; add header: true, or give the 0-based index of the column.',
    )
  })

  it.each([
    [() => kFold({ k: 1 }), 'kFold: k — 1 is no number of folds; give a whole number of 2 or more.'],
    [() => kFold({ k: 2.5 }), 'kFold: k — 2.5 is no number of folds'],
    [() => stratifiedKFold({ k: '5' as never }), 'stratifiedKFold: k — "5" is no number of folds'],
    [
      () => kFold({ k: 5, seed: 1 }),
      'kFold: seed — 1 has no effect without shuffling; add shuffle: true or leave the seed out.',
    ],
    [
      () => kFold({ k: 5, shuffle: true, seed: -1 }),
      'kFold: seed — -1 is no seed; give a whole number from 0 to 4294967295.',
    ],
    [() => kFold({ k: 5, shuffle: true, seed: 2 ** 32 }), 'kFold: seed — 4294967296 is no seed'],
    [() => maximize(''), 'maximize("") — it names no objective; give a metric name such as "validation:accuracy"'],
    [() => minimize({ file: 'a.json' } as never), 'minimize(an object) — it names no objective'],
  ])('is told of wrong folds and objectives: %#', (act, sentence) => {
    expect(messageOf(act)).toContain(sentence)
  })

  it('is told that the number of folds cannot be a parameter', () => {
    const act = () =>
      pipeline('P', { parameters: { k: integer(5), Mode: string('a') } }, p => [
        made({ folds: kFold({ k: p.k as never }) }),
        conditionStep('C', { conditions: equals(p.Mode, 'a') }),
      ])
    expect(messageOf(act)).toBe(
      'kFold: k — it is a reference, but the number of training steps is fixed when the definition is written; give a literal number such as k: 5, and write one pipeline per k.',
    )
  })
})

describe('the most folds the service has room for', () => {
  const file = { objective: maximize({ file: 'm.json', path: 'a' }) }

  it('is 400 for an objective from a file, less what the user’s own environment takes', () => {
    expect(() => made({ ...file, folds: kFold({ k: 400 }) })).not.toThrow()
    expect(messageOf(() => made({ ...file, folds: kFold({ k: 401 }) }))).toBe(
      'crossValidation: k — 401 folds need 101 environment variables for their training job names, and a processing job has at most 100; use at most 400 folds, or take the objective from a metric, which has room for 1000.',
    )
    expect(
      messageOf(() => made({ ...file, folds: kFold({ k: 400 }), processing: { environment: { A: '1' } } })),
    ).toContain('use at most 396 folds')
  })

  it('is 1000 for a metric by the environment', () => {
    expect(messageOf(() => made({ folds: kFold({ k: 1001 }) }))).toContain(
      '1001 folds need 101 environment variables for their objectives, and a processing job has at most 100; use at most 1000 folds.',
    )
  })

  it('is less when the definition grows too long, and the sentence says how many fit', () => {
    const sentence = messageOf(() => made({ folds: kFold({ k: 1000 }) }))
    const [, characters, fits] =
      /1000 folds give a definition of (\d+) characters, and the service takes at most 1048576; use at most about (\d+) folds/.exec(
        sentence,
      ) ?? []
    expect(Number(characters)).toBeGreaterThan(1048576)
    expect(() => made({ folds: kFold({ k: Number(fits) - 5 }) })).not.toThrow()
    expect(() => made({ folds: kFold({ k: Number(fits) + 5 }) })).toThrow('characters')
  })
})
