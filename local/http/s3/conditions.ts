import type { StoredObject } from '../../storage/stored-object.ts'
import type { Precondition } from '../../storage/stored-object.ts'
import { s3Error } from './s3-error.ts'
import type { S3Request } from './s3-request.ts'

/** `If-Match` and `If-None-Match` of a write; undefined when the request has neither. */
export function writeCondition(request: S3Request): Precondition | undefined {
  const match = request.header('if-match')
  const noneMatch = request.header('if-none-match')
  if (match === undefined && noneMatch === undefined) return undefined
  return current => {
    if (match !== undefined && current === undefined) throw s3Error('NoSuchKey')
    if (match !== undefined && !names(match, current!.etag)) throw s3Error('PreconditionFailed')
    if (noneMatch !== undefined && current !== undefined && names(noneMatch, current.etag))
      throw s3Error('PreconditionFailed')
  }
}

/**
 * The conditions of a read, in the order of RFC 9110.
 *
 * @param prefix `x-amz-copy-source-` for the source of a copy
 * @returns `not-modified` when the client's copy is still good
 */
export function checkRead(request: S3Request, info: StoredObject, prefix = ''): 'not-modified' | undefined {
  const header = (name: string) => request.header(prefix + name)
  const match = header('if-match')
  const noneMatch = header('if-none-match')
  if (match !== undefined && !names(match, info.etag)) throw s3Error('PreconditionFailed')
  if (match === undefined && isAfter(info, header('if-unmodified-since'))) throw s3Error('PreconditionFailed')
  if (noneMatch !== undefined) return names(noneMatch, info.etag) ? 'not-modified' : undefined
  const since = header('if-modified-since')
  return since !== undefined && isAfter(info, since) === false ? 'not-modified' : undefined
}

function names(list: string, etag: string): boolean {
  return list.split(',').some(item => {
    const tag = item
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
    return tag === '*' || tag === etag
  })
}

/** HTTP dates have whole seconds. Undefined when there is no date to compare with. */
function isAfter(info: StoredObject, date: string | undefined): boolean | undefined {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? undefined : Math.floor(info.lastModified.getTime() / 1000) * 1000 > time
}
