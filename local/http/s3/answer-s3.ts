import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { isUserError } from '../../../schemas/problem.ts'
import { ServiceError } from '../../service-error.ts'
import type { FolderStore } from '../../storage/folder-store.ts'
import { operationOf } from './operations.ts'
import { parseTarget, type S3Request, type S3Response } from './s3-request.ts'
import { escapeXml } from './xml.ts'

export interface S3Api {
  readonly store: FolderStore
  /** Takes a line about a defect of ours, with its stack. */
  readonly log: (line: string) => void
}

/** Answers one S3 request. It does not throw: a refusal and a defect are answers. */
export async function answerS3(
  api: S3Api,
  request: IncomingMessage,
  response: ServerResponse,
  options: { requestId: string; virtualBucket?: string },
): Promise<void> {
  try {
    const s3Request = readRequest(api.store, request, options.virtualBucket)
    const answer = await operationOf(s3Request).handle(s3Request)
    await send(answer, response, request.method === 'HEAD')
  } catch (error) {
    // The client has gone, or half of the content is already sent: nothing can be answered any more.
    if (response.headersSent || (request.destroyed && !request.complete)) {
      response.destroy()
      return
    }
    const refusal = refusalOf(error, api.log, `${request.method} ${request.url}`)
    sendError(refusal, request, response, options.requestId)
  }
}

function readRequest(store: FolderStore, request: IncomingMessage, virtualBucket: string | undefined): S3Request {
  const { bucket, key, query } = parseTarget(request.url ?? '/', virtualBucket)
  const header = (name: string) => {
    const value = request.headers[name]
    return (
      (Array.isArray(value) ? value.join(',') : value) ??
      (name.startsWith('x-amz-') ? presigned(query, name) : undefined)
    )
  }
  return { method: request.method ?? 'GET', bucket, key, query, header, body: request, store }
}

function presigned(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) if (key.toLowerCase() === name) return value
  return undefined
}

async function send(answer: S3Response, response: ServerResponse, isHead: boolean): Promise<void> {
  const { status = 200, headers = {}, xml, content } = answer
  if (content !== undefined) {
    try {
      response.writeHead(status, { ...headers, 'content-length': content.sizeBytes })
      await pipeline(content.body, response)
    } finally {
      content.body.destroy()
    }
    return
  }
  const body = xml === undefined ? undefined : Buffer.from(xml)
  const length = isHead || status === 204 || status === 304 ? {} : { 'content-length': body?.byteLength ?? 0 }
  response.writeHead(status, { ...(body && { 'content-type': 'application/xml' }), ...length, ...headers })
  response.end(body)
}

function refusalOf(error: unknown, log: (line: string) => void, what: string): ServiceError {
  if (error instanceof ServiceError) return error
  // A full or read-only disk. 507 is not retried by the SDKs, which would only wait.
  if (isUserError(error)) return new ServiceError('InsufficientStorage', error.message, 507)
  log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new ServiceError(
    'InternalError',
    'The local S3 failed because of a defect of its own; its log has the stack.',
    500,
  )
}

function sendError(error: ServiceError, request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const parts = [
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`,
    `<Resource>${escapeXml(request.url ?? '')}</Resource><RequestId>${requestId}</RequestId>`,
  ]
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${parts.join('')}</Error>`)
  response.writeHead(error.status, { 'content-type': 'application/xml', 'content-length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}
