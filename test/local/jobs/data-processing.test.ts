import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processBatch, readDataProcessing } from '../../../local/jobs/data-processing.ts'
import { applyRecordFilter, parseRecordFilter } from '../../../local/jobs/record-filter.ts'
import { repositoryStartsWith } from '../../../local/runtimes/images.ts'
import { bucket, get, type LocalEngine, openLocalEngine, training } from '../../support/local-engine.ts'

const filtered = (path: string, record: unknown): unknown => applyRecordFilter(parseRecordFilter(path) ?? [], record)

test('5.4.4: filters select what the guide lists: names, indices, slices and several of them', () => {
  const row = ['id', 1, 2, 3, 4]
  expect(filtered('$', row)).toEqual(row)
  expect(filtered('$[1:]', row)).toEqual([1, 2, 3, 4])
  expect(filtered('$[:-1]', row)).toEqual(['id', 1, 2, 3])
  expect(filtered('$[0,-1]', row)).toEqual(['id', 4])
  expect(filtered('$[0]', row)).toBe('id')
  const object = { id: 7, 'my key': [5, 6], SageMakerOutput: { score: 0.5 } }
  expect(filtered("$['id']", object)).toBe(7)
  expect(filtered("$['my key'][1]", object)).toBe(6)
  expect(filtered('$.SageMakerOutput.score', object)).toBe(0.5)
  expect(filtered("$['id','SageMakerOutput']", object)).toEqual({ id: 7, SageMakerOutput: { score: 0.5 } })
  expect(() => filtered('$.none', object)).toThrow('A filter selects "none"')
  expect(() => filtered('$[9]', row)).toThrow('A filter selects [9]')
  expect(() => filtered('$[0]', object)).toThrow('which is no list')
})

test.each(['', 'a', '$..a', '$[*]', '$[?(@.a)]', '$[', '$.', `$.${'a'.repeat(63)}`])(
  'the filter %j is refused',
  text => {
    expect(parseRecordFilter(text)).toBeUndefined()
  },
)

test('a slice is that of the list, for every two numbers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
      (list, from, to) => {
        expect(filtered(`$[${from}:${to}]`, list)).toEqual(list.slice(from, to))
      },
    ),
  )
})

const processed = (given: object, body: string, answer: string, contentType = 'text/csv', accept?: string) => {
  const { body: sent, finish } = processBatch(readDataProcessing(given)!, Buffer.from(body), { contentType, accept })
  return [sent.toString(), finish(Buffer.from(answer)).toString()]
}

test('5.4.4: CSV answers are joined behind their records, JSON answers as SageMakerOutput', () => {
  expect(processed({ InputFilter: '$[1:]', JoinSource: 'Input' }, 'id1,2,3\n"id,2",4,5\n', '0.1\n0.2\n')).toEqual([
    '2,3\n4,5\n',
    'id1,2,3,0.1\n"id,2",4,5,0.2\n',
  ])
  expect(
    processed({ InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' }, 'a,2\nb,4', '0.1\n0.2')[1],
  ).toBe('a,0.1\nb,0.2\n')
  const lines = '{"id":1,"f":[2]}\n{"id":2,"f":[3]}\n'
  expect(
    processed(
      { InputFilter: '$.f', JoinSource: 'Input', OutputFilter: "$['id','SageMakerOutput']" },
      lines,
      '{"s":5}\n{"s":6}\n',
      'application/jsonlines',
    ),
  ).toEqual(['[2]\n[3]\n', '{"id":1,"SageMakerOutput":{"s":5}}\n{"id":2,"SageMakerOutput":{"s":6}}\n'])
  expect(processed({ JoinSource: 'Input' }, '[1,2]', '[9]', 'application/json')[1]).toBe(
    '{"SageMakerInput":[1,2],"SageMakerOutput":[9]}\n',
  )
  expect(processed({ OutputFilter: '$.s' }, '1,2\n', '{"s":5,"t":6}', 'text/csv', 'application/json')[1]).toBe('5\n')
})

test('joining needs one answer per record and one format', () => {
  expect(() => processed({ JoinSource: 'Input' }, '1\n2\n', '0.1\n')).toThrow('The model gave 1 records for 2')
  expect(() => processed({ JoinSource: 'Input' }, '1\n', '{"a":1}', 'text/csv', 'application/json')).toThrow(
    'of the same format',
  )
  expect(() => processed({ JoinSource: 'Input' }, '1\n', '1', 'image/png')).toThrow(
    'Records of image/png cannot be filtered or joined',
  )
  expect(readDataProcessing({ InputFilter: '$', OutputFilter: '$', JoinSource: 'None' })).toBeUndefined()
})

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine({})
  const programs = { root: '/programs', folder: `${local.folder}/programs` }
  local = await local.reopen({
    images: [
      {
        matches: repositoryStartsWith('test-server'),
        runtime: 'node',
        entrypoint: ['node', '/programs/serve.mjs'],
        programs,
      },
      { matches: repositoryStartsWith('test-node'), runtime: 'node', programs },
    ],
  })
  local.program('train', '')
  local.program(
    'serve',
    `import { createServer } from 'node:http'
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () =>
        response.end(body.trimEnd().split('\\n').map(row => row.split(',').reduce((sum, cell) => sum + Number(cell), 0)).join('\\n')))
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
})
afterAll(() => local.close())

test('5.4.4, 5.4.5: a transform job reads compressed objects, hides the identifier from the model and joins it again', async () => {
  await local.store.put(bucket, 'packed/a.csv.gz', gzipSync('x,1,2\ny,3,4\n'))
  const transform = (more: object, uri = 'packed/') => ({
    Name: 'Transform',
    Type: 'Transform',
    Arguments: {
      ModelName: get('Steps.Model.ModelName'),
      TransformInput: {
        ContentType: 'text/csv',
        CompressionType: 'Gzip',
        SplitType: 'Line',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/${uri}` } },
      },
      TransformOutput: { S3OutputPath: `s3://${bucket}/joined`, AssembleWith: 'Line' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' },
      ...more,
    },
  })
  const before = [
    training('Train', 'train'),
    {
      Name: 'Model',
      Type: 'Model',
      Arguments: {
        PrimaryContainer: { Image: 'test-server:1', ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') },
      },
    },
  ]
  const { steps } = await local.run([...before, transform({})])
  expect(steps['Transform']?.['StepStatus'], JSON.stringify(steps)).toBe('Succeeded')
  expect(await local.text('joined/a.csv.gz.out')).toBe('x,3\ny,7\n')
  await local.put('plain/a.csv', '1\n')
  const bad = await local.run([...before, transform({}, 'plain/')])
  expect(bad.steps['Transform']?.['FailureReason']).toContain('The object cannot be read: incorrect header check')
})
