import {
  augmentedManifest,
  crossValidation,
  type CrossValidationOptions,
  csv,
  files,
  jsonLines,
  kFold,
  libsvm,
  maximize,
  nodeSvm,
  parquet,
  pipeline,
  recordioProtobuf,
  stratifiedKFold,
  textLines,
} from 'foldwise'
import { describe, expect, it } from 'vitest'
import { messageOf } from '../dsl/message-of.ts'
import { containerOptions } from './container-options.ts'

const uri = 's3://bucket/data/'
const base = {
  data: csv(uri),
  folds: kFold({ k: 3 }),
  training: ({ channels }) => ({ channels: { ...channels }, metrics: { score: 'score=(.*)' } }),
  objective: maximize('score'),
  baseline: 0.9,
  role: 'arn:aws:iam::111122223333:role/Role',
  output: 'bucket',
  images: { processing: 'registry/foldwise-processing:1', training: 'registry/mine:1' },
} as const satisfies CrossValidationOptions

function made(options: Partial<CrossValidationOptions>) {
  const { split, folds } = crossValidation({ ...base, ...options })
  pipeline('P', {}, () => [split, ...folds])
  const json = (step: { definition: unknown }) => JSON.parse(JSON.stringify(step.definition)).Arguments
  return { split: json(split), training: json(folds[0] as (typeof folds)[number]) }
}

describe('how the folds of a cross-validation are stored', () => {
  it.each<[string, Partial<CrossValidationOptions>, object]>([
    ['a compression', { compress: 'gzip' }, { compress: 'gzip' }],
    ['a size of files', { shardSize: 1e8, layout: 'manifest' }, { shardSize: 1e8, layout: 'manifest' }],
    ['single files', { singleFile: true }, { singleFile: true }],
    ['number pairs', { data: csv(uri, { label: 0, numberPairs: true }) }, { numberPairs: true, label: '0' }],
    [
      'several labels',
      { data: csv(uri, { header: true, labels: ['a', 'b'] }), folds: stratifiedKFold({ k: 3 }) },
      { labels: 'a,b' },
    ],
    ['labels by position', { data: csv(uri, { labels: [0, 2] }) }, { labels: '0,2' }],
    ['labels of JSON Lines', { data: jsonLines(uri, { labels: ['a', 'b'] }) }, { format: 'jsonl', labels: 'a,b' }],
    ['labels of Parquet', { data: parquet(uri, { labels: ['a', 'b'] }) }, { format: 'parquet', labels: 'a,b' }],
    [
      'compressed RecordIO',
      { data: recordioProtobuf(uri), compress: 'gzip' },
      { format: 'recordio-protobuf', compress: 'gzip' },
    ],
    ['sparse lines', { data: libsvm(uri), folds: stratifiedKFold({ k: 3 }) }, { format: 'libsvm', label: 'label' }],
    ['text', { data: textLines(uri) }, { format: 'text' }],
    ['files', { data: files(uri, { label: 'folder' }) }, { format: 'files', label: 'folder' }],
    [
      'augmented manifests',
      { data: augmentedManifest(uri, { attributes: ['source-ref', 'class'], label: 'class' }) },
      { format: 'augmented-manifest', label: 'class', singleFile: true },
    ],
    ['nothing', {}, { layout: 'copy' }],
  ])('tells the container of %s', (_, options, expected) => {
    expect(containerOptions(made(options).split.AppSpecification.ContainerArguments)).toMatchObject(expected)
  })

  it('reads folds of listed files as manifests, also to validate on, and as folders when they are copied', () => {
    const channels = (layout: 'copy' | 'manifest') =>
      made({ data: files(uri), layout }).training.InputDataConfig.map(
        (channel: {
          DataSource: { S3DataSource: { S3DataType: string; S3Uri: { 'Std:Join': { Values: unknown[] } } } }
        }) => [
          channel.DataSource.S3DataSource.S3DataType,
          channel.DataSource.S3DataSource.S3Uri['Std:Join'].Values.at(-1),
        ],
      )
    expect(channels('manifest')).toEqual([
      ['ManifestFile', '/0/manifest.json'],
      ['ManifestFile', '/0/manifest.json'],
    ])
    expect(channels('copy')).toEqual([
      ['S3Prefix', '/0/'],
      ['S3Prefix', '/0/'],
    ])
  })

  const manifest = augmentedManifest(uri, { attributes: ['source-ref', 'class'] })
  const pairs = csv(uri, { label: 0, numberPairs: true })
  it.each<[string, Partial<CrossValidationOptions>]>([
    ['shardSize — 0.5', { shardSize: 0.5 }],
    ['singleFile — a manifest', { singleFile: true, layout: 'manifest' }],
    ['shardSize — the folders', { singleFile: true, shardSize: 1000 }],
    ['compress — files of format parquet', { data: parquet(uri), compress: 'gzip' }],
    ['compress — files are left', { data: files(uri), compress: 'gzip' }],
    ['shardSize — files are left', { data: files(uri), shardSize: 1000 }],
    ['layout — numberPairs', { data: pairs, layout: 'manifest' }],
    ['compress — numberPairs', { data: pairs, compress: 'gzip' }],
    ['splitInstances — numberPairs', { data: pairs, splitInstances: 2 }],
    ['splitInstances — labels', { data: csv(uri, { labels: [0, 1] }), splitInstances: 2 }],
    ['splitInstances — files', { data: files(uri), splitInstances: 2 }],
    ['compress — a channel names one', { data: manifest, compress: 'gzip' }],
    ['singleFile — a channel names one', { data: manifest, singleFile: false }],
    ['layout — a manifest lists several', { data: manifest, layout: 'manifest' }],
    ['splitInstances — an augmented manifest', { data: manifest, splitInstances: 2 }],
    ['splitInstances — singleFile', { singleFile: true, splitInstances: 2 }],
    ['splitInstances — shardSize', { shardSize: 1000, splitInstances: 2 }],
  ])('refuses before anything runs: %s', (start, options) => {
    expect(messageOf(() => made(options))).toContain(`crossValidation: ${start}`)
  })

  it.each([
    ['csv: labels — label names', () => csv(uri, { label: 0, labels: [1] })],
    ['csv: labels — "a" is a column name', () => csv(uri, { labels: ['a'] })],
    ['csv: labels — "1" is twice', () => csv(uri, { labels: [1, 1] })],
    ['jsonLines: labels — the list is empty', () => jsonLines(uri, { labels: [] })],
    ['csv: numberPairs — the label', () => csv(uri, { numberPairs: true })],
    ['augmentedManifest: attributes — 0 attributes', () => augmentedManifest(uri, { attributes: [] })],
    ['augmentedManifest: attributes — "a" is twice', () => augmentedManifest(uri, { attributes: ['a', 'a'] })],
  ])('refuses columns: %s', (start, make) => {
    expect(messageOf(make)).toContain(start)
  })

  it.each([
    ['compress', { compress: 'gzip' }],
    ['numberPairs', { data: pairs }],
  ] as const)('says that the SVM trainer does not read %s', (option, options) => {
    const given = { ...options, training: nodeSvm(), objective: maximize('validation:accuracy') }
    expect(messageOf(() => made(given))).toContain(`nodeSvm: ${option} — `)
  })
})
