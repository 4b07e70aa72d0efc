/** `s3://bucket/key` taken apart; undefined when it is no S3 URI. The key may be empty. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(uri)
  return match === null ? undefined : { bucket: match[1] as string, key: match[2] ?? '' }
}

/** An S3 URI with one more part: exactly one slash in between. */
export const joinS3Uri = (uri: string, ...parts: readonly string[]): string =>
  [uri.replace(/\/+$/, ''), ...parts].join('/')
