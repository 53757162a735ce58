/** A task: one partition's (or shard's) share of a segment, folded from the log and committed to it.
 *
 *  A round takes what lies below the watermark of all inputs, sorts it, folds it with the timers between, and commits
 *  outputs, state, positions and watermarks as one.
 *
 *  K1  A round goes no further than its inputs' watermarks; how many records a round takes never shows in the bytes.
 *  K2  A commit is all or nothing. After a failed one the state in memory is thrown away and restored from the log.
 *  K3  A stage that throws loses that one event, which goes to the dead letters; the round is folded again without it.
 *  K4  A refold gives the bytes that were committed, or the task stops (NondeterminismError).
 *  K5  Under another version of a stage the refold is not compared; its state goes into a snapshot with the next commit. */
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { type Event, type EventTopic, type Segment, type TopicName, topics } from '@tideway/schemas'
import { deadLetterOutput } from '../dead-letter/record.ts'
import type { Commit, Log, NewRecord, Output, Position, ReadLimit, Writer } from '../log/log.ts'
import { sortByStamp } from '../merge/order.ts'
import { EventRecord, encodeEvent } from '../wire/codec.ts'
import { partitionFor } from '../wire/murmur2.ts'
import type { SavedCell } from './cells.ts'
import { Fold, type SavedFold } from './fold.ts'
import { type Entry, Input } from './input.ts'
import { decodeProgress, encodeProgress, type Progress } from './progress.ts'
import { isTimer, StageRefusal } from './refusal.ts'
import type { Timer } from './timers.ts'

export interface TaskSpec {
  /** `market-3`, `trading-0`; one writer of this name at a time. */
  readonly name: string
  readonly segment: Segment
  readonly inputs: readonly { readonly topic: EventTopic; readonly partition: number }[]
  /** Partition (or shard) of what it writes. */
  readonly partition: number
  owns(key: string): boolean
}

export interface TaskOptions {
  /** False for a log that dies with the process: no snapshots, no changelog. */
  readonly persist: boolean
  /** Events of a round, at most (more only where they share one microsecond). */
  readonly maxEvents: number
  readonly readLimit: ReadLimit
  /** Events between two snapshots. */
  readonly snapshotEvery: number
  readonly observer?: TaskObserver
}

export const defaultTaskOptions: TaskOptions = {
  persist: true,
  maxEvents: 5_000,
  readLimit: { records: 10_000, bytes: 8 << 20 },
  snapshotEvery: 100_000,
}

/** What a task tells of its work, once per round. */
export interface TaskObserver {
  committed(task: string, round: RoundReport): void
  restored(task: string, refolded: number): void
  setAside(task: string, stage: string, error: unknown): void
}

export interface RoundReport {
  readonly events: number
  readonly outputs: readonly Event[]
  readonly frontier: number
  readonly keys: number
}

export class NondeterminismError extends Error {
  override readonly name = 'NondeterminismError'
}

export class Task {
  readonly spec: TaskSpec
  readonly #log: Log
  readonly #options: TaskOptions
  readonly #inputs: Input[]
  #writer: Writer
  #fold: Fold
  #frontier = 0
  #digest = 0
  #sinceSnapshot = 0
  #snapshot: Progress['snapshot']
  #letters: Output[] = []
  readonly #refused = new Set<string>()
  readonly #reasons = new Map<string, unknown>()

  private constructor(spec: TaskSpec, log: Log, options: TaskOptions, writer: Writer) {
    this.spec = spec
    this.#log = log
    this.#options = options
    this.#writer = writer
    this.#inputs = spec.inputs.map(({ topic, partition }) => new Input(topic, partition))
    this.#fold = this.#newFold()
  }

  /** Takes over the task: fences whoever had it, restores what was committed. */
  static async open(spec: TaskSpec, log: Log, options: TaskOptions = defaultTaskOptions): Promise<Task> {
    const task = new Task(spec, log, options, await log.open(spec.name))
    await task.#restore()
    return task
  }

  /** Everything with a root time below it is folded and committed. */
  get frontier(): number {
    return this.#frontier
  }

  /** One round; true when it moved. Errors of the log are thrown after which `recover` must be called. */
  async step(): Promise<boolean> {
    await this.#fetch()
    const frontier = this.#frontier
    let round: Round
    try {
      round = this.#foldUpTo(this.#promise())
    } catch (error) {
      if (!(error instanceof StageRefusal)) throw error
      await this.#leaveOut(error)
      return true
    }
    if (round.events === 0 && this.#frontier === frontier && this.#letters.length === 0) return false
    await this.#commit(round, false)
    return true
  }

  /** Throws the state in memory away and starts again from the last commit. */
  async recover(): Promise<void> {
    this.#writer = await this.#log.open(this.spec.name)
    await this.#restore()
  }

  /** Ends the task; with a snapshot, so that the next start has nothing to refold and may run another version. */
  async close(): Promise<void> {
    if (this.#options.persist && this.#frontier > 0) await this.#commit(emptyRound, true)
    await this.#writer.close()
  }

  async #fetch(): Promise<boolean> {
    let moved = false
    const wants = (topic: EventTopic, key: string) => this.spec.segment.wants(topic, key, this.#fold.views)
    for (const input of this.#inputs) if (await input.fetch(this.#log, this.#options.readLimit, wants)) moved = true
    return moved
  }

  #promise(): number {
    let promise = Number.MAX_SAFE_INTEGER
    for (const input of this.#inputs) if (input.promise < promise) promise = input.promise
    return promise
  }

  #foldUpTo(promise: number): Round {
    const taken = this.#takeBelow(promise)
    const fold = this.#fold
    for (const event of taken.events) {
      this.#fireTimers(event)
      fold.take(event)
    }
    for (let timer = fold.nextTimer(); timer && timer.root.time < taken.cut; timer = fold.nextTimer()) fold.fire()
    this.#frontier = Math.max(this.#frontier, taken.cut)
    const outputs = fold.outputs.splice(0)
    this.#sinceSnapshot += taken.events.length
    return { events: taken.events.length, outputs }
  }

  #fireTimers(before: Event): void {
    const fold = this.#fold
    for (;;) {
      const timer = fold.nextTimer()
      if (!timer || timer.root.time > before.stamp.root.time) return
      if (!isBefore(timer, before)) return
      fold.fire()
    }
  }

  /** Events below the promise in stamp order, at most a round's worth, and the time that they reach up to. */
  #takeBelow(promise: number): { events: Event[]; cut: number } {
    const decodeAll = this.#inputs.some(input => input.topic === 'config' && input.hasBelow(promise))
    const entries: Entry[][] = this.#inputs.map(input => {
      const into: Entry[] = []
      input.takeBelow(promise, into)
      return into
    })
    const cut = this.#cutOf(entries, promise)
    const events: Event[] = []
    const { segment } = this.spec
    this.#inputs.forEach((input, at) => {
      const back: Entry[] = []
      for (const entry of entries[at] ?? []) {
        if (entry.time >= cut) back.push(entry)
        else if (entry.poison) this.#setAsidePoison(input, entry)
        else if (entry.event || decodeAll || segment.wants(input.topic, entry.record.key, this.#fold.views)) {
          if (input.decode(entry) && entry.event) events.push(entry.event)
          else this.#setAsidePoison(input, entry)
        }
      }
      input.putBack(back)
    })
    sortByStamp(events)
    return { events, cut }
  }

  /** The promise, or the time at which a round is full. */
  #cutOf(entries: readonly Entry[][], promise: number): number {
    let count = 0
    for (const each of entries) count += each.length
    if (count <= this.#options.maxEvents) return promise
    const times = new Float64Array(count)
    let at = 0
    for (const each of entries) for (const entry of each) times[at++] = entry.time
    times.sort()
    const first = times[0] ?? promise
    const full = times[this.#options.maxEvents] ?? promise
    return full > first ? full : Math.min(promise, first + 1)
  }

  async #commit(round: Round, withSnapshot: boolean): Promise<void> {
    const { persist, snapshotEvery } = this.#options
    const { segment } = this.spec
    const positions = this.#positions()
    const keepsDigest = persist && segment.persistence === 'snapshot'
    if (keepsDigest) this.#digest = this.#digestOf(round.outputs)
    let state: Commit['state'] = []
    if (persist && segment.persistence === 'changelog') {
      state = this.#fold
        .takeChanged()
        .map(([stage, key, cell]) => ({ key: `${stage}\u0000${key}`, value: serialize(cell) }))
    }
    let snapshot: Uint8Array | undefined
    if (persist && (withSnapshot || this.#sinceSnapshot >= snapshotEvery)) {
      snapshot = serialize(this.#fold.save(segment.persistence === 'snapshot'))
      this.#snapshot = { frontier: this.#frontier, positions }
      this.#digest = 0
      this.#sinceSnapshot = 0
    }
    const progress: Progress = {
      frontier: this.#frontier,
      positions,
      versions: versionsOf(segment),
      snapshot: this.#snapshot,
      digest: this.#digest,
    }
    await this.#writer.commit({
      outputs: [...this.#outputsOf(round.outputs), ...this.#letters],
      watermarks: this.#watermarks(),
      positions,
      progress: encodeProgress(progress),
      state,
      ...(snapshot && { snapshot }),
    })
    this.#letters = []
    this.#options.observer?.committed(this.spec.name, {
      events: round.events,
      outputs: round.outputs,
      frontier: this.#frontier,
      keys: this.#fold.keys,
    })
  }

  #positions(): Position[] {
    return this.#inputs.map(({ topic, partition, position }) => ({ topic, partition, offset: position }))
  }

  #watermarks(): Commit['watermarks'] {
    const { segment, partition } = this.spec
    return segment.stages.flatMap(({ stage }) =>
      stage.writes.map(topic => ({ topic, partition, source: stage.name, time: this.#frontier })),
    )
  }

  #outputsOf(events: readonly Event[]): Output[] {
    const groups = new Map<string, { topic: TopicName; partition: number; records: NewRecord[] }>()
    for (const event of events) {
      const partition = topics[event.topic].per === 'one' ? 0 : this.#partitionOf(event)
      const name = `${event.topic}/${partition}`
      let group = groups.get(name)
      if (!group) {
        group = { topic: event.topic, partition, records: [] }
        groups.set(name, group)
      }
      group.records.push(new EventRecord(event))
    }
    return [...groups.values()]
  }

  readonly #partitions = new Map<string, number>()
  #partitionOf(event: Event): number {
    let partition = this.#partitions.get(event.key)
    if (partition === undefined) {
      partition = partitionFor(event.topic, event.key, this.#log.layout)
      this.#partitions.set(event.key, partition)
    }
    return partition
  }

  #digestOf(outputs: readonly Event[]): number {
    let digest = this.#digest
    for (const event of outputs) digest = crc32(encodeEvent(event), digest)
    return digest
  }

  async #leaveOut(refusal: StageRefusal): Promise<void> {
    if (this.#refused.has(refusal.refusal)) throw refusal
    this.#refused.add(refusal.refusal)
    this.#reasons.set(refusal.refusal, refusal.cause)
    this.#options.observer?.setAside(this.spec.name, refusal.stage, refusal.cause)
    await this.recover()
  }

  #newFold(): Fold {
    const fold = new Fold(this.spec.segment, key => this.spec.owns(key))
    fold.refused = this.#refused
    fold.onRefused = (refusal, stage, subject) => this.#setAsideRefused(refusal, stage, subject)
    return fold
  }

  #setAsideRefused(refusal: string, stage: string, subject: Event | Timer): void {
    if (this.#refolding) return
    const reason = this.#reasons.get(refusal)
    const topic = isTimer(subject) ? subject.cause.topic : subject.topic
    this.#letters.push(
      deadLetterOutput({
        topic,
        partition: this.spec.partition,
        offset: -1,
        key: subject.key,
        task: this.spec.name,
        stage,
        code: isTimer(subject) ? 'wake-up-refused' : 'refused',
        error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
        time: isTimer(subject) ? subject.root.time : subject.ingestTime,
        headers: isTimer(subject)
          ? { tag: subject.tag }
          : { type: subject.type, source: subject.source, seq: String(subject.seq) },
        bytes: isTimer(subject) ? new Uint8Array() : encodeEvent(subject),
      }),
    )
  }

  #setAsidePoison(input: Input, { record, poison, time }: Entry): void {
    if (this.#refolding) return
    this.#options.observer?.setAside(this.spec.name, '', poison)
    this.#letters.push(
      deadLetterOutput({
        topic: input.topic,
        partition: input.partition,
        offset: record.offset,
        key: record.key,
        task: this.spec.name,
        stage: '',
        code: poison?.code ?? 'malformed',
        error: poison?.message ?? 'it cannot be decoded',
        time,
        headers: {},
        bytes: record.value,
      }),
    )
  }

  #refolding = false

  async #restore(): Promise<void> {
    const saved = await this.#writer.restore()
    const progress = saved && decodeProgress(saved.progress)
    this.#fold = this.#newFold()
    this.#letters = []
    this.#digest = 0
    this.#sinceSnapshot = 0
    this.#snapshot = progress?.snapshot
    this.#frontier = progress?.snapshot?.frontier ?? 0
    const from = new Map(
      (progress?.snapshot?.positions ?? []).map(each => [`${each.topic}/${each.partition}`, each.offset]),
    )
    for (const input of this.#inputs) input.seek(from.get(`${input.topic}/${input.partition}`) ?? 0, this.#frontier)
    if (!saved || !progress) return
    if (saved.snapshot) this.#fold.load(deserialize(saved.snapshot) as SavedFold)
    const refolded = await this.#refold(progress)
    if (this.spec.segment.persistence === 'changelog') {
      for (const [name, value] of saved.state) {
        const [stage = '', key = ''] = name.split('\u0000')
        this.#fold.loadCell(stage, key, deserialize(value) as SavedCell)
      }
    }
    this.#options.observer?.restored(this.spec.name, refolded)
  }

  /** Folds from the snapshot to the last commit, outputs suppressed and compared (K4). */
  async #refold(progress: Progress): Promise<number> {
    let refolded = 0
    const viewsOnly = this.#options.persist && this.spec.segment.persistence === 'changelog'
    this.#refolding = true
    try {
      while (this.#frontier < progress.frontier) {
        const moved = await this.#fetch()
        const promise = Math.min(this.#promise(), progress.frontier)
        const before = this.#frontier
        if (viewsOnly) {
          const { events, cut } = this.#takeBelow(promise)
          for (const event of events) this.#fold.observe(event)
          this.#frontier = Math.max(this.#frontier, cut)
          refolded += events.length
        } else {
          const { events, outputs } = this.#foldUpTo(promise)
          if (this.#options.persist) this.#digest = this.#digestOf(outputs)
          refolded += events
        }
        if (!moved && this.#frontier === before) {
          throw new Error(
            `${this.spec.name}: the log ends before the task's last commit (${progress.frontier}): it was truncated or replaced`,
          )
        }
      }
    } catch (error) {
      if (!(error instanceof StageRefusal) || this.#refused.has(error.refusal)) throw error
      this.#refused.add(error.refusal)
      this.#reasons.set(error.refusal, error.cause)
      await this.#restore()
      return refolded
    } finally {
      this.#refolding = false
    }
    this.#sinceSnapshot = refolded
    if (viewsOnly || !this.#options.persist) return refolded
    if (!sameVersions(progress.versions, versionsOf(this.spec.segment))) {
      this.#sinceSnapshot = Number.MAX_SAFE_INTEGER // K5
      return refolded
    }
    if (this.#digest !== progress.digest) {
      throw new NondeterminismError(
        `${this.spec.name}: the refold of ${refolded} events gives other bytes than were committed; a stage reads something besides its event, or its answer changed without a new version`,
      )
    }
    return refolded
  }
}

interface Round {
  readonly events: number
  readonly outputs: readonly Event[]
}
const emptyRound: Round = { events: 0, outputs: [] }

function isBefore(timer: Timer, event: Event): boolean {
  const { root } = event.stamp
  if (timer.root.time !== root.time) return timer.root.time < root.time
  if (root.rank !== 0) return true
  return timer.root.key === root.key
    ? timer.root.source < root.source || (timer.root.source === root.source && timer.root.seq < root.seq)
    : timer.root.key < root.key
}

function versionsOf(segment: Segment): Record<string, number> {
  const versions: Record<string, number> = {}
  for (const { stage } of segment.stages) versions[stage.name] = stage.version
  for (const view of segment.views) versions[`view:${view.name}`] = view.version
  return versions
}

function sameVersions(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}
