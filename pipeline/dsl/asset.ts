/**
 * A file that must lie in S3 before a step runs: its code, for example.
 *
 * The key names the content by its digest, so that the same content has the same URI (and a cached step stays cached), and
 * two contents never meet.
 */
export interface Asset {
  readonly bucket: string
  readonly key: string
  readonly contentType: string
  /** The bytes, made when they are uploaded. */
  readonly bytes: () => Promise<Uint8Array>
}

export const assetUri = ({ bucket, key }: Pick<Asset, 'bucket' | 'key'>): string => `s3://${bucket}/${key}`
