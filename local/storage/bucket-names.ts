import { ServiceError } from '../service-error.ts'

/** Refuses what S3 refuses as a bucket's name; what passes is safe as a folder's name. */
export function checkBucketName(bucket: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..')) return
  throw new ServiceError(
    'InvalidBucketName',
    `The specified bucket is not valid: ${JSON.stringify(bucket)}. A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit.`,
  )
}

/** Refuses what S3 refuses as a key: nothing, more than 1024 bytes, or text that UTF-8 cannot hold. */
export function checkKey(key: string): void {
  const bytes = Buffer.from(key)
  if (bytes.byteLength > 1024) {
    throw new ServiceError('KeyTooLongError', `Your key is too long: ${bytes.byteLength} bytes; the limit is 1024.`)
  }
  if (key === '') throw new ServiceError('InvalidArgument', 'An object key must not be empty.')
  if (bytes.toString() !== key) throw new ServiceError('InvalidURI', 'An object key must be valid Unicode text.')
}
