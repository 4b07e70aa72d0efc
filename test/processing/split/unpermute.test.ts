import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Mt19937 } from '../../../processing/split/mt19937.ts'
import { permutation } from '../../../processing/split/shuffle.ts'
import { unpermute } from '../../../processing/split/unpermute.ts'

test('the kernel deals as the permutation does, and leaves the generator where numpy leaves it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 65_536, max: 900_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count, seed) => {
      const byRank = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 251)
      const expected = new Uint8Array(count)
      const judge = new Mt19937(seed)
      permutation(judge, count).forEach((record, rank) => {
        expected[record] = byRank[rank] as number
      })
      const random = new Mt19937(seed)
      expect(Buffer.compare(unpermute(random, count, 256, values => values.set(byRank)) as Uint8Array, expected)).toBe(
        0,
      )
      expect(random.next32()).toBe(judge.next32())
    }),
    { numRuns: 12 },
  )
})

test.each([
  ['it draws at a time', 2 ** 21 + 1000],
  ['whose partners it keeps', 2 ** 23 + 1000],
])('the kernel deals more records than %s', (_, count) => {
  const byRank = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 251)
  const expected = new Uint8Array(count)
  permutation(new Mt19937(23), count).forEach((record, rank) => {
    expected[record] = byRank[rank] as number
  })
  expect(
    Buffer.compare(unpermute(new Mt19937(23), count, 256, values => values.set(byRank)) as Uint8Array, expected),
  ).toBe(0)
})
