import type { IncomingHttpHeaders } from 'node:http'

/** Region that a request is meant for; the signature itself is not checked on loopback. @default us-east-1 */
export function regionOf(headers: IncomingHttpHeaders, query: URLSearchParams): string {
  const scope = /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? ''
  // <access key>/<date>/<region>/<service>/aws4_request
  const region = scope.split('/')[2] ?? ''
  return /^[a-z]{2}(-[a-z0-9]+)+$/.test(region) ? region : 'us-east-1'
}
