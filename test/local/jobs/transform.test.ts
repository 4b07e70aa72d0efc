import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payloadBatches } from '../../../local/jobs/payload-batches.ts'
import { repositoryStartsWith } from '../../../local/runtimes/images.ts'
import { bucket, get, type LocalEngine, openLocalEngine, training } from '../../support/local-engine.ts'

let local: LocalEngine
let programs = ''
beforeAll(async () => {
  local = await openLocalEngine({})
  programs = `${local.folder}/programs`
  local = await local.reopen({
    images: [
      {
        matches: repositoryStartsWith('test-server'),
        runtime: 'node',
        entrypoint: ['node', '/programs/serve.mjs'],
        programs: { root: '/programs', folder: programs },
      },
      {
        matches: repositoryStartsWith('test-node'),
        runtime: 'node',
        programs: { root: '/programs', folder: programs },
      },
    ],
  })
  local.program(
    'train',
    `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/factor', '3')`,
  )
  local.program(
    'serve',
    `import { createServer } from 'node:http'; import { readFileSync } from 'node:fs'
    if (process.argv[2] !== 'serve' || process.env.BROKEN) process.exit(5)
    const factor = Number(readFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/factor'))
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () => {
        const rows = body.trimEnd().split('\\n')
        if (rows.includes('bad')) { response.statusCode = 400; return response.end('not a number') }
        response.end(rows.map(row => row * factor).join('\\n') + (process.env.BATCHES ? ' of ' + rows.length : '')) })
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
  await local.put('batch/a.csv', '1\n2\n3')
  await local.put('batch/deep/b.csv', '10\n')
  await local.put('half/good.csv', '1')
  await local.put('half/bad.csv', 'bad')
})
afterAll(() => local.close())

const model = (environment: object = {}): object => ({
  Name: 'Model',
  Type: 'Model',
  Arguments: {
    PrimaryContainer: {
      Image: 'test-server:1',
      ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts'),
      Environment: environment,
    },
  },
})
const transform = (prefix: string, more: object = {}, name: unknown = get('Steps.Model.ModelName')): object => ({
  Name: 'Transform',
  Type: 'Transform',
  Arguments: {
    ModelName: name,
    TransformInput: {
      ContentType: 'text/csv',
      SplitType: 'Line',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/${prefix}` } },
    },
    TransformOutput: { S3OutputPath: `s3://${bucket}/out/${prefix}`, AssembleWith: 'Line' },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...more,
  },
})

test('5.4.1, 5.4.2: a batch transform asks the served model and stores one .out per input object', async () => {
  const { execution, steps } = await local.run([training('Train', 'train'), model(), transform('batch/')])
  expect(execution['PipelineExecutionStatus'], JSON.stringify(steps)).toBe('Succeeded')
  expect(await local.keys('out/batch/')).toEqual(['out/batch/a.csv.out', 'out/batch/deep/b.csv.out'])
  expect(await local.text('out/batch/a.csv.out')).toBe('3\n6\n9\n')
  expect(await local.text('out/batch/deep/b.csv.out')).toBe('30\n')
  const name = steps['Transform']?.['Metadata'].TransformJob.Arn.split('/').pop()
  expect(await local.call('DescribeTransformJob', { TransformJobName: name })).toMatchObject({
    TransformJobStatus: 'Completed',
    TransformJobName: name,
  })
})

test('5.4.2: SingleRecord sends one record per request', async () => {
  await local.run([
    training('Train', 'train'),
    model({ BATCHES: '1' }),
    transform('batch/a.csv', { BatchStrategy: 'SingleRecord' }),
  ])
  expect(await local.text('out/batch/a.csv/a.csv.out')).toBe('3 of 1\n6 of 1\n9 of 1\n')
})

test('5.4.3: the job fails if any object fails, and the good ones are stored all the same', async () => {
  const { steps } = await local.run([training('Train', 'train'), model(), transform('half/')])
  expect(steps['Transform']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: expect.stringContaining('bad.csv: The model container answered 400: not a number'),
  })
  expect(await local.keys('out/half/')).toEqual(['out/half/good.csv.out'])
})

test('a container that ends before it is healthy, an unknown model and what is not run yet fail with a sentence', async () => {
  const broken = await local.run([training('Train', 'train'), model({ BROKEN: '1' }), transform('batch/')])
  expect(broken.steps['Transform']?.['FailureReason']).toContain('ended with exit code 5 before it answered GET /ping')
  const unknown = await local.run([transform('batch/', {}, 'nobody')])
  expect(unknown.steps['Transform']?.['FailureReason']).toContain('Could not find model "nobody"')
  const filter = await local.run([transform('batch/', { DataProcessing: { InputFilter: '$..*' } }, 'nobody')])
  expect(filter.steps['Transform']?.['FailureReason']).toContain('is not one of the supported JSONPath expressions')
})

test('5.4.2: batches hold whole records, lose nothing and stay within the limit', async () => {
  const text = fc.array(fc.stringMatching(/^[a-z]{0,8}$/), { minLength: 0, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 9, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (rows, ends, single, limitBytes, chunk) => {
        const content = Buffer.from(rows.join('\n') + (ends && rows.length > 0 ? '\n' : ''))
        async function* stream(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk)
        }
        const batches: Buffer[] = []
        for await (const batch of payloadBatches(stream(), { split: 'Line', single, limitBytes })) batches.push(batch)
        expect(Buffer.concat(batches).toString()).toBe(content.toString())
        for (const [index, batch] of batches.entries()) {
          expect(batch.length).toBeLessThanOrEqual(limitBytes)
          if (index < batches.length - 1) expect(batch.at(-1)).toBe(0x0a)
          if (single) expect(batch.subarray(0, -1).includes(0x0a)).toBe(false)
        }
      },
    ),
  )
})

test('a record over the limit is refused', async () => {
  const read = async (): Promise<void> => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100, 'a')
    }
    for await (const _ of payloadBatches(stream(), { split: 'Line', single: false, limitBytes: 10 })) continue
  }
  await expect(read()).rejects.toThrow(/larger than MaxPayloadInMB/)
})
