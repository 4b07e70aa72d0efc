import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Served, serve } from './serve.ts'

let served: Served

beforeAll(async () => {
  served = await serve()
})
afterAll(async () => {
  expect(served.logged).toEqual([])
  await served.close()
})

const mebibyte = 1024 * 1024
const temporary = async () =>
  (await readdir(join(served.dir, 's3/.tmp'), { recursive: true })).filter(name => /\/\d+$/.test(name))

/** Sends the beginning of a request and resets the connection. */
function sendAndReset(path: string, declaredBytes: number, sentBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(served.server.port, '127.0.0.1', () => {
      const head = `PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1:${served.server.port}\r\nContent-Length: ${declaredBytes}\r\n\r\n`
      socket.write(head)
      socket.write(Buffer.alloc(sentBytes), () => setTimeout(() => socket.resetAndDestroy(), 20))
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

it('forgets a part whose connection was reset in the middle, and takes it again', async () => {
  const s3 = served.s3()
  const target = { Bucket: 'bucket', Key: 'reset' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target))
  const upload = (PartNumber: number, Body: Uint8Array) =>
    s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
  const first = await upload(1, Buffer.alloc(5 * mebibyte, 1))
  for (const sent of [0, 1, mebibyte, 5 * mebibyte - 1]) {
    await sendAndReset(`/bucket/reset?partNumber=1&uploadId=${UploadId}`, 5 * mebibyte, sent)
    await sendAndReset(`/bucket/reset?partNumber=2&uploadId=${UploadId}`, 5 * mebibyte, sent)
  }
  await expect.poll(temporary).toEqual([])
  const { Parts } = await s3.send(new ListPartsCommand({ ...target, UploadId }))
  expect(Parts!.map(({ PartNumber, ETag }) => [PartNumber, ETag])).toEqual([[1, first.ETag]])
  const second = await upload(2, Buffer.alloc(10, 2))
  const parts = [first, second].map(({ ETag }, i) => ({ PartNumber: i + 1, ETag }))
  await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }))
  const { Body } = await s3.send(new GetObjectCommand(target))
  const content = Buffer.concat([Buffer.alloc(5 * mebibyte, 1), Buffer.alloc(10, 2)])
  expect(content.equals(await Body!.transformToByteArray())).toBe(true)
})

it('goes on when clients leave in the middle of a download', async () => {
  await served.store.put('bucket', 'left', Buffer.alloc(20 * mebibyte))
  const before = (await readdir('/proc/self/fd').catch(() => [])).length
  await Promise.all(
    Array.from(
      { length: 20 },
      () =>
        new Promise<void>(resolve => {
          const leaving = request(
            { host: '127.0.0.1', port: served.server.port, path: '/bucket/left', agent: false },
            response => {
              response.once('data', () => leaving.destroy())
              response.once('close', () => resolve())
              response.on('error', () => undefined)
            },
          )
          leaving.end()
        }),
    ),
  )
  await expect.poll(async () => (await readdir('/proc/self/fd').catch(() => [])).length).toBeLessThan(before + 10)
  const { Body } = await served.s3().send(new GetObjectCommand({ Bucket: 'bucket', Key: 'left' }))
  expect((await Body!.transformToByteArray()).byteLength).toBe(20 * mebibyte)
})

it('streams 200 MB in and out in far less memory', { timeout: 120_000 }, async () => {
  const chunk = Buffer.alloc(mebibyte, 'foldwise')
  const count = 200
  const expected = createHash('md5')
  for (let i = 0; i < count; i++) expected.update(chunk)
  const peak = { bytes: 0 }
  const before = process.memoryUsage.rss()
  const timer = setInterval(() => (peak.bytes = Math.max(peak.bytes, process.memoryUsage.rss())), 10)
  const url = { host: '127.0.0.1', port: served.server.port, path: '/bucket/large', agent: false }
  const body = Readable.from(Array.from({ length: count }, () => chunk))
  const etag = await new Promise<unknown>((resolve, reject) => {
    const upload = request({ ...url, method: 'PUT', headers: { 'content-length': count * mebibyte } }, response => {
      response.resume().on('end', () => resolve(response.headers.etag))
    })
    upload.on('error', reject)
    body.pipe(upload)
  })
  const received = await new Promise<string>((resolve, reject) => {
    const hash = createHash('md5')
    request(url, response => {
      response.on('data', (data: Buffer) => hash.update(data)).on('end', () => resolve(hash.digest('hex')))
    })
      .on('error', reject)
      .end()
  })
  clearInterval(timer)
  expect(received).toBe(expected.digest('hex'))
  expect(etag).toBe(`"${received}"`)
  // Client and server are one process here. Holding the object anywhere would take 200 MB.
  expect((peak.bytes - before) / mebibyte).toBeLessThan(120)
})
