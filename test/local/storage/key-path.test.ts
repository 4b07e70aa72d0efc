import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareUtf8 } from '../../../local/storage/byte-order.ts'
import { decodeName, encodeKey } from '../../../local/storage/key-path.ts'

const text = fc.string({ unit: 'binary', maxLength: 400 }).filter(value => Buffer.from(value).toString() === value)
const odd = fc.constantFrom(
  'a/../../b',
  '..',
  '.',
  '',
  '/',
  'a//b',
  '%',
  'x'.repeat(1000),
  'é'.repeat(90),
  'ä'.repeat(500),
)
const keys = fc.oneof(
  text,
  odd,
  fc.array(fc.constantFrom('a', '.', '..', '', '%2E', 'A', '%+', '%empty')).map(parts => parts.join('/')),
)

describe.each([true, false])('keys as paths (case-sensitive file system: %s)', caseSensitive => {
  it('gives every key names that are safe on any file system', () => {
    fc.assert(
      fc.property(keys, key => {
        const { folders, name } = encodeKey(key, caseSensitive)
        for (const part of [...folders, name]) {
          expect(Buffer.byteLength(part)).toBeGreaterThan(0)
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200)
          expect(['.', '..']).not.toContain(part)
          // oxlint-disable-next-line no-control-regex
          expect(part).not.toMatch(/[/\\\u0000-\u001f:*?"<>|]/)
          if (!caseSensitive) expect(part.replace(/%[0-9A-F]{2}/g, '')).not.toMatch(/[A-Z]/)
        }
      }),
    )
  })

  it('reads the key back from the names', () => {
    fc.assert(
      fc.property(keys, key => {
        const { folders, name } = encodeKey(key, caseSensitive)
        const parts = [...folders, name].map(part => decodeName(part, caseSensitive))
        expect(parts).not.toContain(undefined)
        const back = parts
          .map((part, i) => part!.text + (part!.continues || i === parts.length - 1 ? '' : '/'))
          .join('')
        expect(back).toBe(key)
      }),
    )
  })
})

it('recognises names that are not its own', () => {
  for (const name of ['100%.csv', '%2e', 'a%', '%ZZ', '.', '..', '%41']) expect(decodeName(name)).toBeUndefined()
})

it('compares like the bytes of UTF-8', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
    }),
  )
  expect(compareUtf8('\uffff', '🙂')).toBeLessThan(0)
})
