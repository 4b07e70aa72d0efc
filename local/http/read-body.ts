import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../service-error.ts'

/** The whole body, refused as soon as it is larger than `limitBytes`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunksOf(request)) {
    bytes += chunk.byteLength
    if (bytes > limitBytes) {
      throw new ServiceError(
        'RequestEntityTooLarge',
        `The request is larger than the limit of ${limitBytes} bytes.`,
        413,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The body's chunks. Who stops in the middle leaves the connection usable for the answer. */
export function chunksOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
}

/**
 * Parses a JSON object; refuses nesting beyond `maxDepth`, so that nothing that walks the value can run out of stack.
 */
export function parseJsonObject(body: Buffer, maxDepth = 64): Record<string, unknown> {
  const text = body.toString('utf8')
  if (text.trim() === '') return {}
  if (depthOf(text) > maxDepth) {
    throw new ServiceError(
      'SerializationException',
      `The request is nested deeper than the limit of ${maxDepth} levels.`,
    )
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ServiceError(
      'SerializationException',
      `The request is not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new ServiceError('SerializationException', 'The request must be a JSON object.')
}

/** Deepest nesting of brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (inString) {
      if (character === backslash) i++
      else if (character === quote) inString = false
    } else if (character === quote) inString = true
    else if (character === openBrace || character === openBracket) deepest = Math.max(deepest, ++depth)
    else if (character === closeBrace || character === closeBracket) depth--
  }
  return deepest
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
