import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { isUserError } from '../../../../schemas/problem.ts'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { removeCases, splitCase } from '../../split/split-case.ts'

afterEach(removeCases)

/** 90 records that Google's protobuf for Python wrote, labels -1, 1 and 7 as float32, float64 and int32; uid u0 to u17. */
const labels = readFileSync(new URL('../../../fixtures/split/labels.rec', import.meta.url))
const options = { strategy: 'kfold', k: 3, shuffle: true, seed: 2, format: 'recordio-protobuf' } as const

/** One part of a record; flag 0 is a record of one part. */
function part(content: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0xced7230a, 0)
  head.writeUInt32LE((flag * 2 ** 29 + content.length) >>> 0, 4)
  return Buffer.concat([head, content, Buffer.alloc((4 - (content.length % 4)) % 4)])
}

/** Records of a file by the framing, one part each. */
function recordsOf(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 8 + Math.ceil(bytes.readUInt32LE(at + 4) / 4) * 4
    found.push(bytes.subarray(at, end))
    at = end
  }
  return found
}

const sorted = (records: readonly Buffer[]) => records.map(record => record.toString('hex')).toSorted()

describe('RecordIO-protobuf', () => {
  test('is stratified by the label, records kept to the byte', async () => {
    const { files, report } = await splitCase(
      { 'd.rec': labels },
      { ...options, strategy: 'stratified-kfold', label: 'values' },
    )
    expect(report.classes).toEqual({ '-1': 30, 1: 30, 7: 30 })
    for (const fold of report.folds) {
      expect(fold.validation.classes).toEqual({ '-1': 10, 1: 10, 7: 10 })
      const both = [`train/${fold.index}`, `validation/${fold.index}`].flatMap(folder => [...files(folder).values()])
      expect(sorted(both.flatMap(recordsOf))).toEqual(sorted(recordsOf(labels)))
    }
    expect([...files('all').keys()]).toEqual(['part-0.rec', 'part-1.rec', 'part-2.rec'])
  })

  test('keeps records of one uid together, and can be compressed and cut', async () => {
    const grouped = { ...options, strategy: 'group-kfold', groups: 'uid', shuffle: false, seed: undefined } as const
    const { report } = await splitCase({ 'd.rec': labels }, grouped)
    expect(report.certificate.groupsKeptTogether).toBe(true)
    const { files } = await splitCase({ 'd.rec': labels }, { ...options, shardSize: 500 })
    expect(files('validation/0').size).toBeGreaterThan(3)
    const all = [...files('all').values()].flatMap(recordsOf)
    expect(sorted(all)).toEqual(sorted(recordsOf(labels)))
  })

  test('of whatever bytes, and in several parts, comes out as it went in', async () => {
    const content = fc.uint8Array({ maxLength: 40 })
    const record = fc.oneof(
      content.map(bytes => part(bytes)),
      // Bytes that look like line ends and byte order marks.
      fc.constantFrom('\n', '\r\n\n', '\uFEFF').map(text => part(Buffer.from(text))),
      fc.tuple(content, content, content).map(([a, b, c]) => Buffer.concat([part(a, 1), part(b, 2), part(c, 3)])),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 4, maxLength: 40 }), async records => {
        const { files, report } = await splitCase(
          { 'd.rec': Buffer.concat(records) },
          { ...options, k: 2, singleFile: true },
        )
        expect(report.records).toBe(records.length)
        expect(files('all').get('part-0-0.rec')).toEqual(Buffer.concat(records))
        const bytes = report.folds.map(({ train, validation }) => train.bytes + validation.bytes)
        expect(bytes).toEqual([0, 1].map(() => Buffer.concat(records).length))
        removeCases()
      }),
      { numRuns: 40 },
    )
  })

  const first = recordsOf(labels)[0] as Buffer
  const stratified = { strategy: 'stratified-kfold', label: 'values' } as const
  test.each<[string, Uint8Array, Partial<SplitOptionsInput>, string]>([
    [
      'a file that ends within a record',
      labels.subarray(0, labels.length - 3),
      {},
      `d.rec, byte ${labels.length - (recordsOf(labels).at(-1)?.length ?? 0)} — the file ends within this record — it was cut off — get the file again`,
    ],
    [
      'a file that ends within the head of a record',
      labels.subarray(0, first.length + 5),
      {},
      `d.rec, byte ${first.length} — the file ends within this record — it was cut off — get the file again`,
    ],
    [
      'something else between the records',
      Buffer.concat([first, Buffer.from('a,b,c\n1,2,3\n')]),
      {},
      `d.rec, byte ${first.length} — no record begins here: there is 0x2c622c61 instead of the magic number 0xced7230a — give a RecordIO file`,
    ],
    [
      'text',
      Buffer.from('a,b,c\n1,2,3\n'),
      {},
      'd.rec, byte 0 — no record begins here: there is 0x2c622c61 instead of the magic number 0xced7230a — give a RecordIO file',
    ],
    [
      'a length that cannot be',
      Buffer.concat([first, Buffer.from('0a23d7ceffffff1f', 'hex')]),
      {},
      `d.rec, byte ${first.length} — the record says that it has 536870911 bytes, more than 32 MiB — check the file`,
    ],
    [
      'parts out of order',
      Buffer.concat([first, part(Buffer.from('x'), 3)]),
      {},
      `d.rec, byte ${first.length} — the parts of a record are out of order (3) — get the file again`,
    ],
    [
      'a record that is no protobuf message',
      Buffer.concat([first, part(Buffer.from([0xff, 0xff, 0xff]))]),
      stratified,
      `d.rec, byte ${first.length} — the record is no protobuf message of type aialgs.data.Record — write it with sagemaker.amazon.common`,
    ],
    [
      'a record without a label',
      Buffer.concat([first, part(new Uint8Array(0))]),
      stratified,
      `d.rec, byte ${first.length} — there is no label "values" — the record has none`,
    ],
    [
      'a label of another name',
      labels,
      { label: 'target' },
      'd.rec, byte 0 — there is no label "target" — the record has "values", "uid"',
    ],
    ['a header', labels, { header: true }, 'format recordio-protobuf has no header — leave out --header'],
  ])('is refused with %s', async (_, bytes, more, sentence) => {
    const error = await splitCase({ 'd.rec': bytes }, { ...options, ...more }).catch((reason: unknown) => reason)
    expect((error as Error).message).toBe(sentence)
    expect(isUserError(error)).toBe(true)
  })
})
