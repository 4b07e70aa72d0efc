import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { createClients } from 'foldwise/service'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'
import { archiveFolders } from '../../local/jobs/archive-folders.ts'
import { repositoryStartsWith } from '../../local/runtimes/images.ts'
import { findPythonClients } from './python-clients.ts'

const clients = findPythonClients()
let dir: string
let local: LocalSageMaker

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-runtime-'))
  await writeFile(
    join(dir, 'serve.mjs'),
    `import { createServer } from 'node:http'; import { readFileSync } from 'node:fs'
    const factor = Number(readFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/factor', 'utf8'))
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () => {
        if (body === 'bad') { response.statusCode = 422; return response.end('not a number') }
        response.setHeader('content-type', request.headers.accept ?? 'text/plain')
        response.end(String(body * factor)) })
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
  local = await startLocalSageMaker({
    stateDir: join(dir, 'state'),
    images: [
      {
        matches: repositoryStartsWith('doubling'),
        runtime: 'node',
        entrypoint: ['node', '/programs/serve.mjs'],
        programs: { root: '/programs', folder: dir },
      },
    ],
  })
})
afterAll(async () => {
  await local.close()
  await rm(dir, { recursive: true, force: true })
})

it('boto3 invokes an endpoint and reads a failure of its model', async ({ skip }) => {
  const reason = await clients.missing('boto3')
  skip(reason !== undefined, reason)
  await mkdir(join(dir, 'model'))
  await writeFile(join(dir, 'model/factor'), '2')
  const { s3, close } = await createClients({ local: local.endpoint })
  const Body = await buffer(await archiveFolders([join(dir, 'model')]))
  await s3.send(new PutObjectCommand({ Bucket: 'models', Key: 'model.tar.gz', Body }))
  close()
  expect(await clients.python('boto3_invoke.py', local.endpoint, 's3://models/model.tar.gz')).toEqual({
    body: '42',
    type: 'text/x-own',
    variant: 'A',
    modelError: [422, 'not a number'],
    missing: 'ValidationError',
  })
})

it('boto3 polls the queue of a Callback step and answers its token', async ({ skip }) => {
  const reason = await clients.missing('boto3')
  skip(reason !== undefined, reason)
  const queue = 'https://sqs.us-east-1.amazonaws.com/111122223333/questions'
  const definition = JSON.stringify({
    Version: '2020-12-01',
    Steps: [
      {
        Name: 'Ask',
        Type: 'Callback',
        SqsQueueUrl: queue,
        Arguments: { number: 21 },
        OutputParameters: [{ OutputName: 'answer', OutputType: 'String' }],
      },
    ],
  })
  expect(await clients.python('boto3_callback.py', local.endpoint, definition, queue)).toEqual({
    isOwn: true,
    status: ['Executing', 'Succeeded'],
    hidden: [],
    outputs: [{ Name: 'answer', Value: '42' }],
    again: ['mine'],
    missing: 'QueueDoesNotExist',
  })
})
