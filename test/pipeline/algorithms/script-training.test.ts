import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { afterAll, describe, expect, it } from 'vitest'
import {
  crossValidation,
  csv,
  float,
  kFold,
  maximize,
  pipeline,
  pytorch,
  scikitLearn,
  scriptTraining,
  string,
  trainingStep,
} from 'foldwise'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'

const source = '../../fixtures/algorithms/train-src'
const code = { bucket: 'code-bucket' }
const role = 'arn:aws:iam::111122223333:role/Role'
const sklearn = {
  framework: scikitLearn({ version: '1.2-1' }),
  region: 'us-west-2',
  source,
  entryPoint: 'train.py',
  code,
} as const
const place = { role, output: 's3://bucket/models', channels: { train: 's3://bucket/train/' } }

const folders: string[] = []
const copied = () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-source-'))
  folders.push(folder)
  cpSync(join(import.meta.dirname, source), folder, { recursive: true })
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
const keyOf = (folder: string) =>
  pipeline('P', {}, () => trainingStep('T', scriptTraining({ ...sklearn, source: folder }).stepOptions(place)))
    .assets[0]?.key

describe('scriptTraining', () => {
  const made = pipeline('P', { parameters: { Alpha: float(0.5), Name: string('x') } }, p =>
    trainingStep(
      'Train',
      scriptTraining({
        ...sklearn,
        hyperparameters: { alpha: p.Alpha, name: p.Name, text: 'a b', count: 3, deep: { list: [1, true, null] } },
        metrics: { 'validation:mse': 'validation:mse=(.*?);' },
      }).stepOptions(place),
    ),
  )

  it('gives its golden step, in which the judge finds nothing', async () => {
    await expect(`${JSON.stringify(made.document.Steps[0], null, 2)}\n`).toMatchFileSnapshot(
      '../../golden/algorithms/script.json',
    )
    expect(validateDefinition(made.document)).toEqual([])
  })

  it('writes the hyperparameters of the toolkit as the Python SDK does', () => {
    expect(made.document.Steps[0]?.Arguments).toMatchObject({
      AlgorithmSpecification: {
        TrainingImage: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3',
      },
      HyperParameters: {
        alpha: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Alpha' }] } },
        name: { Get: 'Parameters.Name' },
        text: '"a b"',
        count: '3',
        deep: '{"list":[1,true,null]}',
        sagemaker_program: '"train.py"',
        sagemaker_submit_directory: `"s3://code-bucket/${made.assets[0]?.key}"`,
        sagemaker_container_log_level: '20',
        sagemaker_region: '"us-west-2"',
      },
    })
  })

  it('packs the folder, the same bytes every time', async () => {
    const asset = made.assets[0]
    const bytes = await asset?.bytes()
    expect(bytes).toEqual(await asset?.bytes())
    const entries = await unpackTar(gunzipSync(bytes as Uint8Array))
    expect(entries.map(({ header }) => [header.name, header.mtime?.getTime()])).toEqual([
      ['lib/model.py', 0],
      ['train.py', 0],
    ])
    expect(new TextDecoder().decode(entries[0]?.data)).toContain('validation:mse')
  })

  it('keeps the key while the contents are the same, wherever and whenever the files lie', () => {
    const folder = copied()
    utimesSync(join(folder, 'train.py'), 1, 1)
    mkdirSync(join(folder, '__pycache__'))
    writeFileSync(join(folder, '__pycache__/train.pyc'), 'x')
    expect(keyOf(folder)).toBe(keyOf(join(import.meta.dirname, source)))
    expect(keyOf(folder)).toMatch(/^foldwise\/code\/[0-9a-f]{64}\/sourcedir\.tar\.gz$/)
  })

  it('changes the key with a content, a name and a file', () => {
    const keys = new Set([keyOf(join(import.meta.dirname, source))])
    const folder = copied()
    writeFileSync(join(folder, 'lib/model.py'), 'def fit(alpha): pass\n')
    keys.add(keyOf(folder))
    writeFileSync(join(folder, 'more.py'), '')
    keys.add(keyOf(folder))
    rmSync(join(folder, 'more.py'))
    writeFileSync(join(folder, 'less.py'), '')
    keys.add(keyOf(folder))
    expect(keys.size).toBe(4)
  })

  it('trains every fold of a cross-validation with one upload', () => {
    const { document, assets } = pipeline('P', {}, () =>
      crossValidation({
        data: csv('s3://bucket/data.csv', { header: true, label: 'y' }),
        folds: kFold({ k: 3 }),
        training: scriptTraining({ ...sklearn, facts: ['num_classes'], metrics: { accuracy: 'accuracy=(.*?);' } }),
        objective: maximize('accuracy'),
        baseline: 0.5,
        role,
        output: 's3://bucket/runs',
        images: { processing: '111122223333.dkr.ecr.us-west-2.amazonaws.com/foldwise-processing:0.1.0' },
      }),
    )
    expect(assets).toHaveLength(1)
    expect(JSON.stringify(document)).toContain('folds[2].hyperparameters.num_classes')
    expect(validateDefinition(document)).toEqual([])
  })

  it('chooses the image by the instance', () => {
    const image = (instance: 'ml.g5.xlarge' | 'ml.m5.large') =>
      scriptTraining({ ...sklearn, framework: pytorch({ version: '2.5' }), instance }).stepOptions(place).image
    expect(image('ml.g5.xlarge')).toContain('-gpu-')
    expect(image('ml.m5.large')).toContain('-cpu-')
  })

  it('says what is wrong with the source', () => {
    const folder = copied()
    symlinkSync('/etc/hostname', join(folder, 'link.txt'))
    const empty = mkdtempSync(join(tmpdir(), 'foldwise-source-'))
    folders.push(empty)
    const wrong = (change: object) =>
      messageOf(() => scriptTraining({ ...sklearn, ...change }))
        .replaceAll(folder, '<folder>')
        .replaceAll(empty, '<empty>')
    expect(wrong({ source: folder })).toMatchInlineSnapshot(
      `"scriptTraining: source — <folder>/link.txt is neither a file nor a folder, and a link could lead out of the source; put the file itself there."`,
    )
    expect(wrong({ source: empty })).toMatchInlineSnapshot(
      `"scriptTraining: source — <empty> holds no files; name the folder that holds the program."`,
    )
    expect(wrong({ source: join(empty, 'none') })).toMatchInlineSnapshot(
      `"scriptTraining: source — <empty>/none is no folder; name the folder that holds the program."`,
    )
    expect(wrong({ entryPoint: 'trian.py' })).toMatchInlineSnapshot(
      `"scriptTraining: entryPoint — the source has no "trian.py"; name a file in it. Did you mean "train.py"?"`,
    )
    expect(wrong({ entryPoint: '../image-uris.json' })).toContain('the source has no')
    expect(wrong({ hyperparameters: { sagemaker_program: 'x' } })).toMatchInlineSnapshot(
      `"scriptTraining: hyperparameters.sagemaker_program — names that begin with "sagemaker_" belong to the training toolkit; choose another name."`,
    )
    expect(wrong({ code: { bucket: 's3://b' } })).toMatchInlineSnapshot(
      `"scriptTraining: code.bucket — "s3://b" is no name of a bucket, and the code is uploaded before a run, so it must be literal; give the bucket's name."`,
    )
  })
})
