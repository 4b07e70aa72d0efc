import { expect, it } from 'vitest'
import { csv, jsonLines, sparkFoldsServerlessStep, sparkFoldsStep } from 'foldwise'
import { hashFoldsProgram } from '../../../processing/spark/hash-folds-program.ts'
import { messageOf } from '../dsl/message-of.ts'

const split = {
  data: csv('s3://data/big/', { header: true, label: 'y' }),
  k: 5,
  key: 'customer',
  seed: 7,
  output: 's3://out/folds',
  code: { bucket: 'code-bucket' },
}
const job = { ...split, role: 'arn:aws:iam::111122223333:role/Role', image: 'sagemaker-spark-processing:3.5' }
const told = ['--k', '5', '--key', 'customer', '--seed', '7', '--format', 'csv', '--header', '--label', 'y']
const inAndOut = ['--input', 's3://data/big/', '--output', 's3://out/folds']
const report = ['--report', 'file:///opt/ml/processing/output/report']

it('a processing job of the Spark image gets the program and its arguments, and gives the fold report', async () => {
  const step = sparkFoldsStep('SplitOnSpark', job)
  const [asset] = step.assets
  expect(step.definition).toMatchObject({
    Arguments: {
      AppSpecification: {
        ImageUri: 'sagemaker-spark-processing:3.5',
        ContainerEntrypoint: ['smspark-submit', '/opt/ml/processing/input/code/hash_folds.py'],
        ContainerArguments: [...inAndOut, ...report, ...told],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 2 } },
      ProcessingInputs: [{ S3Input: { S3Uri: `s3://code-bucket/${asset?.key}` } }],
      ProcessingOutputConfig: { Outputs: [{ OutputName: 'report', S3Output: { S3Uri: 's3://out/folds/report' } }] },
    },
    PropertyFiles: [{ PropertyFileName: 'FoldReport', OutputName: 'report', FilePath: 'folds.json' }],
  })
  expect(Buffer.from((await asset?.bytes()) ?? []).toString()).toBe(hashFoldsProgram)
})

it('EMR Serverless gets the same', () => {
  const step = sparkFoldsServerlessStep('SplitServerless', {
    ...split,
    executionRole: 'arn:aws:iam::111122223333:role/Emr',
    application: '00abc',
    submitParameters: '--conf spark.executor.cores=4',
  })
  expect(step.definition).toMatchObject({
    Type: 'EMRServerless',
    Arguments: {
      ApplicationId: '00abc',
      JobConfig: {
        jobDriver: {
          sparkSubmit: {
            entryPoint: `s3://code-bucket/${step.assets[0]?.key}`,
            entryPointArguments: [...inAndOut, ...told],
            sparkSubmitParameters: '--conf spark.executor.cores=4',
          },
        },
      },
    },
  })
})

it('what the program cannot take is refused', () => {
  const refused = (more: object) => messageOf(() => sparkFoldsStep('S', { ...job, ...more }))
  expect(refused({ k: 1 })).toContain('Step "S": k — 1 is no number of folds; give 2 or more.')
  expect(refused({ seed: -1 })).toContain('seed — -1 is no seed')
  expect(refused({ data: { ...split.data, format: 'libsvm' } })).toContain(
    'the Spark program reads csv, tsv and jsonl, not libsvm',
  )
  expect(refused({ data: csv('s3://x/y') })).toContain('"customer" is a column name, but the data has no header')
  expect(() => sparkFoldsStep('S', { ...job, data: jsonLines('s3://x/y') })).not.toThrow()
})
