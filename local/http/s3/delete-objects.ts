import { ServiceError } from '../../service-error.ts'
import { s3Error } from './s3-error.ts'
import { needBucket, readXml, type S3Request, type S3Response } from './s3-request.ts'
import { childText, renderXml } from './xml.ts'

/** Deletes up to 1000 objects; each has its own outcome. */
export async function deleteObjects(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  const document = await readXml(request)
  const isQuiet = childText(document, 'Quiet') === 'true'
  const keys = document.children.filter(child => child.name === 'Object').map(object => childText(object, 'Key') ?? '')
  if (keys.length === 0 || keys.length > 1000) throw s3Error('MalformedXML')
  const deleted: { Key: string }[] = []
  const failed: { Key: string; Code: string; Message: string }[] = []
  for (const key of keys) {
    try {
      await request.store.delete(request.bucket, key)
      deleted.push({ Key: key })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      failed.push({ Key: key, Code: error.code, Message: error.message })
    }
  }
  return { xml: renderXml('DeleteResult', { ...(!isQuiet && { Deleted: deleted }), Error: failed }) }
}
