/** What a task's round leaves: records by partition, watermarks, and the digest that a refold is held against. */
import { crc32 } from 'node:zlib'
import { type Event, type Layout, type Segment, type TopicName, topics } from '@tideway/schemas'
import { admitSize } from '../log/admission.ts'
import type { Log, NewRecord, Output, Watermark } from '../log/log.ts'
import type { EventRecord } from '../wire/codec.ts'
import { partitionFor } from '../wire/murmur2.ts'

export class Outputs {
  readonly #layout: Layout
  readonly #maxRecordBytes: number
  readonly #partitions = new Map<string, number>()

  constructor({ layout, maxRecordBytes }: Pick<Log, 'layout' | 'maxRecordBytes'>) {
    this.#layout = layout
    this.#maxRecordBytes = maxRecordBytes
  }

  /** Throws LogError (`record-too-large`) for what no commit could take. It encodes the record. */
  admit({ event, key, value }: EventRecord): void {
    if (value.byteLength > this.#maxRecordBytes)
      admitSize(value.byteLength, this.#maxRecordBytes, event.topic, this.#partitionOf(event), key)
  }

  /** Records grouped by topic and partition, their order kept. */
  group(records: readonly EventRecord[]): Output[] {
    const groups = new Map<string, { topic: TopicName; partition: number; records: NewRecord[] }>()
    for (const record of records) {
      const { event } = record
      const partition = this.#partitionOf(event)
      const name = `${event.topic}/${partition}`
      let group = groups.get(name)
      if (!group) {
        group = { topic: event.topic, partition, records: [] }
        groups.set(name, group)
      }
      group.records.push(record)
    }
    return [...groups.values()]
  }

  #partitionOf({ topic, key }: Event): number {
    const { per } = topics[topic]
    const name = per === 'symbol' ? key : `${per}\u0000${key}`
    let partition = this.#partitions.get(name)
    if (partition === undefined) {
      partition = partitionFor(topic, key, this.#layout)
      this.#partitions.set(name, partition)
    }
    return partition
  }
}

/** Each stage promises for what it writes. */
export function watermarksOf(segment: Segment, partition: number, time: number): Watermark[] {
  return segment.stages.flatMap(({ stage }) =>
    stage.writes.map(topic => ({ topic, partition, source: stage.name, time })),
  )
}

/** CRC32 over encoded outputs, going on from `digest`. */
export function digestOf(outputs: readonly EventRecord[], digest: number): number {
  let value = digest
  for (const record of outputs) value = crc32(record.value, value)
  return value
}
