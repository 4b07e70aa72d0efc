import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Agent } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { DescribePipelineExecutionCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../../local/service-error.ts'
import { serve } from './serve.ts'

/** FOLDWISE_FAULTS=500 for a long night. */
const schedules = Number(process.env['FOLDWISE_FAULTS'] ?? 8)
const mebibyte = 1024 * 1024

test(`${schedules} seeded schedules of throttled calls: the client tries again and gets every answer; with too many it is told ThrottlingException`, async () => {
  const left = new Map<string, number>()
  const calls = new Map<string, number>()
  const served = await serve({
    DescribePipelineExecution: async ({ PipelineExecutionArn: arn }: { PipelineExecutionArn: string }) => {
      calls.set(arn, (calls.get(arn) ?? 0) + 1)
      const rest = left.get(arn) ?? 0
      left.set(arn, rest - 1)
      if (rest > 0) throw new ServiceError('ThrottlingException', 'Rate exceeded')
      return { PipelineExecutionArn: arn }
    },
  })
  const throttles = fc.sample(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }), {
    numRuns: schedules,
    seed: 23,
  })
  const one = async (client: SageMakerClient, count: number, id: string): Promise<void> => {
    const arn = `arn:aws:sagemaker:us-east-1:000000000000:pipeline/p/execution/${id}`
    left.set(arn, count)
    const answer = client.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }))
    if (count < 3) expect((await answer).PipelineExecutionArn).toBe(arn)
    else await expect(answer).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
    expect(calls.get(arn)).toBe(Math.min(3, count + 1))
  }
  try {
    // A client per schedule: it stops trying again when it has been throttled too often at all.
    const works = throttles.map((counts, schedule) => {
      const client = served.sagemaker({ maxAttempts: 3 })
      return Promise.all(counts.map((count, call) => one(client, count, `${schedule}x${call}`.padStart(12, '0'))))
    })
    await Promise.all(works)
    expect(served.logged).toEqual([])
  } finally {
    await served.close()
  }
}, 300_000)

/** Passes connections on and resets each after so many bytes from the client; undefined lets it be. */
async function unreliableLine(port: number, resets: (number | undefined)[]): Promise<{ port: number; line: Server }> {
  const line = createServer(client => {
    const after = resets.shift()
    const server: Socket = connect(port, '127.0.0.1')
    let passed = 0
    const drop = (): void => {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    client.on('data', chunk => {
      passed += chunk.byteLength
      if (after !== undefined && passed >= after) drop()
      else server.write(chunk)
    })
    server.on('data', chunk => client.write(chunk))
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('close', () => other.destroy())
      one.on('error', () => other.destroy())
    }
  })
  await new Promise<void>(resolve => line.listen(0, '127.0.0.1', () => resolve()))
  return { port: (line.address() as { port: number }).port, line }
}

/** Connects to another port than the one that the request names. */
function agentTo(port: number): Agent {
  const agent = new Agent({ keepAlive: true })
  agent.createConnection = () => connect(port, '127.0.0.1')
  return agent
}

const reset = fc.option(fc.integer({ min: 1, max: 6 * mebibyte }), { nil: undefined })

test(`${schedules} seeded schedules of connections that are reset in the middle of a part or an object: the object is whole and nothing is left over`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reset, { maxLength: 5 }), fc.integer(), async (resets, salt) => {
      const served = await serve()
      const { port, line } = await unreliableLine(served.server.port, [...resets])
      try {
        const s3 = served.s3({ maxAttempts: 10, requestHandler: { httpAgent: agentTo(port) } })
        const parts = [0, 1].map(number => Buffer.alloc(number === 0 ? 5 * mebibyte : mebibyte, `${salt} ${number} `))
        const small = Buffer.alloc(3 * mebibyte, `small ${salt} `)
        await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'small', Body: small }))
        await upload(s3, parts)
        const digest = async (Key: string): Promise<string> => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
          return createHash('sha256')
            .update((await Body?.transformToByteArray()) ?? new Uint8Array())
            .digest('hex')
        }
        expect(await digest('parts')).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
        expect(await digest('small')).toBe(createHash('sha256').update(small).digest('hex'))
        await expect
          .poll(async () =>
            (await readdir(join(served.dir, 's3/.tmp'), { recursive: true })).filter(name => /\/\d+$/.test(name)),
          )
          .toEqual([])
        expect(await readdir(join(served.dir, 's3/.uploads'))).toEqual([])
        expect(served.logged).toEqual([])
      } finally {
        line.close()
        await served.close()
      }
    }),
    { numRuns: schedules, seed: 23, endOnFailure: true },
  )
}, 600_000)

async function upload(s3: S3Client, bodies: readonly Buffer[]): Promise<void> {
  const target = { Bucket: 'bucket', Key: 'parts' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target))
  const done = await Promise.all(
    bodies.map((Body, index) => s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body }))),
  )
  const Parts = done.map(({ ETag }, index) => ({ PartNumber: index + 1, ETag }))
  await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
}
