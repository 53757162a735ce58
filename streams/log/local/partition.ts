/** One partition of the local log: its head in memory, its batches in the store.
 *
 *  H1  The head (first, next, watermarks) is what the last commit left; a commit works on a copy and swaps it in.
 *  H2  A batch that is missing or does not check ends a read before it, and fails the read that starts there (L6).
 *  H3  What was lost and then repaired is a gap: reads go over it, `nextOffset` with them. */
import type { TopicName } from '@tideway/schemas'
import { LogError } from '../errors.ts'
import type { Batch, PartitionEnds, ReadLimit, StoredRecord } from '../log.ts'
import { SourceWatermarks } from '../source-watermarks.ts'
import { afterBatches, batchKey, offsetOfKey, partitionKey } from './keys.ts'
import { RecordBatch } from './record-batch.ts'
import { sealedJson, unsealedJson } from './row.ts'
import type { Store } from './store.ts'

export interface Head {
  readonly first: number
  readonly next: number
  readonly watermarks: SourceWatermarks
}

/** Offsets `from` to `to - 1`. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** A range that a repair gave up. */
export interface Loss extends Range {
  /** When; UTC microseconds. */
  readonly at: number
}

interface HeadRow {
  readonly first: number
  readonly next: number
  readonly watermark: number
  readonly sources: readonly (readonly [string, number])[]
}

export const emptyHead: Head = { first: 0, next: 0, watermarks: new SourceWatermarks() }

export class LocalPartition {
  readonly topic: TopicName
  readonly partition: number
  /** Key of its row, and prefix of its batches' keys. */
  readonly key: Buffer
  head: Head = emptyHead
  /** Set where the row of the head does not check: the partition cannot be used until it is repaired. */
  headDamaged = false
  losses: readonly Loss[] = []
  readonly #store: Store
  readonly #after: Buffer
  /** The batch that the last read ended in or before: the next read starts there. */
  #last: RecordBatch | undefined

  constructor(store: Store, topic: TopicName, partition: number) {
    this.#store = store
    this.topic = topic
    this.partition = partition
    this.key = partitionKey(topic, partition)
    this.#after = afterBatches(this.key)
    const row = store.partitions.getBinary(this.key)
    if (row !== undefined) {
      const saved = unsealedJson<HeadRow>(row)
      this.headDamaged = saved === undefined
      if (saved) this.head = { ...saved, watermarks: new SourceWatermarks(saved.watermark, saved.sources) }
    }
    const losses = store.losses.getBinary(this.key)
    if (losses !== undefined) this.losses = unsealedJson<Loss[]>(losses) ?? []
  }

  /** Writes the row of a head; within a transaction. */
  saveHead({ first, next, watermarks }: Head): void {
    const row: HeadRow = { first, next, watermark: watermarks.time, sources: [...watermarks.sources] }
    this.#store.partitions.putSync(this.key, sealedJson(row))
  }

  ends(): PartitionEnds {
    this.assertHead()
    return { first: this.head.first, next: this.head.next, watermark: this.head.watermarks.time }
  }

  read(from: number, limit: ReadLimit): Batch {
    const { next, watermarks } = this.head
    const records: StoredRecord[] = []
    let bytes = 0
    let at = from
    let promise = 0
    while (at < next) {
      const batch = this.batchAt(at)
      if (!(batch instanceof RecordBatch)) {
        if (batch.repaired) {
          at = batch.to
          continue
        }
        if (records.length === 0) throw this.damaged(batch)
        return { records, nextOffset: at, watermark: promise } // H2
      }
      promise = batch.watermark
      for (; at < batch.end; at++) {
        if (records.length >= limit.records) return { records, nextOffset: at, watermark: promise }
        bytes += batch.sizeAt(at)
        if (bytes > limit.bytes && records.length > 0) return { records, nextOffset: at, watermark: promise }
        records.push(batch.at(at))
      }
    }
    this.#last = undefined
    return { records, nextOffset: at, watermark: watermarks.time }
  }

  /** The batch that holds `offset`, or the range around it that is lost. */
  batchAt(offset: number): RecordBatch | (Range & { readonly repaired: boolean }) {
    const last = this.#last
    if (last !== undefined && last.base <= offset && offset < last.end) return last
    const base = this.#store.records.doesExist(batchKey(this.key, offset)) ? offset : this.#baseBefore(offset)
    if (base === undefined) return this.#gap(offset)
    const bytes = this.batchBytes(base)
    const batch = bytes && RecordBatch.decode(bytes, base)
    if (batch === undefined) return { from: base, to: this.#baseAfter(base), repaired: false }
    if (offset >= batch.end) return this.#gap(offset, batch.end)
    this.#last = batch
    return batch
  }

  /** First offsets of the batches that are there, whatever their state, in order. */
  bases(): number[] {
    const range = { start: batchKey(this.key, 0), end: this.#after }
    return Array.from(this.#store.records.getKeys(range), offsetOfKey)
  }

  /** Bytes of the batch that starts at `base`, unchecked. */
  batchBytes(base: number): Uint8Array | undefined {
    return this.#store.records.getBinary(batchKey(this.key, base))
  }

  /** Within a transaction. */
  removeBatch(base: number): void {
    this.#last = undefined
    this.#store.records.removeSync(batchKey(this.key, base))
  }

  /** Writes down what was lost, within a transaction. */
  saveLosses(losses: readonly Loss[]): void {
    this.#store.losses.putSync(this.key, sealedJson(losses))
  }

  damaged({ from, to }: Range): LogError {
    const { topic, partition } = this
    return new LogError(
      'damaged',
      `Records ${from} to ${to - 1} of "${topic}" ${partition} are damaged or missing.`,
      `Restore them from a backup, or repair the log and read on from ${to}.`,
      { topic, partition, from, to },
    )
  }

  assertHead(): void {
    if (!this.headDamaged) return
    const { topic, partition } = this
    const remedy = 'Restore the folder from a backup, or repair the log.'
    throw new LogError('damaged', `What is known of "${topic}" ${partition} is damaged.`, remedy, { topic, partition })
  }

  #baseBefore(offset: number): number | undefined {
    const range = { start: batchKey(this.key, offset), end: this.key, reverse: true, limit: 1 }
    for (const key of this.#store.records.getKeys(range)) return offsetOfKey(key)
    return undefined
  }

  /** Where the next batch starts after the one at `base`; the partition's end where there is none. */
  #baseAfter(base: number): number {
    const range = { start: batchKey(this.key, base + 1), end: this.#after, limit: 1 }
    for (const key of this.#store.records.getKeys(range)) return offsetOfKey(key)
    return Math.max(this.head.next, base + 1)
  }

  #gap(offset: number, from = this.head.first): Range & { readonly repaired: boolean } {
    const loss = this.losses.find(range => range.from <= offset && offset < range.to)
    if (loss !== undefined) return { from: loss.from, to: loss.to, repaired: true } // H3
    return { from, to: this.#baseAfter(offset), repaired: false }
  }
}
