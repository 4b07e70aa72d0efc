import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What an operation of the stub answers with: members of the response, or a refusal as the service words it. */
export type StubAnswer = object | { readonly refuse: string; readonly message: string; readonly status?: number }

export interface AwsStub {
  readonly endpoint: string
  /** Operations in the order in which they came, such as `['DescribePipeline', 'CreatePipeline']`. */
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[]
  /** Bodies that were put, by `/bucket/key`. */
  readonly objects: Map<string, Buffer>
  close(): Promise<void>
}

/** A small SageMaker and S3 for the real clients: a table of operations, and a map of objects. */
export async function startAwsStub(
  operations: Readonly<Record<string, (input: Record<string, unknown>) => StubAnswer>>,
): Promise<AwsStub> {
  const calls: { operation: string; input: Record<string, unknown> }[] = []
  const objects = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readBody(request)
      const target = request.headers['x-amz-target']
      if (typeof target !== 'string') {
        const path = (request.url ?? '').split('?')[0] as string
        if (request.method === 'PUT') {
          objects.set(path, body)
          response.writeHead(200, { etag: '"0"' }).end()
          return
        }
        const found = objects.get(path)
        if (found === undefined) {
          response.writeHead(404, { 'content-type': 'application/xml' })
          response.end('<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>')
        } else response.writeHead(200).end(found)
        return
      }
      const operation = target.slice('SageMaker.'.length)
      const input = JSON.parse(body.toString('utf8')) as Record<string, unknown>
      calls.push({ operation, input })
      const answer = operations[operation]?.(input) ?? { refuse: 'UnknownOperationException', message: operation }
      const refused = 'refuse' in answer
      response.writeHead(refused ? ('status' in answer ? answer.status : 400) : 200, {
        'content-type': 'application/x-amz-json-1.1',
        ...(refused ? { 'x-amzn-errortype': answer.refuse } : {}),
      })
      response.end(
        JSON.stringify(
          refused ? { __type: answer.refuse, message: 'message' in answer ? answer.message : '' } : answer,
        ),
      )
    })()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    objects,
    close: () =>
      new Promise((done, fail) => {
        server.closeAllConnections()
        server.close(error => (error === undefined ? done() : fail(error)))
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return decodeAwsChunks(Buffer.concat(chunks), request.headers['content-encoding'])
}

/** The SDK sends streams with a trailing checksum as `aws-chunked`: hex length, data, …, zero, trailers. */
function decodeAwsChunks(body: Buffer, encoding: string | undefined): Buffer {
  if (!encoding?.includes('aws-chunked')) return body
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.toString('latin1', at, end), 16)
    if (!(length > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
}
