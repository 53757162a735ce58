/** The durable log of one machine: a folder, LMDB in it, one engine that owns it.
 *
 *  A commit is one LMDB transaction: records (one value a batch), the heads of their partitions, and what the writer
 *  saves. Values that `lmdb` would lock readers for are never kept: everything that is read is copied out at once.
 *
 *  N1  The folder has one owner; a second one gets `in-use` with the process that has it (ownership.ts).
 *  N2  A store that was deleted comes back as a new log with a new incarnation.
 *  N3  Partition counts are those that the log was created with. */
import type { Socket } from 'node:net'
import { type Clock, type Randomness, systemClock, systemRandomness } from '@tideway/resilience'
import { type Layout, partitionsOf, type TopicName, topicNames, topics } from '@tideway/schemas'
import { admitOffset, admitPartition, admitWriterName, closedError, defaultMaxRecordBytes } from '../admission.ts'
import { LogError } from '../errors.ts'
import { drawIncarnation } from '../incarnation.ts'
import type { Batch, Log, PartitionEnds, ReadLimit, Writer, WriterInfo } from '../log.ts'
import { WakeUp } from '../wake-up.ts'
import { Committer } from './committer.ts'
import { type Damage, type Inspection, type InspectionParts, inspect, repair } from './inspection.ts'
import { nameOfKey } from './keys.ts'
import { Ownership } from './ownership.ts'
import { LocalPartition, type Loss } from './partition.ts'
import { forgetOld, type RetentionReport } from './retention.ts'
import { sealedJson, unsealedJson } from './row.ts'
import { type Durability, Store, type StoreSize } from './store.ts'
import { LocalWriter, Shelf } from './writer.ts'

export interface LocalLogOptions {
  readonly folder: string
  /** Taken where the log is created now; one that exists keeps its own (N3). */
  readonly layoutIfNew: Layout
  /** `power` is the default: commits wait for the disk, those of one turn together. */
  readonly durability?: Durability
  readonly maxRecordBytes?: number
  /** How long to wait for an engine that still owns the folder; microseconds, 0 by default. */
  readonly waitForLockMicros?: number
  /** Address space to begin with; it grows. */
  readonly mapBytes?: number
  /** How long a topic's records are kept; microseconds, null for ever. By the table of topics where absent. */
  readonly retentionMicros?: (topic: TopicName) => number | null
  readonly clock?: Clock
  readonly randomness?: Randomness
}

interface Birth {
  readonly format: number
  readonly incarnation: string
  readonly layout: Layout
}

const FORMAT = 1
const BIRTH = Buffer.from('birth')
const GIGABYTE = 2 ** 30
const HOUR = 3_600_000_000

const retentionOf = (topic: TopicName): number | null => {
  const hours = topics[topic].retentionHours
  return hours === null ? null : hours * HOUR
}

export class LocalLog implements Log {
  readonly kind = 'local'
  readonly incarnation: string
  readonly layout: Layout
  readonly folder: string
  readonly maxRecordBytes: number
  readonly #store: Store
  readonly #ownership: Ownership
  readonly #committer: Committer
  readonly #clock: Clock
  readonly #retentionMicros: (topic: TopicName) => number | null
  readonly #partitions = new Map<TopicName, LocalPartition[]>()
  readonly #shelves = new Map<string, Shelf>()
  readonly #wakeUp = new WakeUp()
  #closed = false

  /** Opens the log in a folder, or creates it there. Throws `in-use`, `damaged`, `full` or `unavailable`. */
  static async open(options: LocalLogOptions): Promise<LocalLog> {
    const { folder, clock = systemClock, randomness = systemRandomness, waitForLockMicros = 0 } = options
    const patience = { clock, until: clock.now() + waitForLockMicros }
    await Ownership.awaitFree(folder, patience)
    const store = new Store(folder, options.durability ?? 'power', options.mapBytes ?? 4 * GIGABYTE)
    let ownership: Ownership | undefined
    try {
      ownership = await Ownership.acquire(store, randomness, patience)
      return new LocalLog(store, ownership, birthOf(store, options.layoutIfNew, randomness), clock, options)
    } catch (error) {
      ownership?.release()
      await store.close()
      throw store.explain(error)
    }
  }

  private constructor(store: Store, ownership: Ownership, birth: Birth, clock: Clock, options: LocalLogOptions) {
    this.folder = store.folder
    this.incarnation = birth.incarnation
    this.layout = birth.layout
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes
    this.#store = store
    this.#ownership = ownership
    this.#clock = clock
    this.#retentionMicros = options.retentionMicros ?? retentionOf
    this.#committer = new Committer({
      store,
      ownership,
      clock,
      wakeUp: this.#wakeUp,
      layout: birth.layout,
      durability: options.durability ?? 'power',
      maxRecordBytes: this.maxRecordBytes,
      partitionOf: (topic, partition) => this.#partition(topic, partition),
    })
    for (const name of writerNames(store)) this.#shelves.set(name, new Shelf(store, name))
  }

  get version(): number {
    return this.#wakeUp.version
  }

  async read(topic: TopicName, partition: number, from: number, limit: ReadLimit): Promise<Batch> {
    const place = this.#partition(topic, partition)
    const { first, next } = place.ends()
    admitOffset(topic, partition, from, first, next)
    return this.#store.look(() => place.read(from, limit))
  }

  async ends(topic: TopicName, partition: number): Promise<PartitionEnds> {
    return this.#partition(topic, partition).ends()
  }

  changed(version: number, signal?: AbortSignal): Promise<void> {
    return this.#wakeUp.changed(version, signal)
  }

  async open(writer: string): Promise<Writer> {
    this.#alive()
    admitWriterName(writer)
    const shelf = this.#shelves.get(writer) ?? this.#store.look(() => new Shelf(this.#store, writer))
    this.#shelves.set(writer, shelf)
    return new LocalWriter(shelf, (commit, assertMine) => this.#committer.submit(shelf, commit, assertMine))
  }

  async writers(): Promise<readonly WriterInfo[]> {
    this.#alive()
    const infos = [...this.#shelves.values()].map(shelf => shelf.info()).filter(info => info.commits > 0)
    return infos.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Takes the connections of other processes to this folder's engine. */
  onConnection(take: (socket: Socket) => void): void {
    this.#ownership.onConnection = take
  }

  /** Forgets what is past retention at `now` (UTC microseconds) and no writer still needs. */
  async maintain(now: number): Promise<RetentionReport> {
    const before = (topic: TopicName) => {
      const kept = this.#retentionMicros(topic)
      return kept === null ? undefined : now - kept
    }
    return await this.#explained(forgetOld({ ...this.#parts(), before }))
  }

  /** Looks at every byte that is kept and reports what is damaged; changes nothing. */
  async check(): Promise<Inspection> {
    return await this.#explained(inspect(this.#parts()))
  }

  /** Gives up the records that `check` calls damaged, and says which; afterwards reads go over them. */
  async repair(): Promise<readonly Damage[]> {
    return await this.#explained(repair(this.#parts()))
  }

  /** What repairs gave up, by partition. */
  losses(): readonly (Loss & { readonly topic: TopicName; readonly partition: number })[] {
    return this.#parts().partitions.flatMap(({ topic, partition, losses }) =>
      losses.map(loss => ({ topic, partition, ...loss })),
    )
  }

  /** Removes a writer with all that it saved; its positions hold nothing back any more. */
  forget(writer: string): void {
    this.#alive()
    const shelf = this.#shelves.get(writer)
    if (shelf === undefined) return
    this.#store.transact(() => {
      this.#ownership.assert()
      shelf.forget()
    })
    this.#shelves.delete(writer)
  }

  size(): StoreSize {
    this.#alive()
    return this.#store.size()
  }

  /** Writes what waits, gives the folder free. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#committer.close()
    this.#wakeUp.end(closedError('The log'))
    this.#ownership.release()
    await this.#store.close()
  }

  #explained<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      throw this.#store.explain(error)
    })
  }

  #parts(): InspectionParts {
    this.#alive()
    const partitions = topicNames.flatMap(topic =>
      Array.from({ length: partitionsOf(topic, this.layout) }, (_, partition) => this.#partition(topic, partition)),
    )
    const shelves = [...this.#shelves.values()]
    return { store: this.#store, ownership: this.#ownership, clock: this.#clock, partitions, shelves }
  }

  #partition(topic: TopicName, partition: number): LocalPartition {
    this.#alive()
    const place = this.#partitions.get(topic)?.[partition]
    if (place !== undefined) return place
    admitPartition(topic, partition, this.layout)
    const places = this.#partitions.get(topic) ?? []
    this.#partitions.set(topic, places)
    this.#store.look(() => {
      while (places.length <= partition) places.push(new LocalPartition(this.#store, topic, places.length))
    })
    return places[partition] as LocalPartition
  }

  #alive(): void {
    if (this.#closed) throw closedError('The log')
  }
}

/** What the log is: read from the store, or drawn and written where there is none (N2). */
function birthOf(store: Store, layoutIfNew: Layout, randomness: Randomness): Birth {
  const row = store.meta.getBinary(BIRTH)
  if (row === undefined) {
    const birth: Birth = { format: FORMAT, incarnation: drawIncarnation(randomness), layout: layoutIfNew }
    store.transact(() => store.meta.putSync(BIRTH, sealedJson(birth)))
    return birth
  }
  const birth = unsealedJson<Birth>(row)
  if (birth?.format === FORMAT) return birth
  throw new LogError(
    'damaged',
    birth === undefined ? 'What the log is cannot be read.' : `The log has format ${birth.format}.`,
    birth === undefined
      ? 'Restore the folder from a backup.'
      : `This version reads format ${FORMAT}: use the other one.`,
    { folder: store.folder },
  )
}

function writerNames(store: Store): Set<string> {
  const names = new Set<string>()
  for (const key of store.writers.getKeys({})) names.add(nameOfKey(key))
  return names
}
