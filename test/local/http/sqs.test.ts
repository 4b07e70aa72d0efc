import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../../local/http/server.ts'
import { openQueueBook } from '../../../local/jobs/queue-book.ts'
import { createFolderStore } from '../../../local/storage/folder-store.ts'

let dir: string
let server: RunningServer
const start = async () =>
  startServer({
    store: await createFolderStore(join(dir, 's3')),
    operations: {},
    queues: openQueueBook(join(dir, 'queues')),
  })
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-sqs-'))
  server = await start()
})
afterAll(async () => {
  await server.close()
  await rm(dir, { recursive: true, force: true })
})

const call = async (operation: string, input: object) => {
  const response = await fetch(`http://127.0.0.1:${server.port}/`, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}
const url = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/111122223333/${name}`
const receive = async (name: string, more: object = {}) =>
  ((await call('ReceiveMessage', { QueueUrl: url(name), ...more })).body['Messages'] ?? []) as {
    Body: string
    ReceiptHandle: string
    MD5OfBody: string
    Attributes: Record<string, string>
  }[]

test('3.9.6: a message is received once, hidden meanwhile, and gone when it is deleted', async () => {
  const sent = await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'hello' })
  expect(sent.body).toMatchObject({ MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' })
  const [message] = await receive('one')
  expect(message).toMatchObject({ Body: 'hello', MD5OfBody: '5d41402abc4b2a76b9719d911017c592' })
  expect(await receive('one')).toEqual([])
  expect((await call('GetQueueAttributes', { QueueUrl: url('one') })).body['Attributes']).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '1',
  })
  const handle = { QueueUrl: url('one'), ReceiptHandle: message?.ReceiptHandle }
  await call('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 0 })
  expect((await receive('one'))[0]?.Attributes['ApproximateReceiveCount']).toBe('2')
  expect((await call('DeleteMessage', handle)).status).toBe(200)
  expect((await call('DeleteMessage', handle)).status).toBe(200)
  await call('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 0 })
  expect(await receive('one')).toEqual([])
})

test('3.9.6: a receiver that waits gets a message as soon as it is sent, and two receivers never the same one', async () => {
  const began = Date.now()
  const waiting = [receive('two', { WaitTimeSeconds: 20 }), receive('two', { WaitTimeSeconds: 1 })]
  await new Promise(resolve => setTimeout(resolve, 50))
  await call('SendMessage', { QueueUrl: url('two'), MessageBody: 'a' })
  await call('SendMessage', { QueueUrl: url('two'), MessageBody: 'b' })
  const bodies = (await Promise.all(waiting)).flat().map(({ Body }) => Body)
  expect(bodies.toSorted()).toEqual(['a', 'b'])
  expect(Date.now() - began).toBeLessThan(5000)
})

test('3.9.6: a message that was not deleted comes again after a restart, one that was deleted does not', async () => {
  for (const body of ['kept', 'deleted']) await call('SendMessage', { QueueUrl: url('three'), MessageBody: body })
  const messages = await receive('three', { MaxNumberOfMessages: 10 })
  expect(messages).toHaveLength(2)
  const gone = messages.find(({ Body }) => Body === 'deleted')
  await call('DeleteMessage', { QueueUrl: url('three'), ReceiptHandle: gone?.ReceiptHandle })
  await server.close()
  server = await start()
  expect((await receive('three', { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['kept'])
})

test('a queue is found by its name once it has a message, and a new one has a URL of this server', async () => {
  await call('SendMessage', { QueueUrl: url('four'), MessageBody: 'x' })
  expect((await call('GetQueueUrl', { QueueName: 'four' })).body).toEqual({ QueueUrl: url('four') })
  expect(await call('GetQueueUrl', { QueueName: 'five' })).toMatchObject({
    status: 400,
    body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
  })
  expect((await call('CreateQueue', { QueueName: 'five' })).body).toEqual({
    QueueUrl: `http://127.0.0.1:${server.port}/000000000000/five`,
  })
})

test.each([
  ['TagQueue', {}, 'UnsupportedOperation', 'It answers CreateQueue'],
  ['ReceiveMessage', { QueueUrl: url('one'), MaxNumberOfMessages: 11 }, 'InvalidParameterValue', 'MaxNumberOfMessages'],
  ['SendMessage', { QueueUrl: url('one') }, 'InvalidParameterValue', 'MessageBody'],
  [
    'DeleteMessage',
    { QueueUrl: url('one'), ReceiptHandle: Buffer.from('../x').toString('base64') },
    'ReceiptHandleIsInvalid',
    'not a valid receipt handle',
  ],
])('%s with %j is refused as %s', async (operation, input, code, text) => {
  const { status, body } = await call(operation, input)
  expect(status).toBe(400)
  expect(body['__type']).toBe(`com.amazonaws.sqs#${code}`)
  expect(body['message']).toContain(text)
})
