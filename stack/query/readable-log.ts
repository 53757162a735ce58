/** What questions need of a log: to read it. Answered by the log itself, or by the engine that owns it. */
import type { Event, EventTopic, TopicName } from '@tideway/schemas'
import { eventOf, type Log, type StoredRecord, WireError } from '@tideway/streams'

export type ReadableLog = Pick<Log, 'incarnation' | 'layout' | 'read' | 'ends' | 'writers'>

/** Records from `from` up to `to` (the partition's end where absent), in order; offsets may have gaps. A caller that
 *  stops early has read one batch too much at most. */
export async function* recordsOf(
  log: ReadableLog,
  topic: TopicName,
  partition: number,
  { from = 0, to, batch = 1_000 }: { readonly from?: number; readonly to?: number; readonly batch?: number } = {},
): AsyncGenerator<StoredRecord, void, undefined> {
  const { first, next } = await log.ends(topic, partition)
  const end = Math.min(to ?? next, next)
  for (let offset = Math.max(first, from); offset < end; ) {
    const { records, nextOffset } = await log.read(topic, partition, offset, { records: batch, bytes: 4 << 20 })
    for (const record of records) {
      if (record.offset >= end) return
      yield record
    }
    if (nextOffset <= offset) return
    offset = nextOffset
  }
}

/** The event of a record; undefined where it cannot be decoded: such a record stands among the dead letters. */
export function readableEvent(topic: EventTopic, record: StoredRecord): Event | undefined {
  try {
    return eventOf(topic, record)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

/** Events of one key from an offset on. Records of other keys are not decoded. */
export async function* eventsOfKey(
  log: ReadableLog,
  topic: EventTopic,
  partition: number,
  key: string,
  from: number,
): AsyncGenerator<Event, void, undefined> {
  for await (const record of recordsOf(log, topic, partition, { from })) {
    const event = record.key === key ? readableEvent(topic, record) : undefined
    if (event) yield event
  }
}
