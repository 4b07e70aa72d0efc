import { needBucket, type S3Request, type S3Response } from './s3-request.ts'
import { renderXml } from './xml.ts'

/** Creating a bucket that exists is fine: it is the caller's own. */
export async function createBucket(request: S3Request): Promise<S3Response> {
  request.body.resume()
  await request.store.createBucket(request.bucket)
  return { headers: { location: `/${request.bucket}` } }
}

export async function headBucket(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  return { headers: { 'x-amz-bucket-region': 'us-east-1' } }
}

export async function deleteBucket(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  await request.store.deleteBucket(request.bucket)
  return { status: 204 }
}

export async function listBuckets(request: S3Request): Promise<S3Response> {
  const buckets = await request.store.buckets()
  return {
    xml: renderXml('ListAllMyBucketsResult', {
      Owner: { ID: '000000000000' },
      Buckets: { Bucket: buckets.map(({ name, created }) => ({ Name: name, CreationDate: created })) },
    }),
  }
}

/** Empty stands for us-east-1, as in S3. */
export async function getBucketLocation(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  return { xml: renderXml('LocationConstraint', '') }
}

/** No bucket keeps versions. */
export async function getBucketVersioning(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  return { xml: renderXml('VersioningConfiguration', '') }
}
