import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { FolderStore } from '../../storage/folder-store.ts'
import { readBody } from '../read-body.ts'
import { s3Error } from './s3-error.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** One S3 request, its path taken apart. */
export interface S3Request {
  readonly method: string
  /** Empty for the service itself. */
  readonly bucket: string
  /** Empty for a bucket. */
  readonly key: string
  readonly query: URLSearchParams
  /** A header, or the query parameter that a presigned URL has in its place. */
  readonly header: (name: string) => string | undefined
  readonly body: IncomingMessage
  readonly store: FolderStore
}

/** What a handler answers. */
export interface S3Response {
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly xml?: string
  readonly content?: { readonly body: Readable; readonly sizeBytes: number }
}

/**
 * Bucket and key of a path-style target. The path is taken as it was sent: dots are part of a key and lead nowhere.
 *
 * @param virtualBucket bucket named by the host, whose path is the key alone
 */
export function parseTarget(
  url: string,
  virtualBucket?: string,
): { bucket: string; key: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^https?:\/\/[^/]*/, '').replace(/^\//, '')
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  if (virtualBucket !== undefined) return { bucket: virtualBucket, key: decodePath(path), query }
  const slash = path.indexOf('/')
  if (slash < 0) return { bucket: decodePath(path), key: '', query }
  return { bucket: decodePath(path.slice(0, slash)), key: decodePath(path.slice(slash + 1)), query }
}

/** Percent-decoding that refuses what is not UTF-8. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw s3Error('InvalidURI')
  }
}

/** The XML document of a request. A list of 10,000 parts or 1,000 keys has room. */
export async function readXml(request: S3Request): Promise<XmlElement> {
  return parseXml((await readBody(request.body, 8 * 1024 * 1024)).toString('utf8'))
}

/** `NoSuchBucket` when there is none. */
export async function needBucket(request: S3Request): Promise<void> {
  if (!(await request.store.hasBucket(request.bucket))) throw s3Error('NoSuchBucket')
}
