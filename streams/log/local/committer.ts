/** Writes commits into the store, several in one transaction where they wait for the disk.
 *
 *  C1  A commit is checked, and its values are asked for, before anything is written.
 *  C2  Commits of a group that fails are tried again one by one: a large one that finds no room does not fail others.
 *  C3  What is known in memory changes only after the transaction went through. */

import type { Clock } from '@tideway/resilience'
import type { Layout, TopicName } from '@tideway/schemas'
import { admitPartitions, admitSize, admitStateKeys, closedError } from '../admission.ts'
import type { Commit, NewRecord } from '../log.ts'
import type { WakeUp } from '../wake-up.ts'
import { batchKey } from './keys.ts'
import type { Ownership } from './ownership.ts'
import type { Head, LocalPartition } from './partition.ts'
import { BatchEncoder, endOfBatch } from './record-batch.ts'
import type { Durability, Store } from './store.ts'
import type { Shelf, Standing } from './writer.ts'

export interface CommitterParts {
  readonly store: Store
  readonly ownership: Ownership
  readonly clock: Clock
  readonly wakeUp: WakeUp
  readonly layout: Layout
  readonly durability: Durability
  readonly maxRecordBytes: number
  readonly partitionOf: (topic: TopicName, partition: number) => LocalPartition
}

interface Append {
  readonly partition: LocalPartition
  readonly records: readonly NewRecord[]
  readonly values: readonly Uint8Array[]
}

interface Waiting {
  readonly shelf: Shelf
  readonly commit: Commit
  readonly appends: readonly Append[]
  /** Throws where the writer lost its right while the commit waited. */
  readonly assertMine: () => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** What a transaction will have changed in memory (C3). */
class Staged {
  readonly heads = new Map<LocalPartition, Head>()
  readonly standings = new Map<Shelf, Standing>()

  headOf(partition: LocalPartition): Head {
    return this.heads.get(partition) ?? partition.head
  }

  standingOf(shelf: Shelf): Standing {
    return this.standings.get(shelf) ?? shelf.standing
  }

  take(): void {
    for (const [partition, head] of this.heads) partition.head = head
    for (const [shelf, standing] of this.standings) shelf.standing = standing
  }
}

export class Committer {
  readonly #parts: CommitterParts
  readonly #encoder = new BatchEncoder()
  #queue: Waiting[] = []
  #closed = false

  constructor(parts: CommitterParts) {
    this.#parts = parts
  }

  /** Resolves once the commit is as durable as was asked for. */
  submit(shelf: Shelf, commit: Commit, assertMine: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw closedError('The log')
      const appends = this.#admit(commit)
      this.#queue.push({ shelf, commit, appends, assertMine, resolve, reject })
      if (this.#parts.durability === 'process') this.flush()
      else if (this.#queue.length === 1) setImmediate(() => this.flush())
    })
  }

  /** Writes what waits. */
  flush(): void {
    const group = this.#queue
    if (group.length === 0) return
    this.#queue = []
    if (group.length > 1) {
      const error = this.#write(group)
      if (error === undefined) return
    }
    for (const waiting of group) {
      const error = this.#write([waiting]) // C2
      if (error !== undefined) waiting.reject(error)
    }
  }

  close(): void {
    this.flush()
    this.#closed = true
  }

  #admit(commit: Commit): Append[] {
    const { layout, maxRecordBytes, partitionOf } = this.#parts
    admitPartitions(commit, layout)
    admitStateKeys(commit)
    return commit.outputs.map(({ topic, partition, records }) => {
      const place = partitionOf(topic, partition)
      place.assertHead()
      const values = records.map(record => record.value) // C1: a value may be a getter that encodes
      for (let i = 0; i < values.length; i++) {
        const bytes = (values[i] as Uint8Array).byteLength
        if (bytes > maxRecordBytes) admitSize(bytes, maxRecordBytes, topic, partition, records[i]?.key ?? '')
      }
      return { partition: place, records, values }
    })
  }

  /** Undefined where all of the group is committed, and told so. */
  #write(group: readonly Waiting[]): unknown {
    const staged = new Staged()
    try {
      this.#parts.store.transact(() => {
        this.#parts.ownership.assert()
        for (const waiting of group) this.#stage(waiting, staged)
        for (const [partition, head] of staged.heads) partition.saveHead(head)
      })
    } catch (error) {
      return error
    }
    staged.take()
    for (const { resolve } of group) {
      this.#parts.wakeUp.ring()
      resolve()
    }
    return undefined
  }

  #stage({ shelf, commit, appends, assertMine }: Waiting, staged: Staged): void {
    assertMine()
    for (const append of appends) staged.heads.set(append.partition, this.#append(append, staged))
    const touched = new Set<LocalPartition>()
    for (const { topic, partition, source, time } of commit.watermarks) {
      const place = this.#parts.partitionOf(topic, partition)
      place.assertHead()
      const head = staged.headOf(place)
      const watermarks = touched.has(place) ? head.watermarks : head.watermarks.copy()
      watermarks.set(source, time)
      staged.heads.set(place, { ...head, watermarks })
      touched.add(place)
    }
    for (const place of touched) staged.headOf(place).watermarks.settle()
    staged.standings.set(shelf, shelf.save(commit, staged.standingOf(shelf)))
  }

  #append({ partition, records, values }: Append, staged: Staged): Head {
    const head = staged.headOf(partition)
    const appendedAt = this.#parts.clock.now()
    const watermark = head.watermarks.time
    let base = head.next
    for (let start = 0; start < records.length; ) {
      const end = endOfBatch(values, start)
      const bytes = this.#encoder.encode(records, values, start, end, { base, appendedAt, watermark })
      this.#parts.store.records.putSync(batchKey(partition.key, base), bytes)
      base += end - start
      start = end
    }
    return { ...head, next: base }
  }
}
