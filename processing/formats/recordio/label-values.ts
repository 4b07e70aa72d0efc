import { MalformedRecord } from '../format.ts'

/**
 * The labels of a record of SageMaker's RecordIO-protobuf, `aialgs.data.Record`: its map `label`, usually of one entry named
 * `values`, and `uid` when it has one. Several values are joined by spaces.
 *
 * @param offset Where the message begins, for sentences.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export function labelValues(message: Uint8Array, offset: number): Map<string, string> {
  const labels = new Map<string, string>()
  for (const { field, value } of fields(message, offset)) {
    if (field === LABEL && value instanceof Uint8Array) {
      const entry = [...fields(value, offset)]
      const key = entry.find(part => part.field === 1)?.value
      const tensor = entry.find(part => part.field === 2)?.value
      labels.set(text(key), tensor instanceof Uint8Array ? tensorText(tensor, offset) : '')
    } else if (field === UID) labels.set('uid', text(value))
  }
  return labels
}

/** Fields of `Record`. */
const LABEL = 2
const UID = 3

type Value = Uint8Array | bigint

interface Field {
  readonly field: number
  readonly value: Value
}

/** The one field of `Value` that is set, by its number. */
const tensors: Readonly<Record<number, (packed: Uint8Array, offset: number) => string[]>> = {
  2: packed => fixed(packed, 4, (view, at) => view.getFloat32(at, true)),
  3: packed => fixed(packed, 8, (view, at) => view.getFloat64(at, true)),
  7: varints,
}

function tensorText(value: Uint8Array, offset: number): string {
  for (const { field, value: tensor } of fields(value, offset)) {
    const read = tensors[field]
    if (read === undefined || !(tensor instanceof Uint8Array)) continue
    return [...fields(tensor, offset)]
      .flatMap(part => {
        if (part.field !== 1) return []
        return part.value instanceof Uint8Array ? read(part.value, offset) : [String(BigInt.asIntN(32, part.value))]
      })
      .join(' ')
  }
  return ''
}

function fixed(packed: Uint8Array, size: number, read: (view: DataView, at: number) => number): string[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  return Array.from({ length: Math.floor(packed.length / size) }, (_, i) => String(read(view, i * size)))
}

function varints(packed: Uint8Array, offset: number): string[] {
  const values: string[] = []
  for (let at = 0; at < packed.length; ) {
    const [value, next] = varint(packed, at, offset)
    values.push(String(BigInt.asIntN(32, value)))
    at = next
  }
  return values
}

/** The fields of a protobuf message in their order; values of 4 and 8 bytes come as these bytes. */
function* fields(message: Uint8Array, offset: number): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const [tag, start] = varint(message, at, offset)
    const wire = Number(tag & 7n)
    if (wire === 0) {
      const [value, next] = varint(message, start, offset)
      yield { field: Number(tag >> 3n), value }
      at = next
      continue
    }
    const [length, from] =
      wire === 2 ? varint(message, start, offset) : [BigInt(wire === 5 ? 4 : wire === 1 ? 8 : -1), start]
    const end = from + Number(length)
    if (length < 0n || end > message.length || at >= end) throw noMessage(offset)
    yield { field: Number(tag >> 3n), value: message.subarray(from, end) }
    at = end
  }
}

/** @returns the value, and where it ends */
function varint(bytes: Uint8Array, at: number, offset: number): [bigint, number] {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[at++]
    if (byte === undefined) break
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return [value, at]
  }
  throw noMessage(offset)
}

function noMessage(offset: number): MalformedRecord {
  return new MalformedRecord(
    offset,
    'the record is no protobuf message of type aialgs.data.Record — write it with sagemaker.amazon.common',
  )
}

function text(value: Value | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value ?? '')
}
