import type { Readable } from 'node:stream'

/**
 * The two borders inside the local SageMaker: what the engine and the jobs ask of storage, and what the HTTP layer asks
 * of the engine. Everything else of either side is its own affair.
 */

/** Facts about a stored object. */
export interface ObjectInfo {
  readonly bucket: string
  readonly key: string
  readonly sizeBytes: number
  /** Without quotes: md5 of the content, or md5 of the part md5s with `-N` for multipart. */
  readonly etag: string
  readonly lastModified: Date
  readonly contentType?: string
  /** User metadata, keys in lower case. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Checksums as the client sent them, such as `{ CRC32: 'base64' }`. */
  readonly checksums?: Readonly<Record<string, string>>
}

/**
 * S3's semantics on a folder: whole objects appear atomically, keys are byte strings, prefixes are string prefixes.
 * Buckets come into being with their first object.
 */
export interface ObjectStore {
  put(
    bucket: string,
    key: string,
    body: Uint8Array | Readable,
    about?: Pick<ObjectInfo, 'contentType' | 'metadata'>,
  ): Promise<ObjectInfo>
  /** Stores a copy of a file, by copy-on-write where the file system can. */
  putFile(bucket: string, key: string, file: string): Promise<ObjectInfo>
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>
  /** The content as a stream, or undefined when there is no such object. */
  get(bucket: string, key: string): Promise<{ info: ObjectInfo; body: Readable } | undefined>
  /** Writes the content to a file, by copy-on-write where the file system can; the folder must exist. False when there is no such object. */
  getFile(bucket: string, key: string, file: string): Promise<boolean>
  /** Objects whose key starts with `prefix`, in UTF-8 byte order. */
  list(bucket: string, prefix?: string): AsyncIterable<ObjectInfo>
  delete(bucket: string, key: string): Promise<void>
  /** Resolves when every object stored before the call survives a power failure. Cheap when there is none. */
  flush(): Promise<void>
}

/** What an operation learns about its caller. */
export interface CallContext {
  /** From the request's credential scope; `us-east-1` when it has none. */
  readonly region: string
}

/**
 * One SageMaker operation: request members in, response members out, in the shapes of `@aws-sdk/client-sagemaker` with
 * times as `Date`. It throws {@link ServiceError} for what the service would refuse.
 */
export type OperationHandler = (input: never, context: CallContext) => Promise<object>

/** Operation name, such as `CreatePipeline`, to its handler. The HTTP layer answers every other name with `UnknownOperation`. */
export type OperationTable = Readonly<Record<string, OperationHandler>>
