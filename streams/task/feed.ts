/** A feed: the edge where something from outside becomes an input event.
 *
 *  It gives each event its identity and stamp, keeps the sequence numbers and the last stamp of every key as part of
 *  its own committed state, and promises with watermarks how far time has come.
 *
 *  N1  The stamp of a key never goes back: a receive time below the last one is raised to it.
 *  N2  No event is stamped below a watermark that the feed has promised; it is raised to it.
 *  N3  What was appended is there with its sequence numbers and the feed's position, or not at all.
 *  N4  One feed may write several sources; each writes its watermark into every partition of its topics.
 *  N5  An event that the log would not take is refused when it is appended, and leaves the feed as it was. A log in
 *      memory has no bytes to count: there nothing is too large. */
import { deserialize, serialize } from 'node:v8'
import {
  type DataOf,
  type Event,
  type EventsOf,
  type EventTopic,
  type Identity,
  partitionsOf,
  stampOfInput,
  type TopicName,
} from '@tideway/schemas'
import { admitSize } from '../log/admission.ts'
import type { Log, NewRecord, Output, Watermark, Writer } from '../log/log.ts'
import { EventRecord } from '../wire/codec.ts'
import { partitionFor } from '../wire/murmur2.ts'

export interface FeedEvent<T extends EventTopic = EventTopic, K extends EventsOf[T] = EventsOf[T]> {
  readonly topic: T
  readonly type: K
  readonly key: string
  readonly source: string
  /** By the party's clock; UTC microseconds. */
  readonly eventTime: number
  /** By our clock, when it arrived; UTC microseconds. */
  readonly receiveTime: number
  readonly causes?: readonly Identity[]
  readonly replayOf?: Identity | null
  readonly data: `${T}/${K}` extends keyof DataOf ? DataOf[`${T}/${K}`] : never
}

interface SavedFeed<P> {
  readonly seqs: Map<string, number>
  readonly lastTimes: Map<string, number>
  readonly watermark: number
  readonly position: P | undefined
}

export class Feed<P = unknown> {
  readonly name: string
  readonly #log: Log
  readonly #topics: readonly TopicName[]
  #writer: Writer
  #seqs = new Map<string, number>()
  #lastTimes = new Map<string, number>()
  #watermark = 0
  #committedWatermark = 0
  #position: P | undefined
  #pending = new Map<string, { topic: TopicName; partition: number; records: NewRecord[] }>()
  #count = 0

  private constructor(name: string, log: Log, topics: readonly TopicName[], writer: Writer) {
    this.name = name
    this.#log = log
    this.#topics = topics
    this.#writer = writer
  }

  /** Takes the feed over and finds its sequence numbers and position. `topics` are those that it promises time for. */
  static async open<P>(name: string, log: Log, topics: readonly TopicName[]): Promise<Feed<P>> {
    const feed = new Feed<P>(name, log, topics, await log.open(name))
    await feed.#restore()
    return feed
  }

  /** What was given to the last successful `commit`. */
  get position(): P | undefined {
    return this.#position
  }

  /** Nothing will be stamped below it. */
  get watermark(): number {
    return this.#watermark
  }

  /** Events appended and not yet committed. */
  get pending(): number {
    return this.#count
  }

  /** Stamps an event and keeps it for the next commit. Throws LogError `record-too-large` (N5). */
  append<T extends EventTopic, K extends EventsOf[T]>(given: FeedEvent<T, K>): Event {
    const { topic, type, key, source, eventTime, receiveTime, causes = [], replayOf = null, data } = given
    const name = `${topic}\u0000${key}\u0000${source}`
    const seq = this.#seqs.get(name) ?? 0
    const ingestTime = Math.max(receiveTime, this.#lastTimes.get(name) ?? 0, this.#watermark)
    const stamp = stampOfInput(topic, ingestTime, key, source, seq)
    const event = {
      topic,
      type,
      key,
      source,
      seq,
      eventTime,
      ingestTime,
      stamp,
      causes,
      replayOf,
      data,
    } as unknown as Event
    const partition = partitionFor(topic, key, this.#log.layout)
    const record = new EventRecord(event)
    const { kind, maxRecordBytes } = this.#log
    if (kind !== 'memory') admitSize(record.value.byteLength, maxRecordBytes, topic, partition, key) // N5
    this.#seqs.set(name, seq + 1)
    this.#lastTimes.set(name, ingestTime)
    this.#keep(topic, partition, record)
    return event
  }

  /** Puts something else beside the events of the next commit, such as a dead letter. */
  appendOutput(output: Output): void {
    for (const record of output.records) this.#keep(output.topic, output.partition, record)
  }

  #keep(topic: TopicName, partition: number, record: NewRecord): void {
    const place = `${topic}/${partition}`
    let group = this.#pending.get(place)
    if (!group) {
      group = { topic, partition, records: [] }
      this.#pending.set(place, group)
    }
    group.records.push(record)
    this.#count++
  }

  /** Promises that nothing will be stamped below `time`; goes out with the next commit. */
  promise(time: number): void {
    if (time > this.#watermark) this.#watermark = time
  }

  /** Commits what was appended, the watermark and the feed's position; nothing where nothing is new, unless `always`
   *  says that the position is. On an error call `recover`. */
  async commit(position: P | undefined = this.#position, always = false): Promise<void> {
    if (!always && this.#count === 0 && this.#watermark === this.#committedWatermark) return
    const saved: SavedFeed<P> = { seqs: this.#seqs, lastTimes: this.#lastTimes, watermark: this.#watermark, position }
    await this.#writer.commit({
      outputs: [...this.#pending.values()],
      watermarks: this.#watermarks(),
      positions: [],
      progress: serialize(saved),
      state: [],
    })
    this.#pending = new Map()
    this.#count = 0
    this.#position = position
    this.#committedWatermark = this.#watermark
  }

  #watermarks(): Watermark[] {
    const source = this.name
    const time = this.#watermark
    return this.#topics.flatMap(topic =>
      Array.from({ length: partitionsOf(topic, this.#log.layout) }, (_, partition) => ({
        topic,
        partition,
        source,
        time,
      })),
    )
  }

  /** Forgets what was not committed and starts again from the last commit; the caller appends again from `position`. */
  async recover(): Promise<void> {
    this.#writer = await this.#log.open(this.name)
    await this.#restore()
  }

  async close(): Promise<void> {
    await this.#writer.close()
  }

  async #restore(): Promise<void> {
    const progress = (await this.#writer.restore())?.progress
    const saved = progress && (deserialize(progress) as SavedFeed<P>)
    this.#seqs = saved?.seqs ?? new Map()
    this.#lastTimes = saved?.lastTimes ?? new Map()
    this.#watermark = saved?.watermark ?? 0
    this.#committedWatermark = this.#watermark
    this.#position = saved?.position
    this.#pending = new Map()
    this.#count = 0
  }
}
