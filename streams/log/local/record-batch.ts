/** A batch of records as one value of the store, as in Kafka: one key, one copy and one checksum for many records.
 *
 *  Layout, little-endian (LMDB's files are bound to their byte order anyway):
 *    0 crc32 of all that follows   4 version   5 unused   6 keys (u16)   8 records (u32)   12 bytes of key texts (u32)
 *    16 first offset (f64)   24 appended at, UTC micros (f64)   32 watermark before this batch (f64)
 *    40 ends of key texts (u32 each), ends of values (u32 each), number of the key (u16 each), key texts, values
 *
 *  B1  A batch that does not check is never decoded, not even in part.
 *  B2  The watermark is the one that held before the batch: what a reader may rely on that stops short of it. */
import { crc32 } from 'node:zlib'
import type { NewRecord, StoredRecord } from '../log.ts'

const HEADER = 40
const VERSION = 1

/** A batch holds at most this many records, so that the number of a key fits 16 bits. */
export const maxBatchRecords = 65_535
/** A batch ends with the record that brings its values to this size, so that a small read stays small. */
export const batchBytes = 1024 * 1024

/** Where a batch that starts with record `start` ends. */
export function endOfBatch(values: readonly Uint8Array[], start: number): number {
  let bytes = 0
  let end = start
  while (end < values.length && end - start < maxBatchRecords && bytes < batchBytes) {
    bytes += (values[end] as Uint8Array).byteLength
    end++
  }
  return end
}

export interface BatchHead {
  readonly base: number
  readonly appendedAt: number
  readonly watermark: number
}

/** Encodes into memory of its own, used again and again: what it returns is valid until the next call. */
export class BatchEncoder {
  #bytes = Buffer.allocUnsafeSlow(256 * 1024)
  readonly #numbers = new Map<string, number>()
  readonly #keys: string[] = []

  /** Records `start` to `end`; `values` are their values, asked for once. */
  encode(
    records: readonly NewRecord[],
    values: readonly Uint8Array[],
    start: number,
    end: number,
    head: BatchHead,
  ): Buffer {
    const count = end - start
    const numbers = this.#number(records, start, end)
    let keyBytes = 0
    for (const key of this.#keys) keyBytes += Buffer.byteLength(key)
    let total = HEADER + 4 * this.#keys.length + 6 * count + keyBytes
    for (let i = start; i < end; i++) total += (values[i] as Uint8Array).byteLength
    this.#room(total)

    const bytes = this.#bytes
    const view = new DataView(bytes.buffer, 0, total)
    view.setUint8(4, VERSION)
    view.setUint8(5, 0)
    view.setUint16(6, this.#keys.length, true)
    view.setUint32(8, count, true)
    view.setUint32(12, keyBytes, true)
    view.setFloat64(16, head.base, true)
    view.setFloat64(24, head.appendedAt, true)
    view.setFloat64(32, head.watermark, true)
    const keyEnds = HEADER
    const valueEnds = keyEnds + 4 * this.#keys.length
    const keyNumbers = valueEnds + 4 * count
    const keyTexts = keyNumbers + 2 * count
    const valuesAt = keyTexts + keyBytes
    let at = keyTexts
    for (const [i, key] of this.#keys.entries()) {
      at += bytes.write(key, at)
      view.setUint32(keyEnds + 4 * i, at - keyTexts, true)
    }
    for (let i = 0; i < count; i++) {
      const value = values[start + i] as Uint8Array
      bytes.set(value, at)
      at += value.byteLength
      view.setUint32(valueEnds + 4 * i, at - valuesAt, true)
      view.setUint16(keyNumbers + 2 * i, numbers[i] as number, true)
    }
    view.setUint32(0, crc32(bytes.subarray(4, total)), true)
    return bytes.subarray(0, total)
  }

  /** Numbers the keys of the batch in the order in which they come. */
  #number(records: readonly NewRecord[], start: number, end: number): Uint16Array {
    this.#numbers.clear()
    this.#keys.length = 0
    const numbers = new Uint16Array(end - start)
    let last: string | undefined
    let number = 0
    for (let i = start; i < end; i++) {
      const { key } = records[i] as NewRecord
      if (key !== last) {
        const known = this.#numbers.get(key)
        number = known ?? this.#keys.push(key) - 1
        if (known === undefined) this.#numbers.set(key, number)
        last = key
      }
      numbers[i - start] = number
    }
    return numbers
  }

  #room(bytes: number): void {
    if (this.#bytes.byteLength < bytes) this.#bytes = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)))
  }
}

/** A record within the batch that it was read with: its bytes are cut out when they are asked for. */
class BatchedRecord implements StoredRecord {
  readonly offset: number
  readonly key: string
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #end: number
  #value: Uint8Array | undefined

  constructor(offset: number, key: string, bytes: Uint8Array, start: number, end: number) {
    this.offset = offset
    this.key = key
    this.#bytes = bytes
    this.#start = start
    this.#end = end
  }

  get value(): Uint8Array {
    this.#value ??= this.#bytes.subarray(this.#start, this.#end)
    return this.#value
  }
}

export class RecordBatch {
  readonly base: number
  readonly count: number
  readonly appendedAt: number
  readonly watermark: number
  readonly byteLength: number
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #keys: readonly string[]
  readonly #valueEnds: number
  readonly #keyNumbers: number
  readonly #values: number

  /** Undefined where the bytes are not a whole and undamaged batch that starts at `base` (B1). */
  static decode(bytes: Uint8Array, base: number): RecordBatch | undefined {
    if (bytes.byteLength < HEADER) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (view.getUint8(4) !== VERSION || view.getUint32(0, true) !== crc32(bytes.subarray(4))) return undefined
    return view.getFloat64(16, true) === base ? new RecordBatch(bytes, view) : undefined
  }

  private constructor(bytes: Uint8Array, view: DataView) {
    this.base = view.getFloat64(16, true)
    this.count = view.getUint32(8, true)
    this.appendedAt = view.getFloat64(24, true)
    this.watermark = view.getFloat64(32, true)
    this.byteLength = bytes.byteLength
    this.#bytes = bytes
    this.#view = view
    const keyCount = view.getUint16(6, true)
    this.#valueEnds = HEADER + 4 * keyCount
    this.#keyNumbers = this.#valueEnds + 4 * this.count
    const keyTexts = this.#keyNumbers + 2 * this.count
    this.#values = keyTexts + view.getUint32(12, true)
    const keys: string[] = []
    const texts = Buffer.from(bytes.buffer, bytes.byteOffset + keyTexts, this.#values - keyTexts)
    for (let i = 0, from = 0; i < keyCount; i++) {
      const end = view.getUint32(HEADER + 4 * i, true)
      keys.push(texts.toString('utf8', from, end))
      from = end
    }
    this.#keys = keys
  }

  /** The offset after the last record. */
  get end(): number {
    return this.base + this.count
  }

  /** Bytes of the value at `offset`. */
  sizeAt(offset: number): number {
    const i = offset - this.base
    return this.#endOf(i) - (i === 0 ? 0 : this.#endOf(i - 1))
  }

  at(offset: number): StoredRecord {
    const i = offset - this.base
    const key = this.#keys[this.#view.getUint16(this.#keyNumbers + 2 * i, true)] as string
    const start = this.#values + (i === 0 ? 0 : this.#endOf(i - 1))
    return new BatchedRecord(offset, key, this.#bytes, start, this.#values + this.#endOf(i))
  }

  #endOf(i: number): number {
    return this.#view.getUint32(this.#valueEnds + 4 * i, true)
  }
}
