import type { StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake } from '../dsl/mistake.ts'

/** Where executions write: a bucket with a prefix, or the whole S3 URI. */
export type OutputPlace = StringValue | { readonly bucket: StringValue; readonly prefix?: StringValue }

/**
 * An S3 URI without a trailing `/`.
 *
 * @param where Names the option in sentences, such as `crossValidation: output`.
 */
export function outputUri(where: string, output: OutputPlace): StringValue {
  if (typeof output === 'string') return output.replace(/\/+$/, '')
  if (!('bucket' in output)) return output
  const { bucket, prefix = '' } = output
  if (typeof bucket === 'string' && bucket.includes('/')) {
    throw mistake(
      `${where}.bucket — "${bucket}" is no bucket name; give the name alone and the rest as prefix, or the whole S3 URI as output.`,
    )
  }
  const folder = typeof prefix === 'string' ? prefix.replace(/^\/+|\/+$/g, '') : prefix
  return folder === '' ? join`s3://${bucket}` : join`s3://${bucket}/${folder}`
}
