import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from '../service-error.ts'

/**
 * Refuses what a web page of somebody else could send to a port of this machine: names that point here by DNS (rebinding),
 * and requests that a browser makes on behalf of another origin. Clients that are no browsers pass.
 *
 * @returns the bucket of a virtual-hosted request (`bucket.localhost`), which clients send to the endpoint `localhost`
 */
export function checkCaller(headers: IncomingHttpHeaders, method: string, port: number): { bucket?: string } {
  const host = (headers.host ?? '').toLowerCase()
  const match = /^(?:(127\.0\.0\.1|localhost|\[::1\])|([a-z0-9][a-z0-9.-]*)\.localhost)(?::(\d+))?$/.exec(host)
  if (match === null || Number(match[3] ?? 80) !== port) {
    throw new ServiceError(
      'AccessDenied',
      `Host ${JSON.stringify(host)} is not this server. Send requests to http://127.0.0.1:${port}.`,
      403,
    )
  }
  const { origin } = headers
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ServiceError('AccessDenied', `Requests from the web origin ${JSON.stringify(origin)} are refused.`, 403)
  }
  const site = headers['sec-fetch-site']
  // "none": somebody typed the address.
  const isOwn =
    site === undefined || site === 'same-origin' || (site === 'none' && (method === 'GET' || method === 'HEAD'))
  if (!isOwn) {
    throw new ServiceError('AccessDenied', `Browser requests of another site (${site}) are refused.`, 403)
  }
  return match[2] === undefined ? {} : { bucket: match[2] }
}
