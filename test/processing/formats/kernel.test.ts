import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockMemory } from '../../../processing/formats/block-memory.ts'
import { MalformedRecord } from '../../../processing/formats/format.ts'
import type { ValueSink } from '../../../processing/formats/format.ts'
import { formats } from '../../../processing/formats/formats.ts'
import { contentEnd } from '../../../processing/formats/lines.ts'

/** Bytes that matter to the kernel, often enough that its pieces of 64 begin and end in the middle of everything. */
const soup = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('a', 'bc', '1.5', 'é', ' ') },
    { weight: 6, arbitrary: fc.constantFrom(',', ',', '\n', '\r\n') },
    { weight: 2, arbitrary: fc.constantFrom('"x"', '"a,b"', '"a\nb"', '"q""q"', '""') },
    { weight: 1, arbitrary: fc.constantFrom('"', '\r', '\0', '\n\n', 'x'.repeat(70)) },
  ),
  { minLength: 1, maxLength: 120 },
)
/** Rows in order, with a blemish now and then: most records must go the fast way. */
const rows = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('1,a,x\n', '2,"b ""c""\n,",y\n', '33,,z\r\n') },
    { weight: 1, arbitrary: fc.constantFrom('1,"a"b,c\n', '1,2\n', '\n', '5,\r6,7\n', '1,"\0",2\n') },
  ),
  { minLength: 1, maxLength: 40 },
)

const memory = new BlockMemory()

function fill(text: string): { memory: BlockMemory; length: number } {
  const bytes = Buffer.from(text)
  memory.reserve(bytes.length + 1, 0)
  memory.bytes.set(bytes)
  return { memory, length: bytes.length }
}

function naiveEnds(bytes: Uint8Array): number[] {
  const ends: number[] = []
  let quoted = false
  bytes.forEach((byte, i) => {
    if (byte === 0x22) quoted = !quoted
    else if (byte === 0x0a && !quoted) ends.push(i + 1)
  })
  return ends
}

class Values implements ValueSink {
  readonly seen: string[] = []
  addText(text: string): void {
    this.seen.push(text)
  }
  addBytes(bytes: Uint8Array, start: number, end: number): void {
    this.seen.push(Buffer.from(bytes.slice(start, end)).toString())
  }
  addRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.addBytes(bytes, starts[i] as number, stops[i] as number)
  }
}

const json = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.jsonValue({ maxDepth: 4 }).map(value => JSON.stringify({ '0': 1, '1': 'a', '2': true, more: value })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        '0': fc.jsonValue(),
        '1': fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true })),
        '2': fc.boolean(),
      })
      .map(value => JSON.stringify(value, null, 1).replaceAll('\n', ' ')),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.stringMatching(/^(-?[0-9]{1,18}|-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?)$/), {
        maxLength: 6,
      })
      .map(numbers => `{"0":${numbers[0] ?? 1},"1":1,"2":[${numbers.join(',')}],"2":2}`),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '{"0":"é","1":-0,"2":"\\u00e9"}',
      '{"0": 1, "1": 2, "2": {}, "2": "last"} ',
      '{"0":[[{"0":3}]],"1":12345678901234567,"2":null}',
      '{"\\u0030":1,"1":0,"2":false}',
      '[1]',
      '{"source":1,"source-ref":"s3://b/k","0":1,"1":1,"2":1}',
      '7',
    ),
  },
)
/** Lines of JSON, some with a byte taken out or put in. */
const jsonLines = fc.array(
  fc
    .tuple(
      json,
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat() }),
      fc.constantFrom('', ...'{}[]",:\\ 0-.eu\t'),
    )
    .map(([line, place, byte]) => {
      if (place === null) return `${line}\n`
      const at = place % line.length
      return `${line.slice(0, at)}${byte}${line.slice(at + 1)}\n`
    }),
  { minLength: 1, maxLength: 12 },
)

describe('the kernel', () => {
  test.each(['jsonl', 'augmented-manifest'] as const)(
    'calls a line of %s regular only when parsing it finds nothing',
    name => {
      let fast = 0
      let slow = 0
      fc.assert(
        fc.property(jsonLines, fc.constantFrom([], ['0'], ['1'], ['2', '0'], ['1', '1']), (lines, columns) => {
          const { memory, length } = fill(lines.join(''))
          const codec = formats[name].open({ header: false, columns })
          const judge = formats[name].open({ header: false, columns })
          const count = codec.scan(memory, 0, length)
          expect(count).toBe(lines.length)
          const { bytes, ends } = memory
          let start = 0
          for (let i = 0; i < count; i++) {
            const ours = columns.map(() => new Values())
            const theirs = columns.map(() => new Values())
            const run = codec.inspectRun(memory, i, i + 1, ours)
            if (run === 1) judge.inspect(bytes, start, contentEnd(bytes, start, ends[i] as number), theirs)
            expect(ours).toEqual(theirs)
            fast += run
            slow += 1 - run
            start = ends[i] as number
          }
        }),
        { numRuns: 1500 },
      )
      expect(fast).toBeGreaterThan(100)
      expect(slow).toBeGreaterThan(100)
    },
  )

  test('knows which lists of numbers are JSON, wherever a look at 64 bytes ends', () => {
    const codec = formats.jsonl.open({ header: false, columns: [] })
    let lists = ['']
    const all = Array.from({ length: 5 }, () => (lists = lists.flatMap(list => [...'01.,-'].map(byte => list + byte))))
    const numbers = '3.25,-10,0.5,7,-0.125,123456,'.repeat(6)
    // A list that is wrong alone may be the rest of a right number.
    const before = ['', ',', numbers.slice(-30), ...[57, 58, 59, 60, 61, 62, 63, 64].map(size => numbers.slice(-size))]
    for (const prefix of before) {
      const lines = all.flat().map(list => `{"a":[${prefix}${list}${list.length % 2 === 0 ? '' : ',2.5e3, 1'}]}\n`)
      for (let from = 0; from < lines.length; from += 1000) {
        const some = lines.slice(from, from + 1000)
        const { memory, length } = fill(some.join(''))
        expect(codec.scan(memory, 0, length)).toBe(some.length)
        const wrong = some.filter((line, i) => isJson(line) !== (codec.inspectRun(memory, i, i + 1, []) === 1))
        expect(wrong).toEqual([])
      }
    }
  })

  test('finds the ends of records outside quotes, and of lines', () => {
    fc.assert(
      fc.property(soup, parts => {
        const { memory, length } = fill(parts.join(''))
        const bytes = memory.bytes.slice(0, length)
        const csv = formats.csv.open({ header: false, columns: [] })
        expect([...memory.ends.subarray(0, csv.findEnds(memory, 0, length))]).toEqual(naiveEnds(bytes))
        const lines = formats.text.open({ header: false, columns: [] })
        expect([...memory.ends.subarray(0, lines.findEnds(memory, 0, length))]).toEqual(
          [...bytes.keys()].filter(i => bytes[i] === 0x0a).map(i => i + 1),
        )
      }),
      { numRuns: 500 },
    )
  })

  test.each([soup, rows])(
    'calls a record regular only when its inspection finds nothing, and sees the same values',
    parts => {
      let fast = 0
      fc.assert(
        fc.property(parts, fc.constantFrom([], ['0'], ['1'], ['2', '0']), (parts, columns) => {
          const { memory, length } = fill(parts.join(''))
          const codec = formats.csv.open({ header: false, columns })
          const judge = formats.csv.open({ header: false, columns })
          const count = codec.scan(memory, 0, length)
          const { bytes, ends } = memory
          expect([...ends.subarray(0, count)]).toEqual(naiveEnds(bytes.slice(0, length)))
          const ours = columns.map(() => new Values())
          const theirs = columns.map(() => new Values())
          for (let i = 0; i < count; ) {
            const run = codec.inspectRun(memory, i, count, ours)
            fast += run
            const from = (at: number) => (at === 0 ? 0 : (ends[at - 1] as number))
            for (let at = i; at < i + run; at++)
              judge.inspect(bytes, from(at), contentEnd(bytes, from(at), ends[at] as number), theirs)
            expect(ours.map(({ seen }) => seen)).toEqual(theirs.map(({ seen }) => seen))
            if (run === 0) {
              const end = contentEnd(bytes, from(i), ends[i] as number)
              for (const [reader, sinks] of [
                [codec, ours],
                [judge, theirs],
              ] as const)
                try {
                  if (end > from(i)) reader.inspect(bytes, from(i), end, sinks)
                } catch (error) {
                  if (!(error instanceof MalformedRecord) && (error as Error).name !== 'UserError') throw error
                  return
                }
            }
            i += Math.max(run, 1)
          }
        }),
        { numRuns: 1000 },
      )
      expect(fast).toBeGreaterThan(100)
    },
  )

  test('goes on where the room for record ends was used up', () => {
    const { memory, length } = fill('1\n'.repeat(300_000))
    const codec = formats.csv.open({ header: false, columns: [] })
    expect(codec.scan(memory, 0, length)).toBe(memory.capacity)
    expect(codec.findEnds(memory, 0, length)).toBe(memory.capacity)
  })
})

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
