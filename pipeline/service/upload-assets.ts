import type { Asset } from '../dsl/asset.ts'
import { awsErrorName, explainAwsError } from './aws-problem.ts'
import type { Clients } from './clients.ts'
import { putObject } from './objects.ts'

/**
 * Uploads the files that a pipeline's steps need, before it is created or updated.
 *
 * A key names its content, so what is there already is not sent again.
 *
 * @returns the S3 URIs that were uploaded
 */
export async function uploadAssets(clients: Clients, assets: readonly Asset[]): Promise<string[]> {
  const uploaded: string[] = []
  for (const { bucket, key, contentType, bytes } of assets) {
    if (await exists(clients, bucket, key)) continue
    await putObject(clients, { bucket, key, contentType, body: await bytes() })
    uploaded.push(`s3://${bucket}/${key}`)
  }
  return uploaded
}

async function exists(clients: Clients, Bucket: string, Key: string): Promise<boolean> {
  const { HeadObjectCommand } = clients.s3Sdk
  try {
    await clients.s3.send(new HeadObjectCommand({ Bucket, Key }))
    return true
  } catch (error) {
    // Without s3:ListBucket a missing object is "forbidden"; the upload then says what is wrong.
    if (/^(NotFound|NoSuchKey|NoSuchBucket|403|Forbidden|AccessDenied|UnknownError)$/.test(awsErrorName(error) ?? ''))
      return false
    throw explainAwsError(error, clients, `S3 HeadObject s3://${Bucket}/${Key}`)
  }
}
