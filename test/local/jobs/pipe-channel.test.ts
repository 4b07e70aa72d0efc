import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordOf } from '../../../local/jobs/pipe-channel.ts'
import { bucket, type LocalEngine, openLocalEngine, training } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  // Reads the channel as often as it is told and keeps what it read.
  local.program(
    'read',
    `import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
    const base = process.env.SAGEMAKER_BASE_DIR
    const { epochs = '1', bytes } = JSON.parse(readFileSync(base + '/input/config/hyperparameters.json', 'utf8'))
    const config = JSON.parse(readFileSync(base + '/input/config/inputdataconfig.json', 'utf8'))
    for (let epoch = 0; epoch < Number(epochs); epoch++) {
      const chunks = []
      let size = 0
      const stream = createReadStream(base + '/input/data/train_' + epoch)
      for await (const chunk of stream) { chunks.push(chunk); size += chunk.length; if (bytes && size >= Number(bytes)) break }
      console.log(config.train.TrainingInputMode, 'read=' + Buffer.concat(chunks).toString('base64').slice(0, 2000))
      console.log('size=' + size)
    }`,
  )
})
afterAll(() => local.close())

const piped = (uri: string, hyperparameters: object, channel: object = {}, source: object = {}): object => {
  const step = training('Read', 'read', {
    hyperparameters,
    channels: { train: { S3Uri: `s3://${bucket}/${uri}`, ...source } },
    algorithm: { TrainingInputMode: 'Pipe' },
    metrics: [{ Name: 'size', Regex: 'size=(\\d+)' }],
  }) as { Arguments: { InputDataConfig: object[] } }
  Object.assign(step.Arguments.InputDataConfig[0] as object, channel)
  return step
}
const run = async (step: object) => {
  const { steps, arn } = await local.run([step])
  const { readFileSync, readdirSync } = await import('node:fs')
  const job = readdirSync(`${local.folder}/jobs`).find(name => name.includes(arn.split('/').at(-1) as string)) as string
  const log = readFileSync(`${local.folder}/jobs/${job}/log.txt`, 'utf8')
  const read = [...log.matchAll(/read=(\S*)/g)].map(([, text = '']) => Buffer.from(text, 'base64').toString())
  return { row: steps['Read'], log, read, sizes: [...log.matchAll(/size=(\d+)/g)].map(([, size]) => Number(size)) }
}

test('5.2.6: input mode Pipe streams the objects one behind the other, once for each time the channel is read', async () => {
  await local.put('pipe/a.csv', '1\n2\n')
  await local.put('pipe/b.csv', '3\n')
  const { row, read, log } = await run(piped('pipe/', { epochs: '3' }))
  expect(row?.['StepStatus'], JSON.stringify(row)).toBe('Succeeded')
  expect(read).toEqual(['1\n2\n3\n', '1\n2\n3\n', '1\n2\n3\n'])
  expect(log).toContain('Pipe read=')
})

test('5.2.6: a channel that is larger than a pipe holds arrives whole, and a reader that stops early ends nothing else', async () => {
  await local.put('large/a.bin', 'x'.repeat(3_000_000))
  expect((await run(piped('large/', {}))).sizes).toEqual([3_000_000])
  const early = await run(piped('large/', { epochs: '2', bytes: '10' }))
  expect(early.row?.['StepStatus'], JSON.stringify(early.row)).toBe('Succeeded')
  expect(early.sizes).toHaveLength(2)
})

test('5.2.6: Gzip is unpacked and RecordIO frames every object', async () => {
  await local.store.put(bucket, 'packed/a.csv.gz', gzipSync('hello'))
  expect((await run(piped('packed/', {}, { CompressionType: 'Gzip' }))).read).toEqual(['hello'])
  const frames = await run(piped('pipe/', {}, { RecordWrapperType: 'RecordIO' }))
  expect(frames.read).toEqual([
    Buffer.concat([recordOf(Buffer.from('1\n2\n')), recordOf(Buffer.from('3\n'))]).toString(),
  ])
  expect(recordOf(Buffer.from('abcde')).toString('hex')).toBe('0a23d7ce050000006162636465000000')
})

test('5.2.9: an augmented manifest streams the attributes of each line in their order, references as their objects', async () => {
  await local.put('pictures/one.png', 'PNG')
  await local.put(
    'manifest/lines.jsonl',
    `{"source-ref":"s3://${bucket}/pictures/one.png","class":3}\n{"class":4,"source-ref":"s3://${bucket}/pictures/one.png"}\n`,
  )
  const source = { S3DataType: 'AugmentedManifestFile', AttributeNames: ['source-ref', 'class'] }
  const good = await run(piped('manifest/lines.jsonl', {}, { RecordWrapperType: 'RecordIO' }, source))
  const frames = ['PNG', '3', 'PNG', '4'].map(text => recordOf(Buffer.from(text)))
  expect(good.read).toEqual([Buffer.concat(frames).toString()])
  const bare = await local.run([piped('manifest/lines.jsonl', {}, {}, source)])
  expect(bare.steps['Read']?.['FailureReason']).toContain('it needs RecordWrapperType RecordIO and AttributeNames')
  const missing = await local.run([
    piped('manifest/lines.jsonl', {}, { RecordWrapperType: 'RecordIO' }, { ...source, AttributeNames: ['none'] }),
  ])
  expect(missing.steps['Read']?.['FailureReason']).toContain('has no none')
})

test('5.2.7: checkpoints are stored while the job runs', { timeout: 30_000 }, async () => {
  local.program(
    'checkpoint',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/checkpoints/epoch-1', 'one')
    setInterval(() => {}, 1000)`,
  )
  const step = training('Train', 'checkpoint', {
    arguments: { CheckpointConfig: { S3Uri: `s3://${bucket}/checkpoints` } },
  })
  const arn = await local.start([step])
  await expect.poll(() => local.text('checkpoints/epoch-1'), { timeout: 20_000 }).toBe('one')
  expect((await local.steps(arn))['Train']?.['StepStatus']).toBe('Executing')
  await local.call('StopPipelineExecution', { PipelineExecutionArn: arn })
  await local.ended(arn)
})
