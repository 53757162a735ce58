/** One partition in memory. Hot: a backtest pushes a million records a second through here.
 *
 *  P1  A record that comes with `offset: -1` is kept as it is and given its offset; any other is wrapped once.
 *  P2  `value` is never touched where the record has its `event`: it may be a getter that encodes.
 *  P3  The watermark handed out with a batch is the one that held before the first record that it leaves out. */
import type { Batch, NewRecord, PartitionEnds, ReadLimit, StoredRecord } from '../log.ts'
import { SourceWatermarks } from '../source-watermarks.ts'

/** Records in a chunk; chunks are dropped whole. A power of two. */
const CHUNK = 4096

/** A record that takes its place when it is appended: spares a wrapper for each (P1). */
export interface PlaceableRecord extends NewRecord {
  /** -1 until it is appended; a record is appended once. */
  offset: number
}

class PlacedRecord implements StoredRecord {
  readonly offset: number
  readonly key: string
  readonly event: NonNullable<NewRecord['event']>
  readonly #record: NewRecord

  constructor(offset: number, record: NewRecord) {
    this.offset = offset
    this.key = record.key
    // A record without an event gives undefined here, which readers take for an absent one.
    this.event = record.event as NonNullable<NewRecord['event']>
    this.#record = record
  }

  get value(): Uint8Array {
    return this.#record.value
  }
}

/** The watermark that held when the record at `offset` was appended. */
interface Mark {
  readonly offset: number
  readonly time: number
}

export class MemoryPartition {
  first = 0
  next = 0
  readonly watermarks = new SourceWatermarks()
  /** `#chunks[0]` starts at `#base`, a multiple of CHUNK. */
  #base = 0
  #chunks: StoredRecord[][] = []
  #marks: Mark[] = []

  append(records: readonly NewRecord[]): void {
    if (records.length === 0) return
    const { time } = this.watermarks
    if (this.#marks.at(-1)?.time !== time) this.#marks.push({ offset: this.next, time })
    let chunk = this.#chunks.at(-1)
    let next = this.next
    for (let i = 0; i < records.length; i++) {
      if (chunk === undefined || (next & (CHUNK - 1)) === 0) {
        chunk = []
        this.#chunks.push(chunk)
      }
      const record = records[i] as NewRecord
      if ((record as PlaceableRecord).offset === -1) {
        ;(record as PlaceableRecord).offset = next // P1
        chunk.push(record as PlaceableRecord)
      } else chunk.push(new PlacedRecord(next, record))
      next++
    }
    this.next = next
  }

  read(from: number, limit: ReadLimit): Batch {
    const records = this.#take(from, limit)
    const nextOffset = from + records.length
    return {
      records,
      nextOffset,
      watermark: nextOffset === this.next ? this.watermarks.time : this.#before(nextOffset),
    }
  }

  ends(): PartitionEnds {
    return { first: this.first, next: this.next, watermark: this.watermarks.time }
  }

  /** Forgets what lies below `before`. */
  trim(before: number): void {
    this.first = Math.max(this.first, Math.min(before, this.next))
    let chunks = 0
    while (chunks < this.#chunks.length - 1 && this.#base + CHUNK * (chunks + 1) <= this.first) chunks++
    if (chunks === 0) return
    this.#chunks = this.#chunks.slice(chunks)
    this.#base += CHUNK * chunks
    let marks = 0
    while ((this.#marks[marks + 1]?.offset ?? Number.POSITIVE_INFINITY) <= this.first) marks++
    this.#marks = this.#marks.slice(marks)
  }

  #take(from: number, limit: ReadLimit): StoredRecord[] {
    const most = Math.min(limit.records, this.next - from)
    const taken: StoredRecord[] = []
    let bytes = 0
    while (taken.length < most) {
      const at = from + taken.length - this.#base
      const chunk = this.#chunks[Math.floor(at / CHUNK)]
      if (chunk === undefined) return taken
      const start = at & (CHUNK - 1)
      const end = Math.min(chunk.length, start + most - taken.length)
      for (let i = start; i < end; i++) {
        const record = chunk[i] as StoredRecord
        if (record.event === undefined) {
          bytes += record.value.byteLength // P2
          if (bytes > limit.bytes && taken.length > 0) return taken
        }
        taken.push(record)
      }
    }
    return taken
  }

  /** P3: records are few per batch and marks fewer still, so the search is by halves. */
  #before(offset: number): number {
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#marks[middle] as Mark).offset <= offset) low = middle + 1
      else high = middle
    }
    return this.#marks[low - 1]?.time ?? 0
  }
}
