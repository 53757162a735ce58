/** What the log forgets: whole batches past their topic's retention, by the time at which they were appended.
 *
 *  R1  A batch that a writer still has to read is kept, whatever its age: from the positions at its last snapshot
 *      where it has one (a refold starts there), else from its positions.
 *  R2  Transactions are short: commits and reads go on in between.
 *  R3  A damaged batch stays, and what follows it: it is not for retention to hide damage. */
import { setImmediate } from 'node:timers/promises'
import type { TopicName } from '@tideway/schemas'
import type { Ownership } from './ownership.ts'
import type { LocalPartition } from './partition.ts'
import { RecordBatch } from './record-batch.ts'
import type { Store } from './store.ts'
import type { Shelf } from './writer.ts'

/** Batches that one transaction deletes at most. */
const STRIDE = 256

export interface Forgotten {
  readonly topic: TopicName
  readonly partition: number
  readonly records: number
  readonly bytes: number
}

export interface Held {
  readonly topic: TopicName
  readonly partition: number
  /** The writer that still has to read from `offset`. */
  readonly writer: string
  readonly offset: number
}

export interface RetentionReport {
  readonly forgotten: readonly Forgotten[]
  /** Where something old was kept because a writer has not read it. */
  readonly held: readonly Held[]
}

export interface RetentionParts {
  readonly store: Store
  readonly ownership: Ownership
  readonly partitions: readonly LocalPartition[]
  readonly shelves: readonly Shelf[]
  /** Batches appended before this are past retention, UTC microseconds; undefined keeps all. */
  readonly before: (topic: TopicName) => number | undefined
}

interface Step {
  readonly first: number
  readonly bytes: number
  readonly more: boolean
  readonly held: boolean
}

export async function forgetOld(parts: RetentionParts): Promise<RetentionReport> {
  const forgotten: Forgotten[] = []
  const held: Held[] = []
  for (const place of parts.partitions) {
    const before = parts.before(place.topic)
    if (before === undefined || place.headDamaged) continue
    const { topic, partition } = place
    const from = place.head.first
    let bytes = 0
    let step: Step
    do {
      const reader = slowestReader(parts.shelves, place)
      step = forgetSome(parts, place, before, reader?.offset ?? Number.POSITIVE_INFINITY)
      bytes += step.bytes
      if (step.held && reader) held.push({ topic, partition, ...reader })
      await setImmediate() // R2
    } while (step.more)
    const records = place.head.first - from
    if (records > 0) forgotten.push({ topic, partition, records, bytes })
  }
  // LMDB gives pages free to transactions after the one that follows: without this they would wait for a commit.
  if (forgotten.length > 0) parts.store.transact(() => parts.store.meta.putSync(Buffer.from('forgot'), Buffer.alloc(4)))
  return { forgotten, held }
}

function forgetSome({ store, ownership }: RetentionParts, place: LocalPartition, before: number, floor: number): Step {
  const { head } = place
  const step = store.transact((): Step => {
    ownership.assert()
    const step = removeBatches(place, before, floor)
    if (step.first !== head.first) place.saveHead({ ...head, first: step.first })
    return step
  })
  place.head = { ...head, first: step.first }
  return step
}

function removeBatches(place: LocalPartition, before: number, floor: number): Step {
  let { first } = place.head
  let bytes = 0
  const stop = (held: boolean): Step => ({ first, bytes, more: false, held })
  for (let i = 0; i < STRIDE; i++) {
    if (first >= place.head.next) return stop(false)
    const batch = place.batchAt(first)
    if (batch instanceof RecordBatch) {
      if (batch.appendedAt >= before) return stop(false)
      if (batch.end > floor) return stop(true) // R1
      place.removeBatch(batch.base)
      bytes += batch.byteLength
      first = batch.end
    } else if (batch.repaired && batch.to <= floor) first = batch.to
    else return stop(false) // R3
  }
  return { first, bytes, more: true, held: false }
}

function slowestReader(shelves: readonly Shelf[], { topic, partition }: LocalPartition) {
  let slowest: { readonly writer: string; readonly offset: number } | undefined
  for (const { name, standing } of shelves) {
    const here = (place: { topic: TopicName; partition: number }) =>
      place.topic === topic && place.partition === partition
    const position = standing.held.find(here) ?? standing.positions.find(here)
    if (position === undefined) continue
    if (slowest === undefined || position.offset < slowest.offset) slowest = { writer: name, offset: position.offset }
  }
  return slowest
}
