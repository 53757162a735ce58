/** A task: one partition's (or shard's) share of a segment, folded from the log and committed to it.
 *
 *  A round takes what lies below the watermark of all inputs, sorted by stamp, folds it with the timers between, and
 *  commits outputs, state, positions and watermarks as one.
 *
 *  K1  A round goes no further than its inputs' watermarks; how many records a round takes never shows in the bytes.
 *  K2  A commit is all or nothing. After a failed one the state in memory is thrown away and restored from the log.
 *  K3  A stage that throws loses that one event, which goes to the dead letters; the round is folded again without it.
 *      Refusals that come close together cost little: rounds are short after one, and a snapshot stands before each.
 *  K4  A refold gives the bytes that were committed, or the task stops (NondeterminismError).
 *  K5  Under another version of a stage the refold is not compared; its state goes into a snapshot with the next commit.
 *  K6  A record below the watermark that its partition promised stops the task: what was folded without it was folded
 *      from an incomplete past. */
import { deserialize, serialize } from 'node:v8'
import { compareRoots, type Event, type Interleaving, type Run } from '@tideway/schemas'
import type { Commit, Log, Output, Saved, Writer } from '../log/log.ts'
import type { EventRecord } from '../wire/codec.ts'
import type { SavedCell } from './cells.ts'
import { NondeterminismError, WatermarkError } from './errors.ts'
import { Fold, type SavedFold } from './fold.ts'
import { Intake, offsetIn, type Taken } from './intake.ts'
import { interleavingOutput } from './interleaving.ts'
import { digestOf, Outputs, watermarksOf } from './outputs.ts'
import { decodeProgress, encodeProgress, type Progress, sameVersions, versionsOf } from './progress.ts'
import { StageRefusal } from './refusal.ts'
import { Refusals } from './refusals.ts'
import { poisonLetter, refusalLetter, type Sender } from './set-aside.ts'
import { defaultTaskOptions, type TaskOptions, type TaskSpec } from './task-spec.ts'
import type { Timer } from './timers.ts'

interface Round {
  readonly events: number
  readonly outputs: readonly EventRecord[]
  /** The frontier before it. */
  readonly since: number
  readonly runs: readonly Run[]
  readonly letters: number
}
/** Events of the round that follows a refusal; each that goes through doubles it. */
const EVENTS_AFTER_REFUSAL = 64

const emptyRound: Round = { events: 0, outputs: [], since: 0, runs: [], letters: 0 }

export class Task {
  readonly spec: TaskSpec
  readonly #log: Log
  readonly #options: TaskOptions
  readonly #intake: Intake
  readonly #outputs: Outputs
  #writer: Writer
  #fold: Fold
  #frontier = 0
  #digest = 0
  #sinceSnapshot = 0
  #snapshot: Progress['snapshot']
  /** The commit that a refold leads to, while there is one. */
  #refoldTo: Progress | undefined
  #letters: Output[] = []
  readonly #refusals = new Refusals()

  private constructor(spec: TaskSpec, log: Log, options: TaskOptions, writer: Writer) {
    this.spec = spec
    this.#log = log
    this.#options = options
    this.#writer = writer
    this.#intake = new Intake(spec.segment, spec.inputs, options)
    this.#outputs = new Outputs(log)
    this.#fold = this.#newFold()
  }

  /** Takes over the task: fences whoever had it, restores what was committed. */
  static async open(spec: TaskSpec, log: Log, options: Partial<TaskOptions> = {}): Promise<Task> {
    const task = new Task(spec, log, { ...defaultTaskOptions, ...options }, await log.open(spec.name))
    await task.#restore()
    return task
  }

  /** Everything with a root time below it is folded and committed. */
  get frontier(): number {
    return this.#frontier
  }

  /** Reads ahead, then one round; true when either moved. After an error of the log `recover` must be called. */
  async step(): Promise<boolean> {
    const read = await this.#intake.fetch(this.#log, this.#options.readLimit, this.#fold.views)
    return (await this.#round(() => this.#intake.take(this.#intake.promise(), this.#fold.views))) || read
  }

  /** One round as an earlier run recorded it; false while it is still folding by stamp up to where the record begins,
   *  and until all its records are there. */
  async stepFollowing(record: Interleaving): Promise<boolean> {
    await this.#intake.fetch(this.#log, this.#options.readLimit, this.#fold.views)
    if (this.#frontier >= record.since) return this.#round(() => this.#intake.follow(record))
    const until = Math.min(this.#intake.promise(), record.since)
    await this.#round(() => this.#intake.take(until, this.#fold.views, this.#intake.positions))
    return false
  }

  /** Throws the state in memory away and starts again from the last commit. */
  async recover(): Promise<void> {
    this.#writer = await this.#log.open(this.spec.name)
    this.#refusals.clear()
    await this.#restore()
  }

  /** Ends the task; with a snapshot, so that the next start has nothing to refold and may run another version. */
  async close(): Promise<void> {
    if (this.#options.persist && this.#frontier > 0) await this.#commit(emptyRound, true)
    await this.#writer.close()
  }

  async #round(take: () => Taken | undefined): Promise<boolean> {
    const frontier = this.#frontier
    let round: Round
    try {
      const taken = take()
      if (!taken) return false
      round = this.#foldRound(taken)
    } catch (error) {
      if (!(error instanceof StageRefusal)) throw error
      this.#note(error)
      await this.#recoverFromRefusal()
      return true
    }
    if (round.events === 0 && round.letters === 0 && this.#frontier === frontier) return false
    await this.#commit(round, false)
    this.#intake.maxEvents = Math.min(this.#options.maxEvents, this.#intake.maxEvents * 2)
    return true
  }

  /** The round is folded again: cheaply, should it meet more of them. */
  async #recoverFromRefusal(): Promise<void> {
    this.#intake.maxEvents = Math.min(this.#options.maxEvents, EVENTS_AFTER_REFUSAL)
    await this.#restore() // throws `fenced` where another has the task: its refusals are not ours to note
    if (this.#sinceSnapshot > 0) await this.#commit(emptyRound, true)
  }

  #foldRound({ events, cut, poison, runs }: Taken): Round {
    const fold = this.#fold
    const since = this.#frontier
    this.#checkPromise(events[0])
    this.#setPoisonAside(poison)
    for (const event of events) {
      for (let timer = fold.nextTimer(); timer && isBefore(timer, event); timer = fold.nextTimer()) fold.fire()
      fold.take(event)
    }
    for (let timer = fold.nextTimer(); timer && timer.root.time < cut; timer = fold.nextTimer()) fold.fire()
    this.#frontier = Math.max(this.#frontier, cut)
    this.#sinceSnapshot += events.length
    return { events: events.length, outputs: fold.outputs.splice(0), since, runs, letters: this.#letters.length }
  }

  /** K6. */
  #checkPromise(first: Event | undefined): void {
    if (!first || first.ingestTime >= this.#frontier || this.#options.prompt.size > 0) return
    const { topic, key, source, seq, ingestTime } = first
    throw new WatermarkError(
      `${this.spec.name}: ${topic}/${key}/${source}/${seq} has the time ${ingestTime}, and its inputs promised that nothing below ${this.#frontier} would follow; its feed stamps below its own watermark`,
    )
  }

  /** Once: a refold leaves out what an earlier commit took, and only that (I4). */
  #setPoisonAside(poison: Taken['poison']): void {
    for (const each of poison) {
      const { input, record, error } = each
      if (this.#refoldTo && record.offset < offsetIn(this.#refoldTo.positions, input)) continue
      this.#letters.push(poisonLetter(this.#sender, each))
      this.#options.observer?.setAside(this.spec.name, '', error)
    }
  }

  async #commit(round: Round, withSnapshot: boolean): Promise<void> {
    const { segment, partition } = this.spec
    const { positions } = this.#intake
    const state = this.#changes()
    if (this.#keepsDigest) this.#digest = digestOf(round.outputs, this.#digest)
    const snapshot = this.#snapshotIfDue(withSnapshot)
    const progress: Progress = {
      frontier: this.#frontier,
      positions,
      versions: versionsOf(segment),
      snapshot: this.#snapshot,
      digest: this.#digest,
    }
    await this.#writer.commit({
      outputs: [...this.#outputs.group(round.outputs), ...this.#letters, ...this.#interleaving(round)],
      watermarks: watermarksOf(segment, partition, this.#frontier),
      positions,
      progress: encodeProgress(progress),
      state,
      ...(snapshot && { snapshot }),
    })
    this.#letters = []
    if (snapshot) this.#refusals.forgetPassed()
    this.#tell(
      round,
      state.reduce((total, { value }) => total + (value?.length ?? 0), snapshot?.length ?? 0),
    )
  }

  #tell({ events, outputs }: Round, stateBytes: number): void {
    const { observer } = this.#options
    if (!observer) return
    const folded = this.spec.segment.stages.map(({ stage }, at) => ({
      stage: stage.name,
      events: this.#fold.folded[at] ?? 0,
    }))
    const { keys } = this.#fold
    const made = outputs.map(({ event }) => event)
    observer.committed(this.spec.name, { events, outputs: made, frontier: this.#frontier, keys, folded, stateBytes })
  }

  get #keepsDigest(): boolean {
    return this.#options.persist && this.spec.segment.persistence === 'snapshot'
  }

  get #refoldsViewsOnly(): boolean {
    return this.#options.persist && this.spec.segment.persistence === 'changelog'
  }

  #changes(): Commit['state'] {
    if (!this.#refoldsViewsOnly) return []
    return this.#fold
      .takeChanged()
      .map(([stage, key, cell]) => ({ key: `${stage}\u0000${key}`, value: serialize(cell) }))
  }

  #snapshotIfDue(wanted: boolean): Uint8Array | undefined {
    const { persist, snapshotEvery } = this.#options
    // The first commit has one: what retention may forget is counted from a snapshot's positions.
    const due = this.#snapshot === undefined || this.#sinceSnapshot >= snapshotEvery
    if (!wanted && !(persist && due)) return undefined
    this.#snapshot = { frontier: this.#frontier, positions: this.#intake.positions }
    this.#digest = 0
    this.#sinceSnapshot = 0
    return serialize(this.#fold.save(!this.#refoldsViewsOnly))
  }

  #interleaving({ since, runs }: Round): Output[] {
    if (runs.length === 0) return []
    const { layout } = this.#intake
    return [interleavingOutput({ task: this.spec.name, layout, since, frontier: this.#frontier, runs })]
  }

  get #sender(): Sender {
    const { name: task, partition } = this.spec
    return { task, partition, maxRecordBytes: this.#log.maxRecordBytes }
  }

  #newFold(): Fold {
    const fold = new Fold(this.spec.segment, key => this.spec.owns(key))
    fold.refused = this.#refusals
    if (this.#options.persist) fold.admit = record => this.#outputs.admit(record)
    fold.onRefused = (refusal, stage, subject) => {
      this.#refusals.pass(refusal)
      if (this.#refoldTo) return
      this.#letters.push(refusalLetter(this.#sender, stage, subject, this.#refusals.reason(refusal)))
    }
    return fold
  }

  #note(error: StageRefusal): void {
    this.#refusals.note(error)
    this.#options.observer?.setAside(this.spec.name, error.stage, error.cause)
  }

  async #restore(): Promise<void> {
    const saved = await this.#writer.restore()
    const progress = saved && decodeProgress(saved.progress)
    for (;;) {
      this.#reset(progress)
      if (!saved || !progress) return
      try {
        await this.#restoreFrom(saved, progress)
        return
      } catch (error) {
        if (!(error instanceof StageRefusal)) throw error
        this.#note(error)
      }
    }
  }

  #reset(progress: Progress | undefined): void {
    this.#fold = this.#newFold()
    this.#letters = []
    this.#refusals.turnBack()
    this.#digest = 0
    this.#sinceSnapshot = 0
    this.#snapshot = progress?.snapshot
    this.#frontier = progress?.snapshot?.frontier ?? 0
    this.#intake.seek(progress?.snapshot?.positions ?? [], this.#frontier)
  }

  async #restoreFrom(saved: Saved, progress: Progress): Promise<void> {
    if (saved.snapshot) this.#fold.load(deserialize(saved.snapshot) as SavedFold)
    const viewsOnly = this.#refoldsViewsOnly
    const refolded = await this.#refold(progress, viewsOnly)
    if (viewsOnly) {
      for (const [name, value] of saved.state) {
        const [stage = '', key = ''] = name.split('\u0000')
        this.#fold.loadCell([stage, key, deserialize(value) as SavedCell])
      }
    }
    this.#sinceSnapshot = refolded
    const versions = versionsOf(this.spec.segment)
    if (!sameVersions(progress.versions, versions)) {
      this.#sinceSnapshot = Number.MAX_SAFE_INTEGER // K5
      this.#options.observer?.versionChanged?.(this.spec.name, progress.versions, versions)
    } else if (this.#keepsDigest) this.#compare(progress, refolded)
    this.#options.observer?.restored(this.spec.name, refolded)
  }

  /** Folds from the snapshot to the last commit, outputs suppressed. */
  async #refold(progress: Progress, viewsOnly: boolean): Promise<number> {
    let refolded = 0
    this.#refoldTo = progress
    try {
      for (;;) {
        const moved = await this.#intake.fetch(this.#log, this.#options.readLimit, this.#fold.views)
        const before = this.#frontier
        const promise = Math.min(this.#intake.promise(), progress.frontier)
        const taken = this.#intake.take(promise, this.#fold.views, progress.positions)
        if (viewsOnly) {
          this.#setPoisonAside(taken.poison)
          for (const event of taken.events) this.#fold.observe(event)
          this.#frontier = Math.max(this.#frontier, taken.cut)
        } else {
          const { outputs } = this.#foldRound(taken)
          if (this.#keepsDigest) this.#digest = digestOf(outputs, this.#digest)
        }
        refolded += taken.events.length
        if (this.#frontier >= progress.frontier && this.#intake.reached(progress.positions)) return refolded
        if (!moved && this.#frontier === before && taken.events.length === 0) {
          throw new Error(
            `${this.spec.name}: the log ends before the task's last commit (frontier ${progress.frontier}): it was truncated or replaced`,
          )
        }
      }
    } finally {
      this.#refoldTo = undefined
    }
  }

  /** K4. */
  #compare(progress: Progress, refolded: number): void {
    if (this.#digest === progress.digest) return
    throw new NondeterminismError(
      `${this.spec.name}: the refold of ${refolded} events gives other bytes than were committed; a stage reads something besides its event, or its answer changed without a new version`,
    )
  }
}

/** By root: a timer of the same microsecond comes before every input. */
function isBefore({ root }: Timer, event: Event): boolean {
  if (root.time !== event.ingestTime) return root.time < event.ingestTime
  return compareRoots(root, event.stamp.root) < 0
}
