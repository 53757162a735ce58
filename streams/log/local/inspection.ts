/** Walks the whole store and says what is damaged; on request gives damaged records up, so that reading can go on.
 *
 *  Q1  `inspect` changes nothing and runs beside commits, in slices.
 *  Q2  `repair` removes only what does not check, and writes down which offsets were lost and when.
 *  Q3  What a writer saved is never repaired: half of a state is worse than none. A person restores it from a backup,
 *      or forgets the writer. */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@tideway/resilience'
import type { TopicName } from '@tideway/schemas'
import { SourceWatermarks } from '../source-watermarks.ts'
import type { Ownership } from './ownership.ts'
import type { Head, LocalPartition, Loss, Range } from './partition.ts'
import { maxBatchRecords, RecordBatch } from './record-batch.ts'
import type { Store } from './store.ts'
import type { Shelf } from './writer.ts'

/** Batches that are looked at before others have their turn. */
const SLICE = 64

export type Damage =
  | ({ readonly what: 'records'; readonly topic: TopicName; readonly partition: number } & Range)
  | { readonly what: 'partition'; readonly topic: TopicName; readonly partition: number }
  | { readonly what: 'writer'; readonly writer: string; readonly row: string }

export interface Inspection {
  readonly batches: number
  readonly records: number
  readonly bytes: number
  readonly damages: readonly Damage[]
}

export interface InspectionParts {
  readonly store: Store
  readonly ownership: Ownership
  readonly clock: Clock
  readonly partitions: readonly LocalPartition[]
  readonly shelves: readonly Shelf[]
}

export async function inspect({ store, partitions, shelves }: InspectionParts): Promise<Inspection> {
  const damages: Damage[] = []
  const sum = { batches: 0, records: 0, bytes: 0 }
  for (const place of partitions) {
    const { topic, partition } = place
    if (place.headDamaged) damages.push({ what: 'partition', topic, partition })
    const { head } = place
    const bases = place.bases()
    let expected = place.headDamaged ? (bases[0] ?? 0) : head.first
    const missing = (to: number) => {
      if (!place.headDamaged) expected = Math.max(expected, place.head.first) // retention goes on meanwhile
      const known = place.losses.some(loss => loss.from <= expected && to <= loss.to)
      if (expected < to && !known) damages.push({ what: 'records', topic, partition, from: expected, to })
    }
    for (const [i, base] of bases.entries()) {
      const bytes = place.batchBytes(base)
      // Retention may have taken it since; what a commit has added since is not looked at.
      if (base < place.head.first || bytes === undefined) continue
      missing(base)
      const batch = RecordBatch.decode(bytes, base)
      const end = batch?.end ?? bases[i + 1] ?? lostEnd(place, head, base)
      if (batch === undefined) damages.push({ what: 'records', topic, partition, from: base, to: end })
      sum.batches++
      sum.records += batch?.count ?? 0
      sum.bytes += bytes.byteLength
      expected = end
      if (i % SLICE === SLICE - 1) await pause(store)
    }
    if (!place.headDamaged) missing(Math.max(head.next, place.head.first))
  }
  for (const shelf of shelves) {
    for (const row of shelf.damagedRows()) damages.push({ what: 'writer', writer: shelf.name, row })
    await pause(store)
  }
  return { ...sum, damages }
}

/** What was given up and what was rebuilt; damages of writers stay (Q3). */
export async function repair(parts: InspectionParts): Promise<readonly Damage[]> {
  const { damages } = await inspect(parts)
  const repaired: Damage[] = []
  for (const place of parts.partitions) {
    const own = damages.filter(
      damage => damage.what !== 'writer' && damage.topic === place.topic && damage.partition === place.partition,
    )
    if (own.length === 0) continue
    const lost = own.filter(damage => damage.what === 'records')
    const at = parts.clock.now()
    const losses: Loss[] = [...place.losses, ...lost.map(({ from, to }) => ({ from, to, at }))]
    const head = parts.store.transact(() => {
      parts.ownership.assert()
      for (const base of place.bases())
        if (lost.some(({ from, to }) => from <= base && base < to)) place.removeBatch(base)
      place.saveLosses(losses) // Q2
      const head = place.headDamaged ? rebuiltHead(place, losses) : place.head
      place.saveHead(head)
      return head
    })
    place.losses = losses
    place.head = head
    place.headDamaged = false
    repaired.push(...own)
  }
  return repaired
}

/** Lets others have their turn (Q1). */
async function pause(store: Store): Promise<void> {
  await setImmediate()
  store.assertOpen()
}

/** Sources announce themselves again; until then the promise is the last that a batch was written under. */
function rebuiltHead(place: LocalPartition, losses: readonly Loss[]): Head {
  const bases = place.bases()
  const last = bases.at(-1)
  const batch = last === undefined ? undefined : RecordBatch.decode(place.batchBytes(last) ?? new Uint8Array(), last)
  const next = Math.max(batch?.end ?? 0, ...losses.map(loss => loss.to))
  const first = Math.min(bases[0] ?? next, ...losses.map(loss => loss.from))
  return { first, next, watermarks: new SourceWatermarks(batch?.watermark ?? 0) }
}

/** Where the last batch may have ended, if it does not say so: no offset is ever given twice. */
function lostEnd(place: LocalPartition, head: Head, base: number): number {
  return place.headDamaged ? base + maxBatchRecords : Math.max(head.next, base + 1)
}
