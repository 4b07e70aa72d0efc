import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchBucket,
  NoSuchKey,
  NoSuchUpload,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from './serve.ts'

let served: Served
let s3: S3Client

beforeAll(async () => {
  served = await serve()
  s3 = served.s3()
})
afterAll(async () => {
  expect(served.logged).toEqual([])
  await served.close()
})

const md5 = (content: Uint8Array | string) => createHash('md5').update(content).digest('hex')

async function put(Bucket: string, Key: string, Body: string | Uint8Array = Key) {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
}

async function read(Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return await Body!.transformToString()
}

describe('buckets', () => {
  it('creates, heads, lists, locates and deletes a bucket', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'made-bucket' }))
    await s3.send(new CreateBucketCommand({ Bucket: 'made-bucket' }))
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'made-bucket' }))).$metadata.httpStatusCode).toBe(200)
    const { Buckets } = await s3.send(new ListBucketsCommand({}))
    expect(Buckets).toContainEqual({ Name: 'made-bucket', CreationDate: expect.any(Date) })
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'made-bucket' }))).LocationConstraint).toBeFalsy()
    await s3.send(new DeleteBucketCommand({ Bucket: 'made-bucket' }))
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'made-bucket' }))).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('keeps a bucket that still holds objects', async () => {
    await put('full-bucket', 'a')
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'full-bucket' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    })
  })

  it('refuses a bucket name that S3 refuses', async () => {
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'Capital' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    })
    await expect(put('a..b', 'k')).rejects.toMatchObject({ name: 'InvalidBucketName' })
  })

  it('makes a bucket with its first object', async () => {
    await put('fresh-bucket', 'k', 'v')
    expect(await read('fresh-bucket', 'k')).toBe('v')
  })
})

describe('objects', () => {
  it('gives back content, type, user metadata and kept headers', async () => {
    const sent = { ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { folds: '5', seed: '23' } }
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'about', Body: 'a,b\n', ...sent }))
    const got = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'about' }))
    expect(got).toMatchObject({ ...sent, ETag, ContentLength: 4, LastModified: expect.any(Date) })
    expect(ETag).toBe(`"${md5('a,b\n')}"`)
    expect(got.ContentEncoding).toBeUndefined()
    expect(await got.Body!.transformToString()).toBe('a,b\n')
  })

  it('stores an empty object', async () => {
    await put('bucket', 'empty', new Uint8Array())
    const got = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'empty' }))
    expect(got.ContentLength).toBe(0)
    expect((await got.Body!.transformToByteArray()).byteLength).toBe(0)
  })

  it.each([
    ['p/x', 'p/x/y'],
    ['a b+c%20d&e=f?g#h', 'häß/日本/🙂'],
    ['..', '../../etc/passwd'],
    ['a/../b', './.'],
    ['double//slash', 'double/'],
    ['/leading', '//'],
    ['x'.repeat(1024), `${'long '.repeat(60)}/${'é'.repeat(150)}`],
    ['con:trol\u0001', 'back\\slash|"<>*'],
    ['%empty', 'x%object'],
  ])('takes keys side by side: %j', async (one, other) => {
    await put('odd-keys', one, 'one')
    await put('odd-keys', other, 'other')
    expect(await read('odd-keys', one)).toBe('one')
    expect(await read('odd-keys', other)).toBe('other')
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'odd-keys', EncodingType: 'url' }))
    const keys = Contents!.map(({ Key }) => decodeURIComponent(Key!))
    expect(keys).toEqual([one, other].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    for (const Key of [one, other]) await s3.send(new DeleteObjectCommand({ Bucket: 'odd-keys', Key }))
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'odd-keys' }))).KeyCount).toBe(0)
  })

  it('refuses a key of more than 1024 bytes', async () => {
    await expect(put('bucket', 'é'.repeat(513))).rejects.toMatchObject({ name: 'KeyTooLongError' })
  })

  it('stores a stream of unknown digest exactly', async () => {
    const content = randomBytes(3_000_000)
    const Body = Readable.from([content.subarray(0, 7), content.subarray(7, 100_000), content.subarray(100_000)])
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'stream', Body, ContentLength: content.byteLength }))
    const got = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'stream' }))
    expect(got.ETag).toBe(`"${md5(content)}"`)
    expect(md5(await got.Body!.transformToByteArray())).toBe(md5(content))
  })

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] satisfies ChecksumAlgorithm[])(
    'checks and gives back a %s checksum',
    async algorithm => {
      const Key = `checksum-${algorithm}`
      const known = {
        CRC32: 'y/Q5Jg==',
        CRC32C: '4waSgw==',
        CRC64NVME: 'rosUhgp5mIg=',
        SHA1: createHash('sha1').update('123456789').digest('base64'),
        SHA256: createHash('sha256').update('123456789').digest('base64'),
      }[algorithm]
      const field = `Checksum${algorithm}` as const
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: '123456789', [field]: known }))
      const got = await s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key, ChecksumMode: 'ENABLED' }))
      expect(got[field]).toBe(known)
      const wrong = {
        CRC32: 'AAAAAA==',
        CRC32C: 'AAAAAA==',
        CRC64NVME: 'AAAAAAAAAAA=',
        SHA1: `${'A'.repeat(27)}=`,
        SHA256: `${'A'.repeat(43)}=`,
      }[algorithm]
      const bad = s3.send(
        new PutObjectCommand({ Bucket: 'bucket', Key: `${Key}-bad`, Body: '123456789', [field]: wrong }),
      )
      await expect(bad).rejects.toMatchObject({ name: 'BadDigest' })
      await expect(read('bucket', `${Key}-bad`)).rejects.toBeInstanceOf(NoSuchKey)
    },
  )

  it('refuses content that is not what Content-MD5 says', async () => {
    const bad = s3.send(
      new PutObjectCommand({
        Bucket: 'bucket',
        Key: 'md5',
        Body: 'x',
        ContentMD5: Buffer.from(md5('y'), 'hex').toString('base64'),
      }),
    )
    await expect(bad).rejects.toMatchObject({ name: 'BadDigest' })
  })

  it('names a missing object and a missing bucket as S3 does', async () => {
    await put('bucket', 'there')
    await expect(read('bucket', 'missing')).rejects.toBeInstanceOf(NoSuchKey)
    await expect(read('no-bucket', 'missing')).rejects.toBeInstanceOf(NoSuchBucket)
    await expect(s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    })
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'no-bucket' }))).rejects.toBeInstanceOf(NoSuchBucket)
  })

  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=3-5', '345', 'bytes 3-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
  ])('answers the range %s', async (Range, content, ContentRange) => {
    await put('bucket', 'digits', '0123456789')
    const got = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'digits', Range }))
    expect(got).toMatchObject({ ContentRange, ContentLength: content.length, $metadata: { httpStatusCode: 206 } })
    expect(await got.Body!.transformToString()).toBe(content)
  })

  it('refuses a range behind the end', async () => {
    await put('bucket', 'digits', '0123456789')
    const Range = 'bytes=10-'
    await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'digits', Range }))).rejects.toMatchObject({
      name: 'InvalidRange',
    })
  })

  it('keeps an object that IfNoneMatch or IfMatch protects', async () => {
    const target = { Bucket: 'bucket', Key: 'guarded' }
    const { ETag } = await s3.send(new PutObjectCommand({ ...target, Body: 'first', IfNoneMatch: '*' }))
    await expect(s3.send(new PutObjectCommand({ ...target, Body: 'x', IfNoneMatch: '*' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(s3.send(new PutObjectCommand({ ...target, Body: 'x', IfMatch: '"other"' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await s3.send(new PutObjectCommand({ ...target, Body: 'second', IfMatch: ETag }))
    expect(await read('bucket', 'guarded')).toBe('second')
  })

  it('lets exactly one of many conditional writers win', async () => {
    const attempts = Array.from({ length: 10 }, (_, i) =>
      s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'race', Body: `writer ${i}`, IfNoneMatch: '*' })),
    )
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('answers 304 and 412 to conditional reads', async () => {
    await put('bucket', 'cached', 'v')
    const { ETag, LastModified } = await s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'cached' }))
    const get = (condition: object) => s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'cached', ...condition }))
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    await expect(get({ IfModifiedSince: LastModified })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    await expect(get({ IfMatch: '"x"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
    expect(await (await get({ IfMatch: ETag })).Body!.transformToString()).toBe('v')
  })

  it('copies with and without new metadata', async () => {
    const Metadata = { a: '1' }
    await s3.send(
      new PutObjectCommand({ Bucket: 'bucket', Key: 'from ä+', Body: 'content', Metadata, ContentType: 'text/plain' }),
    )
    const CopySource = `bucket/${encodeURIComponent('from ä+')}`
    const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ Bucket: 'other-bucket', Key: 'to', CopySource }))
    expect(CopyObjectResult).toMatchObject({ ETag: `"${md5('content')}"`, LastModified: expect.any(Date) })
    const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: 'other-bucket', Key }))
    expect(await head('to')).toMatchObject({ Metadata, ContentType: 'text/plain' })
    const next = { MetadataDirective: 'REPLACE', Metadata: { b: '2' } } as const
    await s3.send(new CopyObjectCommand({ Bucket: 'other-bucket', Key: 'replaced', CopySource, ...next }))
    expect((await head('replaced')).Metadata).toEqual({ b: '2' })
    await expect(
      s3.send(new CopyObjectCommand({ Bucket: 'bucket', Key: 'x', CopySource: 'bucket/missing' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(
      s3.send(new CopyObjectCommand({ Bucket: 'bucket', Key: 'from ä+', CopySource })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' })
  })

  it('deletes one and many, also what is not there', async () => {
    await put('bucket', 'd/1')
    await put('bucket', 'd/<2>&')
    await s3.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'never' }))
    const Objects = ['d/1', 'd/<2>&', 'never'].map(Key => ({ Key }))
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects } }))
    expect(Deleted!.map(({ Key }) => Key)).toEqual(['d/1', 'd/<2>&', 'never'])
    expect(Errors ?? []).toEqual([])
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'd/' }))).KeyCount).toBe(0)
  })

  it('says what it does not have', async () => {
    await expect(s3.send(new GetBucketAclCommand({ Bucket: 'bucket' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    })
  })
})

describe('listing', () => {
  const keys = [
    'a',
    'a-b',
    'a.txt',
    'a/',
    'a/1',
    'a/2/x',
    'a/2/y',
    'a0',
    'b/1',
    'train/1/x',
    'train/10/x',
    '\uffff',
    '🙂',
  ]

  beforeAll(async () => {
    for (const key of keys) await put('listed', key)
  })

  it('lists in the order of UTF-8 bytes', async () => {
    const { Contents, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket: 'listed' }))
    expect(Contents!.map(({ Key }) => Key)).toEqual(keys)
    expect(Contents![0]).toMatchObject({
      Size: 1,
      ETag: `"${md5('a')}"`,
      LastModified: expect.any(Date),
      StorageClass: 'STANDARD',
    })
    expect(IsTruncated).toBe(false)
  })

  it('takes a prefix as a string, not as a folder', async () => {
    const list = async (Prefix: string) =>
      (await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Prefix }))).Contents?.map(({ Key }) => Key)
    expect(await list('train/1')).toEqual(['train/1/x', 'train/10/x'])
    expect(await list('train/1/')).toEqual(['train/1/x'])
    expect(await list('a/')).toEqual(['a/', 'a/1', 'a/2/x', 'a/2/y'])
    expect(await list('nothing')).toBeUndefined()
  })

  it('groups by delimiter', async () => {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/' }))
    expect(page.Contents!.map(({ Key }) => Key)).toEqual(['a', 'a-b', 'a.txt', 'a0', '\uffff', '🙂'])
    expect(page.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['a/', 'b/', 'train/'])
    const inside = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/', Prefix: 'a/' }))
    expect(inside.Contents!.map(({ Key }) => Key)).toEqual(['a/', 'a/1'])
    expect(inside.CommonPrefixes).toEqual([{ Prefix: 'a/2/' }])
    const odd = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '-' }))
    expect(odd.CommonPrefixes).toEqual([{ Prefix: 'a-' }])
  })

  it.each([1, 2, 3, 5])('gives the same in pages of %i, with and without a delimiter', async pageSize => {
    for (const Delimiter of [undefined, '/']) {
      const seen: string[] = []
      for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: 'listed', Delimiter })) {
        expect(page.KeyCount).toBeLessThanOrEqual(pageSize)
        seen.push(
          ...(page.Contents ?? []).map(({ Key }) => Key!),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
        )
      }
      const whole = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter }))
      const expected = [
        ...(whole.Contents ?? []).map(({ Key }) => Key!),
        ...(whole.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
      ]
      expect(seen.sort()).toEqual(expected.sort())
    }
  })

  it('starts after a key, and pages by marker in the first version', async () => {
    const after = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', StartAfter: 'a/2/x', MaxKeys: 2 }))
    expect(after.Contents!.map(({ Key }) => Key)).toEqual(['a/2/y', 'a0'])
    const seen: string[] = []
    for (let Marker: string | undefined; ; ) {
      const page = await s3.send(new ListObjectsCommand({ Bucket: 'listed', Delimiter: '/', MaxKeys: 2, Marker }))
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key!),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
      )
      if (!page.IsTruncated) break
      Marker = page.NextMarker
    }
    expect(seen.sort()).toEqual(['a', 'a-b', 'a.txt', 'a/', 'a0', 'b/', 'train/', '\uffff', '🙂'].sort())
  })

  it('refuses a token that it did not make', async () => {
    const bad = s3.send(new ListObjectsV2Command({ Bucket: 'listed', ContinuationToken: 'made-up' }))
    await expect(bad).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})

describe('multipart', () => {
  const target = { Bucket: 'bucket', Key: 'multi/part' }
  const begin = async (more: object = {}) =>
    (await s3.send(new CreateMultipartUploadCommand({ ...target, ...more }))).UploadId!

  it.each([undefined, 'CRC32', 'SHA256', 'CRC64NVME'] as const)(
    'assembles 20 MB in parts sent out of order (%s)',
    async ChecksumAlgorithm => {
      const content = randomBytes(20_000_000)
      const size = 6_000_000
      const UploadId = await begin({ ChecksumAlgorithm, ContentType: 'application/x-thing', Metadata: { m: '1' } })
      const numbers = [4, 2, 1, 3]
      const parts = await Promise.all(
        numbers.map(async PartNumber => {
          const Body = content.subarray((PartNumber - 1) * size, PartNumber * size)
          const { $metadata: _metadata, ...part } = await s3.send(
            new UploadPartCommand({ ...target, UploadId, PartNumber, Body, ChecksumAlgorithm }),
          )
          expect(part.ETag).toBe(`"${md5(Body)}"`)
          return { ...part, PartNumber }
        }),
      )
      const listed = await s3.send(new ListPartsCommand({ ...target, UploadId }))
      expect(listed.Parts!.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
        [1, size],
        [2, size],
        [3, size],
        [4, 2_000_000],
      ])
      expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' }))).Uploads).toContainEqual(
        expect.objectContaining({ UploadId }),
      )
      const Parts = parts.sort((a, b) => a.PartNumber - b.PartNumber)
      const done = await s3.send(
        new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
      )
      const sums = Buffer.concat(Parts.map(({ ETag }) => Buffer.from(ETag!.replaceAll('"', ''), 'hex')))
      expect(done.ETag).toBe(`"${md5(sums)}-4"`)
      const got = await s3.send(new GetObjectCommand({ ...target, ChecksumMode: 'ENABLED' }))
      expect(got).toMatchObject({ ETag: done.ETag, ContentType: 'application/x-thing', Metadata: { m: '1' } })
      if (ChecksumAlgorithm === 'CRC64NVME') expect(got.ChecksumType).toBe('FULL_OBJECT')
      else if (ChecksumAlgorithm !== undefined) expect(got[`Checksum${ChecksumAlgorithm}`]).toMatch(/-4$/)
      expect(md5(await got.Body!.transformToByteArray())).toBe(md5(content))
      await expect(s3.send(new ListPartsCommand({ ...target, UploadId }))).rejects.toBeInstanceOf(NoSuchUpload)
    },
  )

  it('takes the last content of a part that is sent twice', async () => {
    const UploadId = await begin()
    await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'old' }))
    const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'new' }))
    await s3.send(
      new CompleteMultipartUploadCommand({
        ...target,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    )
    expect(await read('bucket', 'multi/part')).toBe('new')
  })

  it('refuses small, missing, wrong and unordered parts, and leaves the object as it was', async () => {
    await put('bucket', 'multi/part', 'before')
    const UploadId = await begin()
    const upload = async (PartNumber: number) => ({
      PartNumber,
      ETag: (await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body: 'small' }))).ETag,
    })
    const [one, two] = [await upload(1), await upload(2)]
    const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    await expect(complete(one, two)).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete(two, one)).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete(one, { PartNumber: 3, ETag: one.ETag })).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete({ PartNumber: 1, ETag: '"0"' })).rejects.toMatchObject({ name: 'InvalidPart' })
    expect(await read('bucket', 'multi/part')).toBe('before')
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }))
    await expect(complete(one)).rejects.toBeInstanceOf(NoSuchUpload)
    await expect(upload(1)).rejects.toBeInstanceOf(NoSuchUpload)
  })

  it('completes an upload only when its condition holds', async () => {
    await put('bucket', 'multi/part', 'before')
    const UploadId = await begin()
    const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'new' }))
    const complete = (condition: object) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...target,
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
          ...condition,
        }),
      )
    await expect(complete({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await read('bucket', 'multi/part')).toBe('before')
    await complete({ IfMatch: `"${md5('before')}"` })
    expect(await read('bucket', 'multi/part')).toBe('new')
  })

  it('copies ranges of an object as parts', async () => {
    await put('bucket', 'source', randomBytes(6_000_000))
    const UploadId = await begin()
    const copy = async (PartNumber: number, CopySourceRange: string) => {
      const { CopyPartResult } = await s3.send(
        new UploadPartCopyCommand({ ...target, UploadId, PartNumber, CopySource: 'bucket/source', CopySourceRange }),
      )
      return { PartNumber, ETag: CopyPartResult!.ETag }
    }
    const Parts = [await copy(1, 'bytes=0-5500000'), await copy(2, 'bytes=5500001-5999999')]
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    expect((await s3.send(new HeadObjectCommand(target))).ContentLength).toBe(6_000_000)
    const whole = async (Key: string) =>
      md5(await (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }))).Body!.transformToByteArray())
    expect(await whole('multi/part')).toBe(await whole('source'))
  })
})
