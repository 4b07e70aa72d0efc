import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../schemas/problem.ts'
import { awsErrorName, explainAwsError, explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'

/** A place in S3. */
export interface S3Location {
  readonly bucket: string
  readonly key: string
}

/** Takes `s3://bucket/key` apart. @throws UserError for anything else. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  if (match === null) throw new UserError(`"${uri}" is no S3 URI — it has the form s3://bucket/key.`, { exitCode: 2 })
  return { bucket: match[1] as string, key: match[2] as string }
}

/** Uploads bytes. */
export async function putObject(
  clients: Clients,
  object: S3Location & { readonly body: Uint8Array; readonly contentType?: string },
): Promise<void> {
  const { PutObjectCommand } = clients.s3Sdk
  await explainingAws(clients, `S3 PutObject s3://${object.bucket}/${object.key}`, () =>
    clients.s3.send(
      new PutObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        Body: object.body,
        ...(object.contentType === undefined ? {} : { ContentType: object.contentType }),
      }),
    ),
  )
}

/** Uploads a file as a stream, up to the 5 GiB that one PutObject takes. */
export async function uploadFile(clients: Clients, file: string, to: S3Location): Promise<void> {
  const { size } = await stat(file)
  const { PutObjectCommand } = clients.s3Sdk
  await explainingAws(clients, `S3 PutObject s3://${to.bucket}/${to.key}`, () =>
    clients.s3.send(
      new PutObjectCommand({ Bucket: to.bucket, Key: to.key, Body: createReadStream(file), ContentLength: size }),
    ),
  )
}

/** The content of an object as text, or undefined when there is none. For small objects. */
export async function readObject(clients: Clients, from: S3Location): Promise<string | undefined> {
  const body = await getBody(clients, from)
  return body?.transformToString()
}

/**
 * Writes an object to a file, which appears whole or not at all.
 *
 * @returns false when there is no such object.
 */
export async function downloadObject(clients: Clients, from: S3Location, file: string): Promise<boolean> {
  const body = await getBody(clients, from)
  if (body === undefined) return false
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await pipeline(body as unknown as Readable, createWriteStream(temporary))
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
  return true
}

/** An object as a listing names it. */
export interface ListedObject {
  readonly key: string
  readonly bytes: number
}

/**
 * The objects whose keys begin with `from.key`, in the order of their keys.
 *
 * @throws UserError for a bucket that does not exist or may not be listed
 */
export async function* listObjects(clients: Clients, from: S3Location): AsyncGenerator<ListedObject> {
  const { ListObjectsV2Command } = clients.s3Sdk
  let token: string | undefined
  do {
    const page = await explainingAws(clients, `S3 ListObjectsV2 s3://${from.bucket}/${from.key}`, () =>
      clients.s3.send(
        new ListObjectsV2Command({
          Bucket: from.bucket,
          Prefix: from.key,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      ),
    )
    for (const { Key, Size } of page.Contents ?? [])
      if (Key !== undefined && !Key.endsWith('/')) yield { key: Key, bytes: Size ?? 0 }
    token = page.NextContinuationToken
  } while (token !== undefined)
}

async function getBody(clients: Clients, { bucket, key }: S3Location) {
  const { GetObjectCommand } = clients.s3Sdk
  try {
    return (await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body
  } catch (error) {
    if (awsErrorName(error) === 'NoSuchKey' || awsErrorName(error) === 'NoSuchBucket') return undefined
    throw explainAwsError(error, clients, `S3 GetObject s3://${bucket}/${key}`)
  }
}
