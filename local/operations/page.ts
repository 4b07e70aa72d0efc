import { ServiceError } from '../service-error.ts'

export interface PageRequest {
  readonly NextToken?: string
  readonly MaxResults?: number
}

/**
 * One page of a list, and the token of the next one. The token names the last item given, so that items which come in front
 * meanwhile neither double nor hide any.
 *
 * @param keyOf A text that is the item's own and stays as it is.
 * @throws ServiceError for a token that no list gave.
 */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  keyOf: (item: T) => string,
  defaultSize = 100,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const before = request.NextToken === undefined ? undefined : Buffer.from(request.NextToken, 'base64url').toString()
  const start = before === undefined ? 0 : items.findIndex(item => keyOf(item) === before) + 1
  if (request.NextToken !== undefined && start === 0)
    throw new ServiceError('ValidationException', 'The NextToken is not valid.')
  const size = request.MaxResults ?? defaultSize
  const given = items.slice(start, start + size)
  const last = given.at(-1)
  return {
    items: given,
    ...(last !== undefined && start + size < items.length ? { NextToken: tokenOf(keyOf(last)) } : {}),
  }
}

const tokenOf = (key: string): string => Buffer.from(key).toString('base64url')

/** True for a time in a range that is open at both ends. */
export const isWithin = (time: string, after: Date | undefined, before: Date | undefined): boolean =>
  (after === undefined || Date.parse(time) > after.getTime()) &&
  (before === undefined || Date.parse(time) < before.getTime())

/** Sorted by a text, as the request's SortOrder says. */
export function sorted<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  order: string | undefined,
  byDefault: 'Ascending' | 'Descending',
): T[] {
  const sign = (order ?? byDefault) === 'Ascending' ? 1 : -1
  // The texts are made once per item, not once per comparison.
  const keyed = items.map(item => ({ item, text: textOf(item) }))
  keyed.sort((a, b) => sign * (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return keyed.map(({ item }) => item)
}
