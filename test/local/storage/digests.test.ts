import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32, crc32c, crc64nvme, tabled } from '../../../local/storage/crc.ts'

const digest = (make: typeof crc32, ...chunks: Uint8Array[]) => {
  const running = make()
  for (const chunk of chunks) running.update(chunk)
  return running.digest().toString('hex')
}

// The check values of the catalogue of parametrised CRC algorithms, over "123456789".
const known = {
  crc32: [crc32, 'cbf43926'],
  tabledCrc32: [tabled.crc32, 'cbf43926'],
  crc32c: [crc32c, 'e3069283'],
  crc64nvme: [crc64nvme, 'ae8b14860a799888'],
} as const

describe.each(Object.entries(known))('%s', (_, [make, check]) => {
  it('gives the catalogue’s check value', () => {
    expect(digest(make, Buffer.from('123456789'))).toBe(check)
  })

  it('does not depend on how the content is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (content, at) => {
        expect(digest(make, content.subarray(0, at), content.subarray(at))).toBe(digest(make, content))
      }),
    )
  })
})
