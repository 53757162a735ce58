/** One partition that a task reads: records fetched ahead, waiting for the task's turn.
 *
 *  I1  `promise` covers what is buffered: no record with a time below it will be fetched after these.
 *  I2  Taking up to a time takes every buffered entry below it, wherever it stands in the partition.
 *  I3  Entries below the frontier of the last commit were folded before and are skipped (a partition with several
 *      sources is not read in stamp order).
 *  I4  A record that cannot be decoded has no time: it takes the latest before it, and is taken with or after all that
 *      stands before it. So one at or after `position` was never taken, and is not skipped.
 *  I5  Reading ahead ends once there is enough that can be taken: what lies above the promise never holds it up, or a
 *      commit larger than a read would wait for itself. */
import type { Event, EventTopic } from '@tideway/schemas'
import type { Log, ReadLimit, StoredRecord } from '../log/log.ts'
import { eventOf, peekIngestTime, WireError } from '../wire/codec.ts'

export class Input {
  readonly topic: EventTopic
  readonly partition: number
  /** Taken as it arrives, whatever its stamp. */
  readonly prompt: boolean
  promise = 0

  // What is buffered, from `#head` on: records and their times.
  #records: StoredRecord[] = []
  #times: number[] = []
  #head = 0
  #sorted = true
  #lastTime = 0
  #fetchOffset = 0
  #skipBelow = 0
  /** Why records cannot be decoded, by offset. */
  readonly #poison = new Map<number, WireError>()

  constructor(topic: EventTopic, partition: number, prompt = false) {
    this.topic = topic
    this.partition = partition
    this.prompt = prompt
  }

  /** Offset up to which records have been fetched. */
  get fetched(): number {
    return this.#fetchOffset
  }

  get buffered(): number {
    return this.#records.length - this.#head
  }

  /** Where a restart goes on: the first record not taken. */
  get position(): number {
    if (this.#sorted || this.prompt) return this.#records[this.#head]?.offset ?? this.#fetchOffset
    let least = this.#fetchOffset
    for (let at = this.#head; at < this.#records.length; at++)
      least = Math.min(least, this.#records[at]?.offset ?? least)
    return least
  }

  /** Goes to an offset and skips what lies below a time (I3). */
  seek(offset: number, skipBelow: number): void {
    this.#empty()
    this.#poison.clear()
    this.#lastTime = 0
    this.#fetchOffset = offset
    this.#skipBelow = this.prompt ? 0 : skipBelow
    this.promise = 0
  }

  #empty(): void {
    this.#records = []
    this.#times = []
    this.#head = 0
    this.#sorted = true
  }

  /** Reads one batch ahead; true when it brought records or a later promise. */
  async fetch(log: Log, limit: ReadLimit, wants: (topic: EventTopic, key: string) => boolean): Promise<boolean> {
    if (this.buffered >= limit.records && this.hasBelow(this.promise)) return false // I5
    const batch = await log.read(this.topic, this.partition, this.#fetchOffset, limit)
    for (const record of batch.records) this.#buffer(record, wants)
    const moved = batch.nextOffset !== this.#fetchOffset || batch.watermark > this.promise
    this.#fetchOffset = batch.nextOffset
    if (batch.watermark > this.promise) this.promise = batch.watermark
    return moved
  }

  #buffer(record: StoredRecord, wants: (topic: EventTopic, key: string) => boolean): void {
    let time = this.#lastTime
    try {
      if (record.event || wants(this.topic, record.key)) time = eventOf(this.topic, record).ingestTime
      else time = peekIngestTime(this.topic, record.value)
      if (time < this.#skipBelow) return
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#poison.set(record.offset, error)
    }
    if (time < this.#lastTime) this.#sorted = false
    else this.#lastTime = time
    this.#records.push(record)
    this.#times.push(time)
  }

  /** Whether anything below `time` waits. */
  hasBelow(time: number): boolean {
    return this.#sorted ? this.buffered > 0 && this.timeAt(0) < time : this.reach(time) > 0
  }

  /** How many of the first buffered records lie below `time`; those that do come first from now on (I2). */
  reach(time: number): number {
    if (!this.#sorted) this.#bringForward(time)
    let at = this.#head
    while (at < this.#times.length && (this.#times[at] ?? 0) < time) at++
    return at - this.#head
  }

  /** How many of the first buffered records stand before `offset`. */
  reachOffset(offset: number): number {
    let at = this.#head
    while (at < this.#records.length && (this.#records[at]?.offset ?? 0) < offset) at++
    return at - this.#head
  }

  /** Puts what lies below `time` before the rest, offset order kept in both. */
  #bringForward(time: number): void {
    const order = Array.from({ length: this.buffered }, (_, at) => this.#head + at)
    const below = order.filter(at => (this.#times[at] ?? 0) < time)
    const rest = order.filter(at => (this.#times[at] ?? 0) >= time)
    const places = [...below, ...rest]
    const records = this.#records
    const times = this.#times
    this.#records = places.flatMap(at => records[at] ?? [])
    this.#times = places.map(at => times[at] ?? 0)
    this.#head = 0
  }

  /** The n-th buffered record. */
  recordAt(n: number): StoredRecord | undefined {
    return this.#records[this.#head + n]
  }

  timeAt(n: number): number {
    return this.#times[this.#head + n] ?? 0
  }

  /** Lets the first `count` records go. */
  drop(count: number): void {
    if (this.#poison.size > 0) for (let n = 0; n < count; n++) this.#poison.delete(this.recordAt(n)?.offset ?? -1)
    this.#head += count
    if (this.#head === this.#records.length) this.#empty()
    else if (this.#head > 4096) {
      this.#records = this.#records.slice(this.#head)
      this.#times = this.#times.slice(this.#head)
      this.#head = 0
    }
  }

  /** Takes the event at an offset out of what is buffered; undefined where it is not there or not readable. */
  takeAt(offset: number): Event | undefined {
    for (let at = this.#head; at < this.#records.length; at++) {
      const record = this.#records[at]
      if (record?.offset !== offset) continue
      if (at === this.#head) this.#head++
      else {
        this.#records.splice(at, 1)
        this.#times.splice(at, 1)
      }
      return this.decode(record)
    }
    return undefined
  }

  /** The event of a record; undefined where it cannot be decoded (`whyNot`). */
  decode(record: StoredRecord): Event | undefined {
    if (record.event) return record.event
    if (this.#poison.has(record.offset)) return undefined
    try {
      return eventOf(this.topic, record)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#poison.set(record.offset, error)
      return undefined
    }
  }

  whyNot({ offset }: StoredRecord): WireError | undefined {
    return this.#poison.get(offset)
  }
}
