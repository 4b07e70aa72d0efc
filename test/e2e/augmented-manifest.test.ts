import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { augmentedManifest, crossValidation, maximize, pipeline, stratifiedKFold } from 'foldwise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { repositoryStartsWith } from '../../local/runtimes/images.ts'
import { type LocalPipelines, startLocalPipelines } from './local-pipeline.ts'

const bucket = 'manifest-tests'
const folder = mkdtempSync(join(tmpdir(), 'foldwise-manifest-'))

/**
 * Reads both channels to their ends and takes their RecordIO records apart: pictures and classes in turn. A picture's bytes are
 * its class, as often as its number says, so the program can tell that nothing was mixed up.
 */
const program = `
import { readFileSync, writeFileSync } from 'node:fs'
const base = process.env.SAGEMAKER_BASE_DIR
const { fold } = JSON.parse(readFileSync(base + '/input/config/hyperparameters.json', 'utf8'))
function read(channel) {
  const bytes = readFileSync(base + '/input/data/' + channel + '_0')
  const records = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes.readUInt32LE(at) !== 0xced7230a) throw new Error('no RecordIO at ' + at)
    const length = bytes.readUInt32LE(at + 4)
    records.push(bytes.subarray(at + 8, at + 8 + length).toString())
    at += 8 + Math.ceil(length / 4) * 4
  }
  const pairs = records.flatMap((record, i) => (i % 2 === 0 ? [[record, records[i + 1]]] : []))
  if (pairs.some(([picture, kind]) => !new RegExp('^(?:' + kind + ')+$').test(picture))) throw new Error('mixed up')
  return pairs.map(([picture]) => picture.length)
}
const train = read('train')
const validation = fold === 'final' ? [] : read('validation')
const all = new Set([...train, ...validation])
if (all.size !== train.length + validation.length) throw new Error('a record is on both sides')
console.log('records=' + all.size)
console.log('share=' + validation.length / all.size)
writeFileSync(base + '/model/model.json', JSON.stringify({ train, validation }))
`

let local: LocalPipelines

beforeAll(async () => {
  writeFileSync(join(folder, 'read.mjs'), program)
  local = await startLocalPipelines({
    images: [{ matches: repositoryStartsWith('test-node'), runtime: 'node', programs: { root: '/programs', folder } }],
  })
})
afterAll(async () => {
  await local?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('folds of an augmented manifest reach trainings through pipes, object by object', async () => {
  const { PutObjectCommand } = local.clients.s3Sdk
  const put = (Key: string, Body: string) => local.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
  const kindOf = (picture: number) => 'abc'[picture % 3] as string
  const pictures = Array.from({ length: 30 }, (_, index) => index + 1)
  for (const picture of pictures) await put(`pictures/${picture}.png`, kindOf(picture).repeat(picture))
  const line = (picture: number) =>
    `${JSON.stringify({ 'source-ref': `s3://${bucket}/pictures/${picture}.png`, kind: kindOf(picture) })}\n`
  await put('data/pictures.manifest', pictures.map(line).join(''))

  const made = pipeline('Pictures', {}, () =>
    crossValidation({
      data: augmentedManifest(`s3://${bucket}/data/`, { attributes: ['source-ref', 'kind'], label: 'kind' }),
      folds: stratifiedKFold({ k: 3, shuffle: true, seed: 23 }),
      training: ({ channels, fold }) => ({
        image: 'test-node:1',
        entrypoint: ['node', '/programs/read.mjs'],
        channels: { ...channels },
        hyperparameters: { fold: fold ?? 'final' },
        metrics: { share: 'share=([0-9.]+)', records: 'records=([0-9]+)' },
      }),
      objective: maximize('share'),
      metrics: ['records'],
      baseline: 0.3,
      role: 'arn:aws:iam::111122223333:role/Role',
      output: { bucket, prefix: 'runs' },
      images: { processing: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1' },
    }),
  )
  const { status, steps, arn } = await local.run(made)
  expect(steps).toMatchObject({ 'TrainFold-0': { status: 'Succeeded' }, TrainFinal: { status: 'Succeeded' } })
  expect(status).toBe('Succeeded')
  const { GetObjectCommand } = local.clients.s3Sdk
  const Key = `runs/Pictures/${arn.split('/').at(-1)}/evaluation/evaluation.json`
  const { Body } = await local.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
  const evaluation = JSON.parse((await Body?.transformToString()) ?? '')
  expect(evaluation.metrics).toMatchObject([{ name: 'records', mean: 30, std: 0 }])
})
