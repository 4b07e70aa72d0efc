import type { ValueSink } from '../../formats/format.ts'

/** Counts the values of a column while records stream by. A class because it grows. */
export class CountedValues implements ValueSink {
  private counts = new Map<string, number>()

  addText(text: string): void {
    this.add(Buffer.from(text).toString('latin1'))
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    this.add(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'))
  }

  addRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.addBytes(bytes, starts[i] as number, stops[i] as number)
  }

  /** What was counted since the last call, by value. */
  take(): Map<string, number> {
    // Latin-1 keeps the bytes apart while they are counted: decoding each value as UTF-8 takes three times as long.
    const taken = new Map([...this.counts].map(([value, count]) => [Buffer.from(value, 'latin1').toString(), count]))
    this.counts = new Map()
    return taken
  }

  private add(value: string): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1)
  }
}
