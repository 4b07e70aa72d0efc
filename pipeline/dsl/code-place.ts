import type { Asset } from './asset.ts'
import { mistake, show } from './mistake.ts'

/** Bucket for code, and the folder in it: literal, because an upsert uploads the code. */
export interface CodePlace {
  readonly bucket: string
  /** @default 'foldwise/code' */
  readonly prefix?: string
}

/**
 * A file below its digest, `<prefix>/<sha256>/<name>`.
 *
 * @param call Names the user's call in sentences, such as `scriptTraining: code`.
 * @throws UserError when the bucket is no name of one
 */
export function codeAsset(
  call: string,
  { bucket, prefix = 'foldwise/code' }: CodePlace,
  file: { readonly sha256: string; readonly name: string } & Pick<Asset, 'contentType' | 'bytes'>,
): Asset {
  if (typeof bucket !== 'string' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw mistake(
      `${call}.bucket — ${show(bucket)} is no name of a bucket, and the code is uploaded before a run, so it must be literal; give the bucket's name.`,
    )
  }
  const { sha256, name, contentType, bytes } = file
  const folder = prefix.replace(/^\/+|\/+$/g, '')
  const key = [folder, sha256, name].filter(part => part !== '').join('/')
  return Object.freeze({ bucket, key, contentType, bytes })
}
