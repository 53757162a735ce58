/** One event by its identity, in a log that is kept by offset.
 *
 *  Within a partition the sequence numbers of a key and source rise, so it is searched by halves: each probe reads on
 *  from the middle to the first record of that key and source. Whatever a probe has passed is never read again, so a
 *  rare key costs one pass over the partition at most.
 *
 *  F1  Only records of the key are decoded.
 *  F2  What retention has taken is told apart from what never was. */
import { type Event, type EventTopic, formatIdentity, type Identity, isTopic } from '@tideway/schemas'
import { isEventTopic, partitionFor } from '@tideway/streams'
import { StackError } from '../errors.ts'
import { type ReadableLog, readableEvent, recordsOf } from './readable-log.ts'

export interface Found {
  readonly event: Event
  readonly partition: number
  readonly offset: number
}

export interface Missing {
  /** `forgotten`: past the topic's retention. `unknown`: it is not, or not yet, in this log. */
  readonly missing: 'forgotten' | 'unknown'
}

/** Records that a probe reads at first; a probe that finds nothing reads on. */
const PROBE = 64

/** Throws StackError `refused` where the topic holds no events. */
export async function findEvent(log: ReadableLog, identity: Identity): Promise<Found | Missing> {
  const topic = eventTopicOf(identity)
  const partition = partitionFor(topic, identity.key, log.layout)
  const { first, next } = await log.ends(topic, partition)
  let low = first
  let high = next
  let sawLater = false
  let sawEarlier = false
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const probe = await probeFrom(log, { topic, partition, identity, from: middle, to: high })
    if (probe === undefined) {
      high = middle
    } else if (probe.event.seq === identity.seq) {
      return probe
    } else if (probe.event.seq < identity.seq) {
      low = probe.offset + 1
      sawEarlier = true
    } else {
      high = middle
      sawLater = true
    }
  }
  return { missing: sawLater && !sawEarlier && first > 0 ? 'forgotten' : 'unknown' } // F2
}

interface Probe {
  readonly topic: EventTopic
  readonly partition: number
  readonly identity: Identity
  readonly from: number
  readonly to: number
}

/** The first record of the key and source in a range. */
async function probeFrom(
  log: ReadableLog,
  { topic, partition, identity, from, to }: Probe,
): Promise<Found | undefined> {
  for await (const record of recordsOf(log, topic, partition, { from, to, batch: PROBE })) {
    if (record.key !== identity.key) continue // F1
    const event = readableEvent(topic, record)
    if (event?.source === identity.source) return { event, partition, offset: record.offset }
  }
  return undefined
}

/** The first offset of a partition whose event has an ingest time of `time` or later; the end where there is none.
 *  Times of a partition that several keys share may run a little backwards: ask for a time before the one you mean. */
export async function offsetAt(log: ReadableLog, topic: EventTopic, partition: number, time: number): Promise<number> {
  const { first, next } = await log.ends(topic, partition)
  let low = first
  let high = next
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    let later: number | undefined
    for await (const record of recordsOf(log, topic, partition, { from: middle, to: high, batch: 1 })) {
      later = readableEvent(topic, record)?.ingestTime
      if (later !== undefined) break
    }
    if (later === undefined || later >= time) high = middle
    else low = middle + 1
  }
  return low
}

function eventTopicOf(identity: Identity): EventTopic {
  const { topic } = identity
  if (isTopic(topic) && isEventTopic(topic)) return topic
  throw new StackError(
    'refused',
    `${formatIdentity(identity)} names no event: "${topic}" is no topic of events.`,
    'Write TOPIC/KEY/SOURCE/SEQ, such as orders/alder/execution/3.',
  )
}
