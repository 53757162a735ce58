/** The log in memory: for backtests, tests and the simulator. It ends with the process.
 *
 *  M1  Records are kept as the objects that came in; a value that is a getter is never asked for by the log itself.
 *      So `maxRecordBytes` and a read's byte limit count only records that came without their `event`.
 *  M2  A commit runs in one go, without a turn of the event loop: nobody sees half of it (L1, L3).
 *  M3  What was handed in is not copied: a caller leaves a record, its bytes and state values alone afterwards. */
import type { Layout, TopicName } from '@tideway/schemas'
import {
  admitOffset,
  admitPartition,
  admitPartitions,
  admitSize,
  admitStateKeys,
  admitWriterName,
  closedError,
  defaultMaxRecordBytes,
} from '../admission.ts'
import { drawIncarnation } from '../incarnation.ts'
import type { Batch, Commit, Log, PartitionEnds, ReadLimit, Writer, WriterInfo } from '../log.ts'
import { WakeUp } from '../wake-up.ts'
import { MemoryPartition } from './partition.ts'
import { MemoryWriter, WriterShelf } from './writer.ts'

export interface MemoryLogOptions {
  readonly layout: Layout
  /** Drawn where absent. */
  readonly incarnation?: string
  readonly maxRecordBytes?: number
  /** `unread` forgets what all writers that read a partition have read; partitions without readers are kept. A task
   *  that refolds from a snapshot needs `everything`, the default. */
  readonly keep?: 'everything' | 'unread'
}

export class MemoryLog implements Log {
  readonly kind = 'memory'
  readonly incarnation: string
  readonly layout: Layout
  readonly maxRecordBytes: number
  readonly #keep: 'everything' | 'unread'
  readonly #partitions = new Map<TopicName, MemoryPartition[]>()
  readonly #shelves = new Map<string, WriterShelf>()
  readonly #wakeUp = new WakeUp()
  #closed = false

  constructor(options: MemoryLogOptions) {
    this.layout = options.layout
    this.incarnation = options.incarnation ?? drawIncarnation()
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes
    this.#keep = options.keep ?? 'everything'
  }

  get version(): number {
    return this.#wakeUp.version
  }

  async read(topic: TopicName, partition: number, from: number, limit: ReadLimit): Promise<Batch> {
    const place = this.#place(topic, partition)
    admitOffset(topic, partition, from, place.first, place.next)
    return place.read(from, limit)
  }

  async ends(topic: TopicName, partition: number): Promise<PartitionEnds> {
    return this.#place(topic, partition).ends()
  }

  changed(version: number, signal?: AbortSignal): Promise<void> {
    return this.#wakeUp.changed(version, signal)
  }

  async open(writer: string): Promise<Writer> {
    this.#alive()
    admitWriterName(writer)
    const shelf = this.#shelves.get(writer) ?? new WriterShelf(writer)
    this.#shelves.set(writer, shelf)
    return new MemoryWriter(shelf, commit => this.#apply(shelf, commit))
  }

  async writers(): Promise<readonly WriterInfo[]> {
    const shelves = [...this.#shelves.values()].filter(shelf => shelf.commits > 0)
    return shelves.map(shelf => shelf.info()).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Forgets a partition's records below `before`; reads from there are out of range afterwards. */
  trim(topic: TopicName, partition: number, before: number): void {
    this.#place(topic, partition).trim(before)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wakeUp.end(closedError('The log'))
  }

  #apply(shelf: WriterShelf, commit: Commit): void {
    this.#alive()
    admitPartitions(commit, this.layout)
    admitStateKeys(commit)
    for (const { topic, partition, records } of commit.outputs) {
      for (let i = 0; i < records.length; i++) {
        const record = records[i]
        if (record === undefined || record.event !== undefined) continue // M1
        admitSize(record.value.byteLength, this.maxRecordBytes, topic, partition, record.key)
      }
    }
    for (const { topic, partition, records } of commit.outputs) this.#place(topic, partition).append(records)
    for (const { topic, partition, source, time } of commit.watermarks) {
      this.#place(topic, partition).watermarks.set(source, time)
    }
    for (const { topic, partition } of commit.watermarks) this.#place(topic, partition).watermarks.settle()
    shelf.take(commit)
    if (this.#keep === 'unread') this.#dropRead(commit)
    this.#wakeUp.ring()
  }

  #dropRead(commit: Commit): void {
    for (const { topic, partition } of commit.positions) {
      let least = Number.POSITIVE_INFINITY
      for (const shelf of this.#shelves.values()) {
        const offset = shelf.positionOf(topic, partition)
        if (offset !== undefined && offset < least) least = offset
      }
      this.#place(topic, partition).trim(least)
    }
  }

  #place(topic: TopicName, partition: number): MemoryPartition {
    this.#alive()
    const place = this.#partitions.get(topic)?.[partition]
    if (place !== undefined) return place
    admitPartition(topic, partition, this.layout)
    const places = this.#partitions.get(topic) ?? []
    this.#partitions.set(topic, places)
    while (places.length <= partition) places.push(new MemoryPartition())
    return places[partition] as MemoryPartition
  }

  #alive(): void {
    if (this.#closed) throw closedError('The log')
  }
}
