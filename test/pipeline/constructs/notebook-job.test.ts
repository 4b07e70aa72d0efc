import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { integer, notebookJobStep, pipeline } from 'foldwise'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'
import { evaluate } from '../import/evaluate.ts'

const job = {
  notebook: '../../fixtures/notebooks/report.ipynb',
  code: { bucket: 'code-bucket', prefix: 'notebooks' },
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/distribution:1',
  kernel: 'python3',
  role: 'arn:aws:iam::111122223333:role/Role',
  region: 'us-east-1',
  output: 's3://bucket/notebooks',
} as const

const folders: string[] = []
const copied = () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-notebook-'))
  folders.push(folder)
  cpSync(join(import.meta.dirname, '../../fixtures/notebooks'), folder, { recursive: true })
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const whole = (folder = join(import.meta.dirname, '../../fixtures/notebooks')) =>
  pipeline('P', { parameters: { Rows: integer(5) } }, p =>
    notebookJobStep('Report', {
      ...job,
      notebook: join(folder, 'report.ipynb'),
      initializationScript: join(folder, 'setup.sh'),
      dependencies: [join(folder, 'data')],
      parameters: { rows: p.Rows },
      environment: { MODE: 'full' },
      kmsKey: 'key',
    }),
  )

describe('notebookJobStep', () => {
  it('makes a training step in which the judge finds nothing, and which import prints', () => {
    const { document } = whole()
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
    expect(document.Steps[0]).toMatchObject({
      Type: 'Training',
      Arguments: {
        TrainingJobName: 'report',
        HyperParameters: { rows: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Rows' }] } } },
        OutputDataConfig: { KmsKeyId: 'key' },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: 'key' },
        StoppingCondition: { MaxRuntimeInSeconds: 172_800 },
        Environment: {
          MODE: 'full',
          SM_INPUT_NOTEBOOK_NAME: 'report.ipynb',
          SM_OUTPUT_NOTEBOOK_NAME: 'report.ipynb',
          SM_INIT_SCRIPT: 'setup.sh',
        },
      },
    })
  })

  it('uploads the notebook, its script and what it reads into one folder named by what they hold', async () => {
    const { assets, document } = whole()
    const keys = assets.map(({ key }) => key)
    const folder = /^notebooks\/[0-9a-f]{64}\//.exec(keys[0] ?? '')?.[0] ?? ''
    expect(keys).toEqual(['report.ipynb', 'setup.sh', 'data/rows.csv'].map(name => folder + name))
    expect(document.Steps[0]?.Arguments).toMatchObject({
      InputDataConfig: [{ DataSource: { S3DataSource: { S3Uri: `s3://code-bucket/${folder}` } } }],
    })
    expect(new TextDecoder().decode(await assets[2]?.bytes())).toBe('a,b\n')
    const copy = copied()
    expect(whole(copy).assets.map(({ key }) => key)).toEqual(keys)
    writeFileSync(join(copy, 'data/rows.csv'), 'a,c\n')
    expect(whole(copy).assets[0]?.key).not.toBe(keys[0])
  })

  it('names the parts of the job as Studio does', () => {
    const { properties } = notebookJobStep('Report', job)
    expect(properties.ComputingJobName.json).toEqual({ Get: 'Steps.Report.TrainingJobName' })
    expect(properties.OutputNotebookName.json).toEqual({ Get: "Steps.Report.Environment['SM_OUTPUT_NOTEBOOK_NAME']" })
    expect(properties.SecondaryStatus.json).toEqual({ Get: 'Steps.Report.SecondaryStatus' })
  })

  it.each([
    ['a missing notebook', { notebook: './gone.ipynb' }, /notebook — .*gone\.ipynb is no file/],
    [
      'a notebook of another kind',
      { notebook: '../../fixtures/notebooks/setup.sh' },
      /setup\.sh is no Jupyter notebook/,
    ],
    [
      'a notebook of another kind in S3',
      { notebook: { folder: 's3://b/', name: 'a.py' }, code: undefined },
      /notebook\.name — "a\.py" is no Jupyter notebook/,
    ],
    ['a missing script', { initializationScript: './gone.sh' }, /initializationScript — .*gone\.sh is no file/],
    ['a missing dependency', { dependencies: ['./gone'] }, /dependencies\[0\] — .*gone is no file/],
    [
      'two files of one name',
      { dependencies: ['../../fixtures/notebooks/setup.sh', '../../fixtures/notebooks/setup.sh'] },
      /two files would lie in one folder as "setup\.sh"/,
    ],
    ['no code', { code: undefined }, /code — it is missing; give the bucket/],
    ['an image of another region', { region: 'eu-west-1' }, /lies in us-east-1, and the job runs in eu-west-1/],
    ['no region', { region: 'here' }, /"here" is no region/],
    ['no kernel', { kernel: '' }, /kernel — "" names no kernel/],
    ['a name with a space', { jobName: 'my job' }, /"my job" is no name of a notebook job/],
    [
      'a variable of the scheduler',
      { environment: { SM_KERNEL_NAME: 'r' } },
      /environment\.SM_KERNEL_NAME — the notebook/,
    ],
  ])('refuses %s', (_what, options, message) => {
    expect(messageOf(() => notebookJobStep('Report', { ...job, ...options } as never))).toMatch(message)
  })

  it('refuses a damaged notebook', () => {
    const folder = copied()
    copyFileSync(join(folder, 'setup.sh'), join(folder, 'report.ipynb'))
    expect(messageOf(() => whole(folder))).toMatch(/report\.ipynb is no Jupyter notebook/)
  })
})
