import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './buckets.ts'
import { copyObject } from './copy.ts'
import { deleteObjects } from './delete-objects.ts'
import { listObjects, listObjectsV2 } from './listing.ts'
import { deleteObject, getObject, headObject, putObject } from './objects.ts'
import { s3Error } from './s3-error.ts'
import type { S3Request, S3Response } from './s3-request.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './uploads.ts'

/** How a request is told to be this operation. */
export interface S3Operation {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly on: 'service' | 'bucket' | 'object'
  /** Query parameter that makes the difference, such as `uploads`. */
  readonly query?: string
  /** True when the request names another object to copy. */
  readonly copies?: boolean
  readonly handle: (request: S3Request) => Promise<S3Response>
}

/** The part of S3 that clients of SageMaker need. A new operation is one entry here and its handler. */
export const s3Operations = {
  ListBuckets: { method: 'GET', on: 'service', handle: listBuckets },
  CreateBucket: { method: 'PUT', on: 'bucket', handle: createBucket },
  HeadBucket: { method: 'HEAD', on: 'bucket', handle: headBucket },
  DeleteBucket: { method: 'DELETE', on: 'bucket', handle: deleteBucket },
  GetBucketLocation: { method: 'GET', on: 'bucket', query: 'location', handle: getBucketLocation },
  GetBucketVersioning: { method: 'GET', on: 'bucket', query: 'versioning', handle: getBucketVersioning },
  ListObjectsV2: { method: 'GET', on: 'bucket', query: 'list-type', handle: listObjectsV2 },
  ListObjects: { method: 'GET', on: 'bucket', handle: listObjects },
  DeleteObjects: { method: 'POST', on: 'bucket', query: 'delete', handle: deleteObjects },
  ListMultipartUploads: { method: 'GET', on: 'bucket', query: 'uploads', handle: listMultipartUploads },
  PutObject: { method: 'PUT', on: 'object', handle: putObject },
  CopyObject: { method: 'PUT', on: 'object', copies: true, handle: copyObject },
  GetObject: { method: 'GET', on: 'object', handle: getObject },
  HeadObject: { method: 'HEAD', on: 'object', handle: headObject },
  DeleteObject: { method: 'DELETE', on: 'object', handle: deleteObject },
  CreateMultipartUpload: { method: 'POST', on: 'object', query: 'uploads', handle: createMultipartUpload },
  UploadPart: { method: 'PUT', on: 'object', query: 'uploadId', handle: uploadPart },
  UploadPartCopy: { method: 'PUT', on: 'object', query: 'uploadId', copies: true, handle: uploadPartCopy },
  CompleteMultipartUpload: { method: 'POST', on: 'object', query: 'uploadId', handle: completeMultipartUpload },
  AbortMultipartUpload: { method: 'DELETE', on: 'object', query: 'uploadId', handle: abortMultipartUpload },
  ListParts: { method: 'GET', on: 'object', query: 'uploadId', handle: listParts },
} satisfies Record<string, S3Operation>

/** Query parameters that name another operation: without an entry above they must not be taken for a plain one. */
const subresources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
]

const operations: readonly S3Operation[] = Object.values(s3Operations)

/** The operation that a request asks for; `NotImplemented` or `MethodNotAllowed` when it is none of the table. */
export function operationOf(request: S3Request): S3Operation {
  const on = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object'
  const copies = request.header('x-amz-copy-source') !== undefined
  const asked = subresources.find(name => request.query.has(name))
  const found = operations.find(
    operation =>
      operation.method === request.method &&
      operation.on === on &&
      operation.query === asked &&
      (operation.copies ?? false) === (copies && request.method === 'PUT'),
  )
  if (found !== undefined) return found
  if (asked === undefined) throw s3Error('MethodNotAllowed')
  throw s3Error(
    'NotImplemented',
    `The local S3 has no ${request.method} ?${asked} on a${on === 'object' ? 'n object' : ` ${on}`}.`,
  )
}
