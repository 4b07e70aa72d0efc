import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { UserError } from '../../schemas/problem.ts'
import type { OperationTable } from '../contract.ts'
import type { EndpointHost } from '../jobs/endpoint-host.ts'
import type { QueueBook } from '../jobs/queue-book.ts'
import { ServiceError } from '../service-error.ts'
import type { FolderStore } from '../storage/folder-store.ts'
import { errorCode } from '../storage/store-failure.ts'
import { regionOf } from './credential-scope.ts'
import { checkCaller } from './guard.ts'
import { answerInvocation, invokedEndpoint } from './runtime-protocol.ts'
import { answerS3 } from './s3/answer-s3.ts'
import { answerSageMaker } from './sagemaker-protocol.ts'
import { answerSqs, isSqs } from './sqs-protocol.ts'
import { answerSts, isQueryProtocol, stsError } from './sts.ts'

export interface ServerOptions {
  readonly store: FolderStore
  readonly operations: OperationTable
  /** Answers SageMaker Runtime. @default such requests are S3's */
  readonly endpoints?: Pick<EndpointHost, 'invoke'>
  /** Answers SQS. @default such requests are unknown operations */
  readonly queues?: QueueBook
  /** 0 takes a free one. @default 0 */
  readonly port?: number
  /** Takes a line about a defect of ours. @default writes to stderr */
  readonly log?: (line: string) => void
}

export interface RunningServer {
  readonly port: number
  /** Stops taking requests, lets running ones end (at most two seconds), closes all connections. */
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const headersTimeoutMs = 15_000
/** Without a byte in either direction while a request or its answer is under way. */
const silenceTimeoutMs = 120_000
const closeGraceMs = 2_000

/** Serves the SageMaker API, SageMaker Runtime, S3, SQS and STS's GetCallerIdentity on one loopback port. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { port = 0, log = line => process.stderr.write(`${line}\n`) } = options
  const working = new WeakSet<Socket>()
  const server = createServer(
    // An upload may take its time as long as it goes on: see the silence timeout.
    {
      keepAliveTimeout: 65_000,
      headersTimeout: headersTimeoutMs,
      requestTimeout: 0,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      request.once('end', () => working.add(request.socket))
      response.once('close', () => working.delete(request.socket))
      answer({ ...options, log }, request, response, boundPort).catch((error: unknown) => {
        log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`)
        response.destroy()
      })
    },
  )
  server.timeout = silenceTimeoutMs
  server.on('timeout', socket => {
    // The request is complete and its answer is being worked on: silence is ours.
    if (!working.has(socket)) socket.destroy()
  })
  await listen(server, port)
  const boundPort = (server.address() as AddressInfo).port

  return {
    port: boundPort,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

type Server = ReturnType<typeof createServer>

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, loopback, resolve)
    })
  } catch (error) {
    throw listenFailure(error, port)
  }
}

function listenFailure(error: unknown, port: number): unknown {
  const code = errorCode(error)
  if (code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} is already in use on ${loopback}: choose another with --port, or stop the other process.`,
      { cause: error },
    )
  }
  if (code === 'EACCES') {
    return new UserError(`Port ${port} needs more rights than this user has: choose one above 1023 with --port.`, {
      cause: error,
    })
  }
  if (code === 'ERR_SOCKET_BAD_PORT') {
    return new UserError(`Port ${port} does not exist: choose one from 0 (any free one) to 65535 with --port.`, {
      cause: error,
      exitCode: 2,
    })
  }
  return error
}

async function answer(
  options: ServerOptions & { log: (line: string) => void },
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  const requestId = randomUUID()
  response.setHeader('x-amzn-RequestId', requestId)
  response.setHeader('x-amz-request-id', requestId)
  let caller: { bucket?: string }
  try {
    caller = checkCaller(request.headers, request.method ?? '', port)
  } catch (error) {
    return refuse(error, response)
  }
  const { bucket: virtualBucket } = caller
  const url = request.url ?? '/'
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '')
  const isRoot = virtualBucket === undefined && (url === '/' || url.startsWith('/?'))
  const endpoint = virtualBucket === undefined ? invokedEndpoint(request.method, url) : undefined
  if (options.queues !== undefined && request.method === 'POST' && isSqs(request)) {
    const { queues, log } = options
    await answerSqs({ queues, log, endpoint: `http://${loopback}:${port}` }, request, response)
  } else if (isRoot && request.method === 'POST' && request.headers['x-amz-target'] !== undefined) {
    await answerSageMaker(options, request, response, { region: regionOf(request.headers, query) })
  } else if (isRoot && isQueryProtocol(request, query)) {
    await answerQuery(request, response, query, requestId)
  } else if (options.endpoints !== undefined && endpoint !== undefined) {
    await answerInvocation(options.endpoints, options.log, request, response, endpoint)
  } else {
    await answerS3(options, request, response, { requestId, ...(virtualBucket !== undefined && { virtualBucket }) })
  }
  // What was not read of a refused upload: the client sees the answer before the connection is used again.
  request.resume()
}

async function answerQuery(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  requestId: string,
) {
  let status = 200
  let xml: string
  try {
    xml = await answerSts(request, query, requestId)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    status = error.status
    xml = stsError(error.code, error.message, requestId)
  }
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(xml) })
  response.end(xml)
}

/** Somebody who should not talk to us: one line, and the connection is closed. */
function refuse(error: unknown, response: ServerResponse): void {
  if (!(error instanceof ServiceError)) throw error
  response.writeHead(error.status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(`${error.message}\n`)
}
