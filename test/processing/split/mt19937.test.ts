import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Mt19937 } from '../../../processing/split/mt19937.ts'
import { interval, permutation } from '../../../processing/split/shuffle.ts'

interface Vectors {
  mt19937_raw_uint32_first5: Record<string, number[]>
  legacy_shuffle: { seed: number; n: number; first20: number[]; last5: number[]; checksum: number }[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/split/rng_vectors.json', import.meta.url), 'utf8'),
) as Vectors

describe('the legacy generator of numpy', () => {
  test.each(Object.entries(vectors.mt19937_raw_uint32_first5))('draws the words of RandomState(%s)', (seed, words) => {
    const random = new Mt19937(Number(seed))
    expect(words.map(() => random.next32())).toEqual(words)
  })

  test.each(vectors.legacy_shuffle)('shuffles $n numbers with seed $seed as numpy does', ({ seed, n, ...expected }) => {
    const order = [...permutation(new Mt19937(seed), n)]
    expect(order.slice(0, 20)).toEqual(expected.first20)
    expect(order.slice(-5)).toEqual(expected.last5)
    expect(order.reduce((sum, value, i) => sum + value * (i + 1), 0)).toBe(expected.checksum)
  })

  test('refuses a seed that numpy refuses', () => {
    for (const seed of [-1, 2 ** 32, 1.5])
      expect(() => new Mt19937(seed)).toThrow('Seed must be between 0 and 2**32 - 1')
  })

  test('draws nothing for an interval of one number', () => {
    const random = new Mt19937(0)
    expect(interval(random, 0)).toBe(0)
    expect(random.next32()).toBe(vectors.mt19937_raw_uint32_first5['0']?.[0])
  })
})
