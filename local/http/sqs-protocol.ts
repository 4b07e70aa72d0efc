import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { QueueBook } from '../jobs/queue-book.ts'
import { ServiceError } from '../service-error.ts'
import { parseJsonObject, readBody } from './read-body.ts'

/** A message has at most 1 MiB, and JSON text inside JSON can take six bytes for one. */
const requestLimitBytes = 8 * 1024 * 1024
const targetPrefix = 'AmazonSQS.'
const contentType = 'application/x-amz-json-1.0'

/** True for a request in SQS's JSON protocol. */
export const isSqs = (request: IncomingMessage): boolean =>
  String(request.headers['x-amz-target'] ?? '').startsWith(targetPrefix)

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

interface Call {
  readonly queues: QueueBook
  readonly signal: AbortSignal
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string
}

interface Operation<T> {
  readonly input: z.ZodType<T>
  readonly answer: (input: T, call: Call) => Promise<object>
}

const operation = <T>(input: z.ZodType<T>, answer: Operation<T>['answer']): Operation<unknown> =>
  ({ input, answer }) as Operation<unknown>

const queueName = z.string().regex(/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/)
const onQueue = z.looseObject({ QueueUrl: z.string().min(1).max(1024) })
const onMessage = onQueue.extend({ ReceiptHandle: z.string().min(1) })

/** A handle names its message; like SQS's it is nothing to read. */
const handleOf = (id: string): string => Buffer.from(id).toString('base64url')
const idOf = (handle: string): string => {
  const id = Buffer.from(handle, 'base64url').toString('utf8')
  if (!/^[A-Za-z0-9-]+$/.test(id))
    throw new ServiceError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    )
  return id
}

/** One entry per operation that is answered. Source: SQS API reference. */
const operations: Readonly<Record<string, Operation<unknown>>> = {
  CreateQueue: operation(z.looseObject({ QueueName: queueName }), async ({ QueueName }, { queues, endpoint }) => ({
    QueueUrl: (await queues.urlOf(QueueName)) ?? `${endpoint}/000000000000/${QueueName}`,
  })),
  GetQueueUrl: operation(z.looseObject({ QueueName: queueName }), async ({ QueueName }, { queues }) => {
    const QueueUrl = await queues.urlOf(QueueName)
    if (QueueUrl === undefined)
      throw new ServiceError(
        'QueueDoesNotExist',
        'The specified queue does not exist: no step has put a message on it yet.',
      )
    return { QueueUrl }
  }),
  GetQueueAttributes: operation(onQueue, async ({ QueueUrl }, { queues }) => {
    const { visible, hidden } = await queues.count(QueueUrl)
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
      },
    }
  }),
  SendMessage: operation(
    onQueue.extend({ MessageBody: z.string().min(1).max(1_048_576) }),
    async ({ QueueUrl, MessageBody }, { queues }) => {
      const MessageId = randomUUID()
      await queues.put(QueueUrl, MessageId, MessageBody)
      return { MessageId, MD5OfMessageBody: md5(MessageBody) }
    },
  ),
  ReceiveMessage: operation(
    onQueue.extend({
      MaxNumberOfMessages: z.int().min(1).max(10).default(1),
      VisibilityTimeout: z.int().min(0).max(43_200).default(30),
      WaitTimeSeconds: z.int().min(0).max(20).default(0),
    }),
    async ({ QueueUrl, MaxNumberOfMessages: most, VisibilityTimeout, WaitTimeSeconds }, { queues, signal }) => {
      const options = { most, hideSeconds: VisibilityTimeout, waitSeconds: WaitTimeSeconds, signal }
      const received = await queues.receive(QueueUrl, options)
      if (received.length === 0) return {}
      return {
        Messages: received.map(({ id, body, receiveCount, sentAt }) => ({
          MessageId: id,
          ReceiptHandle: handleOf(id),
          MD5OfBody: md5(body),
          Body: body,
          Attributes: {
            ApproximateReceiveCount: String(receiveCount),
            SentTimestamp: String(Math.floor(sentAt.getTime())),
          },
        })),
      }
    },
  ),
  ChangeMessageVisibility: operation(
    onMessage.extend({ VisibilityTimeout: z.int().min(0).max(43_200) }),
    async ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, { queues }) => {
      queues.hide(QueueUrl, idOf(ReceiptHandle), VisibilityTimeout)
      return {}
    },
  ),
  DeleteMessage: operation(onMessage, async ({ QueueUrl, ReceiptHandle }, { queues }) => {
    await queues.delete(QueueUrl, idOf(ReceiptHandle))
    return {}
  }),
}

/** Answers one request of an SQS client in AWS's JSON 1.0 protocol. It does not throw: a refusal and a defect are answers. */
export async function answerSqs(
  options: { readonly queues: QueueBook; readonly log: (line: string) => void; readonly endpoint: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  let status = 200
  let body: object
  try {
    body = await answer(request, { queues: options.queues, endpoint: options.endpoint, signal: gone.signal })
  } catch (error) {
    if (request.destroyed && !request.complete) return
    const refusal = refusalOf(error, request, options.log)
    status = refusal.status
    body = { __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message }
  }
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': contentType, 'content-length': text.byteLength })
  response.end(text)
}

async function answer(request: IncomingMessage, call: Call): Promise<object> {
  const name = String(request.headers['x-amz-target']).slice(targetPrefix.length)
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (found === undefined)
    throw new ServiceError(
      'UnsupportedOperation',
      `The local SQS has no operation ${JSON.stringify(name)}. It answers ${Object.keys(operations).join(', ')}.`,
    )
  const input = found.input.safeParse(parseJsonObject(await readBody(request, requestLimitBytes)))
  if (!input.success) {
    const issue = input.error.issues[0]
    throw new ServiceError(
      'InvalidParameterValue',
      `Value for parameter ${issue?.path.map(String).join('.')} is invalid. Reason: ${issue?.message}.`,
    )
  }
  return found.answer(input.data, call)
}

function refusalOf(error: unknown, request: IncomingMessage, log: (line: string) => void): ServiceError {
  if (error instanceof ServiceError) return error
  log(
    `${String(request.headers['x-amz-target'])}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  )
  return new ServiceError(
    'InternalFailure',
    'The local SQS failed because of a defect of its own; its log has the stack.',
    500,
  )
}
