import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../../local/http/server.ts'
import { type Served, serve } from './serve.ts'

let served: Served

beforeAll(async () => {
  served = await serve({ ListPipelines: async () => ({ PipelineSummaries: [] }) })
})
afterAll(async () => {
  expect(served.logged).toEqual([])
  await served.close()
})

interface Raw {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** A request exactly as written: `fetch` would resolve dots and choose the Host header itself. */
function send({
  method = 'GET',
  path = '/',
  headers = {},
  body,
}: Raw): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: served.server.port, method, path, headers, agent: false },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString(), headers: response.headers }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Bytes as they are; gives what came back until the server closed. */
function sendText(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(served.server.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => (answer += String(chunk)))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

const target = { 'x-amz-target': 'SageMaker.ListPipelines', 'content-type': 'application/x-amz-json-1.1' }

describe('callers', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '127.0.0.1:1', 'localhost', '0.0.0.0', 'x y'])(
    'refuses the Host header %j',
    async host => {
      const answer = await send({ headers: { host, ...target }, method: 'POST', body: '{}' })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toContain('PipelineSummaries')
    },
  )

  it.each(['Host: \r\n', ''])('refuses a request whose Host is missing or empty: %j', async host => {
    expect(await sendText(`GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 40[03] /)
  })

  it('takes 127.0.0.1, localhost and [::1] with its port', async () => {
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const answer = await send({
        headers: { host: `${name}:${served.server.port}`, ...target },
        method: 'POST',
        body: '{}',
      })
      expect(answer).toMatchObject({ status: 200, body: '{"PipelineSummaries":[]}' })
    }
  })

  it('takes the bucket from a host name below localhost', async () => {
    const host = `host-bucket.localhost:${served.server.port}`
    expect((await send({ method: 'PUT', path: '/a/b', headers: { host }, body: 'v' })).status).toBe(200)
    expect((await send({ path: '/host-bucket/a/b' })).body).toBe('v')
  })

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ])('refuses what a browser sends for another page: %j', async headers => {
    const answer = await send({ headers: { ...headers, ...target }, method: 'POST', body: '{}' })
    expect(answer.status).toBe(403)
    expect((await send({ method: 'OPTIONS', headers })).status).toBeGreaterThanOrEqual(400)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('takes a request of its own origin', async () => {
    const origin = `http://127.0.0.1:${served.server.port}`
    const headers = { origin, 'sec-fetch-site': 'same-origin', ...target }
    expect((await send({ headers, method: 'POST', body: '{}' })).status).toBe(200)
  })

  it('keeps a stored page from acting with its origin', async () => {
    await send({
      method: 'PUT',
      path: '/bucket/page.html',
      headers: { 'content-type': 'text/html' },
      body: '<script></script>',
    })
    const { headers } = await send({ path: '/bucket/page.html' })
    expect(headers).toMatchObject({ 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' })
  })
})

describe('SageMaker requests that no SDK sends', () => {
  const call = (body: string | Buffer, headers: Record<string, string> = {}) =>
    send({ method: 'POST', headers: { ...target, ...headers }, body })

  it.each([
    ['not JSON', '{"a":', 'SerializationException'],
    ['a list', '[]', 'SerializationException'],
    ['binary garbage', Buffer.from([0, 255, 254, 1]), 'SerializationException'],
    ['nesting of 10,000 levels', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'SerializationException'],
    ['a wrong type', '{"MaxResults":"ten"}', 'ValidationException'],
    ['a number out of range', '{"MaxResults":1000}', 'ValidationException'],
  ])('refuses %s', async (_, body, code) => {
    const answer = await call(body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ __type: code, message: expect.stringMatching(/.{10}/) })
  })

  it('refuses more than 8 MiB', async () => {
    const answer = await call(`{"NextToken":"${'x'.repeat(9_000_000)}"}`)
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'RequestEntityTooLarge' })
  })

  it('takes an empty body, nulls and members that it does not know', async () => {
    expect((await call('')).status).toBe(200)
    expect((await call('{"MaxResults":null,"NewMember":{"a":1},"__proto__":{}}')).status).toBe(200)
  })

  it.each([
    'SageMaker.Nothing',
    'SageMaker.constructor',
    'SageMaker.__proto__',
    'ListPipelines',
    'Other.ListPipelines',
    '',
  ])('answers the target %j with UnknownOperationException', async name => {
    const answer = await call('{}', { 'x-amz-target': name })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'UnknownOperationException' })
  })
})

describe('S3 requests that no SDK sends', () => {
  it.each([
    '/bucket/../../x',
    '/bucket/..%2f..%2fx',
    '/bucket/%2e%2e/%2e%2e/x',
    '/bucket//etc/passwd',
    '/bucket/..\\..\\x',
    '/bucket/a%00b',
  ])('keeps %j inside the bucket', async path => {
    expect((await send({ method: 'PUT', path, body: path })).status).toBe(200)
    expect((await send({ path })).body).toBe(path)
    expect(await readdir(served.dir)).toEqual(['s3'])
    const outside = (await readdir(join(served.dir, 's3'))).filter(
      name => !/^(bucket|host-bucket|\.about|\.tmp)$/.test(name),
    )
    expect(outside).toEqual([])
  })

  it.each(['/../x', '/%2e%2e/x', '/./x', '/.about/x', '/.tmp/x', '/%/x', '/bucket/%ff', '/a%2fb/x', '/BUCKET/x'])(
    'refuses %j',
    async path => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await send({ method, path, body: method === 'PUT' ? 'x' : undefined } as Raw)
        expect(answer.status).toBe(400)
        expect(answer.body).toMatch(/<Code>(InvalidBucketName|InvalidURI)<\/Code>/)
      }
    },
  )

  it('refuses an unknown method with XML', async () => {
    expect(await send({ method: 'PATCH', path: '/bucket/x' })).toMatchObject({
      status: 405,
      body: expect.stringContaining('MethodNotAllowed'),
    })
  })

  it('escapes what it repeats', async () => {
    const { body } = await send({ path: '/bucket/%3Cscript%3E?x=<&' })
    expect(body).toContain('<Code>NoSuchKey</Code>')
    expect(body).not.toContain('<&')
  })

  it.each([
    ['no XML', 'x'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "bb">]><Delete><Object><Key>&b;</Key></Object></Delete>'],
    ['unbalanced elements', '<Delete><Object></Delete>'],
    ['deep nesting', '<a>'.repeat(10_000)],
    ['nothing to delete', '<Delete/>'],
  ])('refuses %s in a DeleteObjects', async (_, body) => {
    const answer = await send({ method: 'POST', path: '/bucket?delete', body })
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('MalformedXML') })
  })

  it('refuses a response header that would break the answer in two', async () => {
    await send({ method: 'PUT', path: '/bucket/x', body: 'v' })
    const answer = await send({ path: '/bucket/x?response-content-type=a%0d%0aX-Own:1' })
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('InvalidArgument') })
    expect(answer.headers).not.toHaveProperty('x-own')
    expect((await send({ path: '/bucket/x?response-content-type=text/plain' })).headers['content-type']).toBe(
      'text/plain',
    )
  })

  it('gives metadata that no header can carry in the encoding of RFC 2047', async () => {
    expect((await send({ method: 'PUT', path: '/bucket/m?x-amz-meta-note=a%0d%0aX-Own:1', body: 'v' })).status).toBe(
      200,
    )
    await served.store.put('bucket', 'u', Buffer.from('v'), { metadata: { name: '日本' } })
    expect((await send({ path: '/bucket/m' })).headers).toMatchObject({
      'x-amz-meta-note': '=?UTF-8?B?YQ0KWC1Pd246MQ==?=',
    })
    expect((await send({ path: '/bucket/u' })).headers).toMatchObject({ 'x-amz-meta-name': '=?UTF-8?B?5pel5pys?=' })
  })

  const chunked = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding': 'aws-chunked' }

  it('decodes signed chunks and keeps the object’s own encoding', async () => {
    const body = '5;chunk-signature=abc\r\nhello\r\n6;chunk-signature=def\r\n world\r\n0;chunk-signature=0\r\n\r\n'
    const headers = { ...chunked, 'content-encoding': 'gzip, aws-chunked', 'x-amz-decoded-content-length': '11' }
    expect((await send({ method: 'PUT', path: '/bucket/signed', headers, body })).status).toBe(200)
    expect(await send({ path: '/bucket/signed' })).toMatchObject({ body: 'hello world' })
  })

  it.each([
    ['a size that is no number', 'z\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['a chunk that is too long', '3\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['an end in the middle', '64\r\nhello', 'IncompleteBody'],
    ['no end', '5\r\nhello\r\n', 'IncompleteBody'],
    ['another decoded length', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'IncompleteBody'],
    ['a wrong trailer', '4\r\nhell\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 'BadDigest'],
    ['a missing trailer', '4\r\nhell\r\n0\r\n\r\n', 'MalformedTrailerError'],
  ])('refuses chunks with %s and stores nothing', async (_, body, code) => {
    const headers = { ...chunked, 'x-amz-trailer': 'x-amz-checksum-crc32', 'x-amz-decoded-content-length': '4' }
    const answer = await send({ method: 'PUT', path: '/bucket/broken', headers, body })
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(code) })
    expect((await send({ path: '/bucket/broken' })).status).toBe(404)
  })

  it('stores nothing when the connection breaks in the middle of an upload', async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(served.server.port, '127.0.0.1', () => {
        socket.write(
          `PUT /bucket/cut HTTP/1.1\r\nHost: 127.0.0.1:${served.server.port}\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(500_000)}`,
        )
        setTimeout(() => socket.resetAndDestroy(), 50)
      })
      socket.on('close', () => resolve())
      socket.on('error', reject)
    })
    await expect
      .poll(async () =>
        (await readdir(join(served.dir, 's3', '.tmp'), { recursive: true })).filter(name => /\/\d+$/.test(name)),
      )
      .toEqual([])
    expect((await send({ path: '/bucket/cut' })).status).toBe(404)
  })
})

describe('the connection', () => {
  it('refuses huge headers', async () => {
    expect((await send({ headers: { 'x-long': 'x'.repeat(100_000) } })).status).toBe(431)
  })

  it('refuses what is not HTTP', async () => {
    expect(await sendText('\u0016\u0003\u0001 hello\r\n\r\n')).toContain('400 Bad Request')
  })

  it('says which port is taken and what to do', async () => {
    const second = startServer({ store: served.store, operations: {}, port: served.server.port })
    await expect(second).rejects.toMatchObject({
      name: 'UserError',
      message: `Port ${served.server.port} is already in use on 127.0.0.1: choose another with --port, or stop the other process.`,
    })
  })

  it('refuses a port that does not exist', async () => {
    await expect(startServer({ store: served.store, operations: {}, port: 65_536 })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
    })
  })

  it('closes at once although a client keeps its connection', async () => {
    const other = await startServer({ store: served.store, operations: {} })
    const answer = await fetch(`http://127.0.0.1:${other.port}/`)
    await answer.text()
    const started = performance.now()
    await other.close()
    expect(performance.now() - started).toBeLessThan(1000)
    await expect(fetch(`http://127.0.0.1:${other.port}/`)).rejects.toThrow('fetch failed')
  })
})

describe('STS', () => {
  it('answers GetCallerIdentity with the account', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const answer = await send({ method: 'POST', headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' })
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<Account>000000000000</Account>') })
    expect(await send({ method: 'POST', headers, body: 'Action=AssumeRole' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('InvalidAction'),
    })
  })
})
