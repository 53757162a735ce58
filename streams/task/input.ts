/** One partition that a task reads: records fetched ahead, waiting for the task's turn.
 *
 *  I1  `promise` covers what is buffered: no record with a time below it will be fetched after these.
 *  I2  Taking up to a time takes every buffered entry below it, wherever it stands in the partition.
 *  I3  Entries below the frontier of the last commit were folded before and are skipped (a partition with several
 *      sources is not read in stamp order).
 *  I4  A record that cannot be decoded has no time: it takes the latest before it, and is taken with or after all that
 *      stands before it. So one at or after `position` was never taken, and is not skipped. */
import type { Event, EventTopic } from '@tideway/schemas'
import type { Log, ReadLimit, StoredRecord } from '../log/log.ts'
import { eventOf, peekIngestTime, WireError } from '../wire/codec.ts'

export interface Entry {
  readonly record: StoredRecord
  readonly time: number
  /** Decoded once it is wanted. */
  event: Event | undefined
  /** Why it cannot be decoded. */
  poison: WireError | undefined
}

export class Input {
  readonly topic: EventTopic
  readonly partition: number
  /** Taken as it arrives, whatever its stamp. */
  readonly prompt: boolean
  promise = 0

  #entries: Entry[] = []
  #head = 0
  #sorted = true
  #lastTime = 0
  #fetchOffset = 0
  #skipBelow = 0

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
    return this.#entries.length - this.#head
  }

  /** Where a restart goes on: the first record not taken. */
  get position(): number {
    return this.#entries[this.#head]?.record.offset ?? this.#fetchOffset
  }

  /** Goes to an offset and skips what lies below a time (I3). */
  seek(offset: number, skipBelow: number): void {
    this.#entries = []
    this.#head = 0
    this.#sorted = true
    this.#lastTime = 0
    this.#fetchOffset = offset
    this.#skipBelow = this.prompt ? 0 : skipBelow
    this.promise = 0
  }

  /** Reads one batch ahead; true when it brought records or a later promise. */
  async fetch(log: Log, limit: ReadLimit, wants: (topic: EventTopic, key: string) => boolean): Promise<boolean> {
    if (this.buffered >= limit.records) return false
    const batch = await log.read(this.topic, this.partition, this.#fetchOffset, limit)
    for (const record of batch.records) this.#buffer(record, wants)
    const moved = batch.nextOffset !== this.#fetchOffset || batch.watermark > this.promise
    this.#fetchOffset = batch.nextOffset
    if (batch.watermark > this.promise) this.promise = batch.watermark
    return moved
  }

  #buffer(record: StoredRecord, wants: (topic: EventTopic, key: string) => boolean): void {
    let event = record.event
    let time = this.#lastTime
    let poison: WireError | undefined
    try {
      if (!event && wants(this.topic, record.key)) event = eventOf(this.topic, record)
      time = event ? event.ingestTime : peekIngestTime(this.topic, record.value)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      poison = error
    }
    if (time < this.#skipBelow && !poison) return
    if (time < this.#lastTime) this.#sorted = false
    else this.#lastTime = time
    this.#entries.push({ record, time, event, poison })
  }

  /** Whether anything below `time` waits. */
  hasBelow(time: number): boolean {
    if (this.#sorted) {
      const first = this.#entries[this.#head]
      return first !== undefined && first.time < time
    }
    return this.#entries.some((entry, at) => at >= this.#head && entry.time < time)
  }

  /** Moves every entry below `time` into `into`, in offset order. */
  takeBelow(time: number, into: Entry[]): void {
    if (this.#sorted) {
      let at = this.#head
      for (; at < this.#entries.length; at++) {
        const entry = this.#entries[at]
        if (!entry || entry.time >= time) break
        into.push(entry)
      }
      this.#head = at
    } else {
      const kept: Entry[] = []
      for (let at = this.#head; at < this.#entries.length; at++) {
        const entry = this.#entries[at]
        if (!entry) continue
        if (entry.time < time) into.push(entry)
        else kept.push(entry)
      }
      this.#entries = kept
      this.#head = 0
      this.#sorted = kept.length === 0
    }
    this.#compact()
  }

  #compact(): void {
    if (this.#head === this.#entries.length) {
      this.#entries = []
      this.#head = 0
      this.#sorted = true
    } else if (this.#head > 4096) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
  }

  /** Moves every entry before an offset into `into`. */
  takeBefore(offset: number, into: Entry[]): void {
    for (; this.#head < this.#entries.length; this.#head++) {
      const entry = this.#entries[this.#head]
      if (!entry || entry.record.offset >= offset) break
      into.push(entry)
    }
    this.#compact()
  }

  /** Takes the event at an offset out of what is buffered; undefined where it is not there or not readable. */
  takeAt(offset: number): Event | undefined {
    for (let at = this.#head; at < this.#entries.length; at++) {
      const entry = this.#entries[at]
      if (entry?.record.offset !== offset) continue
      if (at === this.#head) this.#head++
      else this.#entries.splice(at, 1)
      return this.decode(entry)
    }
    return undefined
  }

  /** Puts entries back that were taken too far; they come before what is still buffered. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    this.#entries = [...entries, ...this.#entries.slice(this.#head)]
    this.#head = 0
  }

  /** The event of an entry that was left alone; undefined where it cannot be decoded. */
  decode(entry: Entry): Event | undefined {
    if (entry.event || entry.poison) return entry.event
    try {
      entry.event = eventOf(this.topic, entry.record)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      entry.poison = error
    }
    return entry.event
  }
}
