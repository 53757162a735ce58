/** A log with faults from a seed, around any other: for the simulator and for tests of whatever uses a log.
 *
 *  X1  Only what the contract allows goes wrong: a caller that follows log.ts loses nothing and doubles nothing.
 *  X2  A writer whose outcome is unknown commits nothing more until it is opened again, as on Kafka.
 *  X3  A read that is cut short carries the watermark that holds at its cut; it still brings one record at least.
 *  X4  The same seed, rates and calls meet the same faults. */
import type { Randomness } from '@tideway/resilience'
import type { Layout, TopicName } from '@tideway/schemas'
import { LogError } from './errors.ts'
import type { Batch, Commit, Log, PartitionEnds, ReadLimit, Saved, Writer, WriterInfo } from './log.ts'

/** Probabilities from 0 to 1, each for one call. */
export interface LogFaults {
  /** A commit fails and has done nothing. */
  readonly failBefore: number
  /** A commit reports that its outcome is unknown; half of them are there. */
  readonly unknownOutcome: number
  /** A read, a look at the ends or an opening fails for now. */
  readonly unavailable: number
  /** A read brings only the first of the records that it could. */
  readonly tornRead: number
}

export const noLogFaults: LogFaults = { failBefore: 0, unknownOutcome: 0, unavailable: 0, tornRead: 0 }

export interface FaultyLogOptions {
  readonly randomness: Randomness
  /** Asked for each call, so that faults can begin and stop. */
  readonly rates: () => LogFaults
}

export class FaultyLog implements Log {
  readonly #log: Log
  readonly #options: FaultyLogOptions

  constructor(log: Log, options: FaultyLogOptions) {
    this.#log = log
    this.#options = options
  }

  get kind(): Log['kind'] {
    return this.#log.kind
  }

  get incarnation(): string {
    return this.#log.incarnation
  }

  get layout(): Layout {
    return this.#log.layout
  }

  get maxRecordBytes(): number {
    return this.#log.maxRecordBytes
  }

  get version(): number {
    return this.#log.version
  }

  async read(topic: TopicName, partition: number, from: number, limit: ReadLimit): Promise<Batch> {
    this.#mayBeUnavailable('read')
    const { randomness, rates } = this.#options
    const torn = randomness.next() < rates().tornRead
    const share = randomness.next()
    const batch = await this.#log.read(topic, partition, from, limit)
    const count = Math.floor(share * batch.records.length)
    if (!torn || count === 0) return batch
    return await this.#log.read(topic, partition, from, { ...limit, records: count }) // X3
  }

  async ends(topic: TopicName, partition: number): Promise<PartitionEnds> {
    this.#mayBeUnavailable('ends')
    return await this.#log.ends(topic, partition)
  }

  changed(version: number, signal?: AbortSignal): Promise<void> {
    return this.#log.changed(version, signal)
  }

  async open(writer: string): Promise<Writer> {
    this.#mayBeUnavailable('open')
    return new FaultyWriter(await this.#log.open(writer), this.#options)
  }

  writers(): Promise<readonly WriterInfo[]> {
    return this.#log.writers()
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  #mayBeUnavailable(call: string): void {
    const { randomness, rates } = this.#options
    if (randomness.next() < rates().unavailable) throw unavailable(call)
  }
}

class FaultyWriter implements Writer {
  readonly #writer: Writer
  readonly #options: FaultyLogOptions
  #unknown = false

  constructor(writer: Writer, options: FaultyLogOptions) {
    this.#writer = writer
    this.#options = options
  }

  get name(): string {
    return this.#writer.name
  }

  async restore(): Promise<Saved | undefined> {
    const { randomness, rates } = this.#options
    if (randomness.next() < rates().unavailable) throw unavailable('restore')
    return await this.#writer.restore()
  }

  async commit(commit: Commit): Promise<void> {
    if (this.#unknown) throw unknownOutcome(this.name) // X2
    const { randomness } = this.#options
    const rates = this.#options.rates()
    const fails = randomness.next() < rates.failBefore
    const unknown = randomness.next() < rates.unknownOutcome
    const applied = randomness.next() < 0.5
    if (fails) throw unavailable('commit')
    if (!unknown) return await this.#writer.commit(commit)
    // What the log itself refuses is known to have failed.
    if (applied) await this.#writer.commit(commit)
    this.#unknown = true
    throw unknownOutcome(this.name)
  }

  close(): Promise<void> {
    return this.#writer.close()
  }
}

const unavailable = (call: string) =>
  new LogError('unavailable', `The log is not available (${call}, a fault on purpose).`, 'Try again.', { call })

const unknownOutcome = (writer: string) =>
  new LogError(
    'unknown-outcome',
    `Nobody knows whether the commit of "${writer}" is there (a fault on purpose).`,
    'Open the writer again and read what it saved.',
    { writer },
  )
