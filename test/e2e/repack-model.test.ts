import { gunzipSync, gzipSync } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar'
import { execution, functionStep, join, pipeline, repackModel } from 'foldwise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalPipelines, startLocalPipelines } from './local-pipeline.ts'

let local: LocalPipelines

beforeAll(async () => {
  local = await startLocalPipelines()
})
afterAll(() => local?.stop())

const bucket = 'repack-tests'
const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1',
  role: 'arn:aws:iam::111122223333:role/Role',
  code: { bucket },
  output: { bucket, prefix: 'runs' },
} as const
const body = '{"support":[1,2,3]}'

const download = async (key: string): Promise<Uint8Array> => {
  const { GetObjectCommand } = local.clients.s3Sdk
  const { Body } = await local.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return (await Body?.transformToByteArray()) ?? new Uint8Array()
}

it('puts code into a model in the local SageMaker, the same bytes in every execution', async () => {
  const { PutObjectCommand } = local.clients.s3Sdk
  const model = gzipSync(await packTar([{ header: { name: 'model.json', size: body.length, type: 'file' }, body }]))
  await local.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'in/model.tar.gz', Body: model }))
  const made = pipeline('Repack', {}, () => {
    const repack = repackModel('Repack', {
      ...job,
      source: '../fixtures/inference',
      entryPoint: 'inference.py',
      modelData: `s3://${bucket}/in/model.tar.gz`,
    })
    // Reads the repacked model's place, so it comes after.
    const where = functionStep('Where', {
      ...job,
      function: (uri: string) => uri,
      args: [join`${repack.modelData}#${execution.PipelineExecutionId}`],
    })
    return [repack, where]
  })
  const [first, second] = [await local.run(made), await local.run(made)]
  expect([first.status, second.status]).toEqual(['Succeeded', 'Succeeded'])
  const packed = await Promise.all(
    [first, second].map(({ arn }) => download(`runs/Repack/${arn.split('/').at(-1)}/Repack/model.tar.gz`)),
  )
  expect(packed[0]).toEqual(packed[1])
  const entries = await unpackTar(gunzipSync(packed[0] as Uint8Array))
  expect(entries.map(({ header }) => header.name)).toEqual(['model.json', 'code/inference.py', 'code/lib/__init__.py'])
  const id = first.arn.split('/').at(-1)
  const result = new TextDecoder().decode(await download(`runs/Repack/${id}/Where/result.json`))
  expect(JSON.parse(result)).toEqual({ result: `s3://${bucket}/runs/Repack/${id}/Repack/model.tar.gz#${id}` })
})

it('fails with one sentence when there is no model', async () => {
  const made = pipeline('RepackNothing', {}, () =>
    repackModel('Repack', {
      ...job,
      source: '../fixtures/inference',
      entryPoint: 'inference.py',
      modelData: `s3://${bucket}/in/`,
    }),
  )
  const { PutObjectCommand } = local.clients.s3Sdk
  for (const key of ['in/a', 'in/b']) {
    await local.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'x' }))
  }
  const { status, steps } = await local.run(made)
  expect(status).toBe('Failed')
  expect(steps['Repack']?.reason).toMatch(/where the model must lie — name the S3 URI of one \.tar\.gz\./)
})
