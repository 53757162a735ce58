/** A segment's stages chained over their keys: events of outside go in, in order; events come out.
 *  It knows no log, no batch and no partition: a task drives it, and so does a test.
 *
 *  F1  Under one root a stage finishes before a stage of higher rank begins (per symbol), or events wait in one
 *      first-in-first-out queue per portfolio, handed to its stages in table order (per portfolio).
 *  F2  Seq, count and timers are counted per key; nothing depends on which keys share a fold.
 *  F3  A throw leaves the fold unusable: the caller restores it and names the refusal in `refused`. */
import {
  compareRoots,
  type EmitOptions,
  type Event,
  type EventTopic,
  type Identity,
  identityOf,
  type Root,
  rootOfTimer,
  type Segment,
  type Turn,
  type View,
} from '@tideway/schemas'
import { type CountCell, nextSeq, type SavedCell, type StageCell, saveCell } from './cells.ts'
import { LastSeen } from './last-seen.ts'
import { refusalOfEvent, refusalOfTimer, StageRefusal } from './refusal.ts'
import { type Timer, TimerQueue } from './timers.ts'

type Handler = (state: unknown, event: Event, turn: Turn<unknown>) => void
export type SavedFold = {
  readonly views: Readonly<Record<string, unknown>>
  readonly lastSeen: unknown
  readonly cells: readonly (readonly [stage: string, key: string, cell: SavedCell])[]
}

const NOBODY: readonly string[] = []

export class Fold {
  /** Events that each stage has folded so far, wake-ups among them. */
  readonly folded: number[]
  /** Events emitted since they were last taken, in order. */
  readonly outputs: Event[] = []
  /** Refusals met: the stage does not see that event, `onRefused` tells of it once. */
  refused: Pick<ReadonlyMap<string, unknown>, 'has' | 'size'> = new Map()
  onRefused: (refusal: string, stage: string, event: Event | Timer) => void = () => {}

  readonly #segment: Segment
  readonly #owns: (key: string) => boolean
  readonly #views: Record<string, unknown> = {}
  readonly #viewsOf = new Map<EventTopic, View<never>[]>()
  readonly #handlers = new Map<string, readonly (Handler | undefined)[]>()
  readonly #owned = new WeakMap<readonly string[], readonly string[]>()
  readonly #cells: Map<string, StageCell>[]
  readonly #counts = new Map<string, CountCell>()
  readonly #timers = new TimerQueue()
  readonly #lastSeen = new LastSeen()
  readonly #fullCauses: ReadonlySet<EventTopic>
  readonly #queue: Event[] = []
  readonly #turn: Turn<unknown>

  // The turn: whose event is being folded. One object is reused, so these stand here.
  #cell: StageCell | undefined
  #root: Root | undefined
  #event: Event | undefined
  #timer: Timer | undefined

  constructor(segment: Segment, owns: (key: string) => boolean = () => true) {
    this.#segment = segment
    this.#owns = owns
    this.#fullCauses = new Set(segment.fullCauses)
    this.#cells = segment.stages.map(() => new Map())
    this.folded = segment.stages.map(() => 0)
    for (const view of segment.views) {
      this.#views[view.name] = view.empty()
      for (const topic of view.reads) this.#viewsOf.set(topic, [...(this.#viewsOf.get(topic) ?? []), view])
    }
    this.#turn = this.#newTurn()
  }

  get views(): Readonly<Record<string, unknown>> {
    return this.#views
  }

  get keys(): number {
    return this.#counts.size
  }

  /** Folds one event of outside. */
  take(event: Event): void {
    this.#root = event.stamp.root
    this.observe(event)
    const keys = this.#segment.route(event, this.#views)
    if (keys.length === 0) return
    for (const key of this.#ownedOf(keys)) {
      this.#queue.length = 0
      this.#queue.push(event)
      this.#run(key)
    }
  }

  /** Folds the views only: for a refold up to what a changelog has already. */
  observe(event: Event): void {
    const views = this.#viewsOf.get(event.topic)
    if (views) for (const view of views) this.#foldView(view, event)
    if (this.#fullCauses.size > 0) this.#lastSeen.note(event)
  }

  #foldView(view: View<never>, event: Event): void {
    const name = `view:${view.name}`
    if (this.refused.size > 0) {
      const refusal = refusalOfEvent(name, event.key, event)
      if (this.refused.has(refusal)) {
        this.onRefused(refusal, name, event)
        return
      }
    }
    try {
      view.fold(this.#views[view.name] as never, event)
    } catch (error) {
      throw new StageRefusal(name, event, error)
    }
  }

  nextTimer(): Timer | undefined {
    return this.#timers.peek()
  }

  /** Fires the first timer; the caller has seen that it is due. */
  fire(): void {
    const timer = this.#timers.take()
    if (!timer) return
    const cell = this.#cellOf(timer.stage, timer.key)
    cell.timers = cell.timers.filter(pending => pending !== timer)
    cell.dirty = true
    this.#root = timer.root
    this.#queue.length = 0
    const refusal = this.refused.size > 0 ? refusalOfTimer(cell.ranked.stage.name, timer) : undefined
    if (refusal !== undefined && this.refused.has(refusal)) {
      this.onRefused(refusal, cell.ranked.stage.name, timer)
      return
    }
    this.#cell = cell
    this.#event = undefined
    this.#timer = timer
    this.#count(timer.stage)
    try {
      cell.ranked.stage.wake?.(cell.state, timer.tag, this.#turn)
    } catch (error) {
      throw new StageRefusal(cell.ranked.stage.name, timer, error)
    }
    this.#run(timer.key)
  }

  #run(key: string): void {
    if (this.#segment.per === 'symbol') this.#runByRank(key)
    else this.#runByQueue(key)
  }

  #runByRank(key: string): void {
    const list = this.#queue
    const stages = this.#segment.stages.length
    for (let stage = 0; stage < stages; stage++) {
      const before = list.length
      for (let at = 0; at < before; at++) {
        const event = list[at]
        if (event) this.#offer(stage, key, event)
      }
    }
  }

  #runByQueue(key: string): void {
    const queue = this.#queue
    const stages = this.#segment.stages.length
    for (let at = 0; at < queue.length; at++) {
      const event = queue[at]
      if (event) for (let stage = 0; stage < stages; stage++) this.#offer(stage, key, event)
    }
  }

  #offer(stage: number, key: string, event: Event): void {
    const handler = this.#handlersOf(event)[stage]
    if (!handler) return
    const cell = this.#cellOf(stage, key)
    const { name } = cell.ranked.stage
    if (this.refused.size > 0) {
      const refusal = refusalOfEvent(name, key, event)
      if (this.refused.has(refusal)) {
        this.onRefused(refusal, name, event)
        return
      }
    }
    this.#cell = cell
    this.#event = event
    this.#timer = undefined
    cell.dirty = true
    this.#count(stage)
    try {
      handler(cell.state, event, this.#turn)
    } catch (error) {
      throw new StageRefusal(name, event, error, key)
    }
  }

  #count(stage: number): void {
    this.folded[stage] = (this.folded[stage] ?? 0) + 1
  }

  #emit(topic: EventTopic, type: string, data: unknown, options: EmitOptions | undefined): Identity {
    const { cell, root } = this.#current()
    const { key, counts, ranked } = cell
    if (counts.root === undefined || compareRoots(counts.root, root) !== 0) {
      counts.root = root
      counts.count = 0
    }
    const trigger = this.#turn.trigger
    const causes = options?.causes ? [trigger, ...options.causes] : [trigger]
    if (this.#fullCauses.has(topic)) {
      this.#lastSeen.addCauses(causes, this.#segment.subscriptions(key, this.#views), key)
    }
    const event = {
      topic,
      type,
      key,
      source: ranked.stage.name,
      seq: nextSeq(cell, topic),
      eventTime: options?.eventTime ?? this.#event?.eventTime ?? root.time,
      ingestTime: root.time,
      stamp: { root, rank: ranked.rank, key, count: counts.count++ },
      causes,
      replayOf: null,
      data,
    } as Event
    this.outputs.push(event)
    this.#queue.push(event)
    return identityOf(event)
  }

  #wakeAt(due: number, tag: string): void {
    const { cell, root } = this.#current()
    if (!Number.isSafeInteger(due)) throw new RangeError(`wakeAt(${due}): a time is a whole number of microseconds`)
    const root_ = rootOfTimer(Math.max(due, root.time + 1), cell.key, cell.ranked.rank, cell.counts.timers++)
    const timer: Timer = { root: root_, stage: cell.index, key: cell.key, tag, cause: this.#turn.trigger }
    cell.timers.push(timer)
    this.#timers.add(timer)
  }

  #current(): { cell: StageCell; root: Root } {
    if (!this.#cell || !this.#root) throw new Error('a turn is valid only while its event is handled')
    return { cell: this.#cell, root: this.#root }
  }

  #newTurn(): Turn<unknown> {
    const fold = this
    return {
      get key() {
        return fold.#cell?.key ?? fold.#noTurn()
      },
      get time() {
        return fold.#root?.time ?? fold.#noTurn()
      },
      views: this.#views,
      get trigger() {
        return fold.#timer ? fold.#timer.cause : fold.#event ? identityOf(fold.#event) : fold.#noTurn()
      },
      emit: (topic, type, data, options) => this.#emit(topic, type, data, options),
      wakeAt: (due, tag) => this.#wakeAt(due, tag),
    }
  }

  #noTurn(): never {
    throw new Error('a turn is valid only while its event is handled')
  }

  #handlersOf(event: Event): readonly (Handler | undefined)[] {
    const name = `${event.topic}/${event.type}`
    let handlers = this.#handlers.get(name)
    if (!handlers) {
      handlers = this.#segment.stages.map(({ stage }) =>
        stage.reads.includes(event.topic) ? (stage.on[event.type] as Handler | undefined) : undefined,
      )
      this.#handlers.set(name, handlers)
    }
    return handlers
  }

  #ownedOf(keys: readonly string[]): readonly string[] {
    let owned = this.#owned.get(keys)
    if (!owned) {
      owned = keys.every(this.#owns) ? keys : keys.filter(this.#owns)
      if (owned.length === 0) owned = NOBODY
      this.#owned.set(keys, owned)
    }
    return owned
  }

  #cellOf(index: number, key: string): StageCell {
    const cells = this.#cells[index]
    const ranked = this.#segment.stages[index]
    if (!cells || !ranked) throw new RangeError(`no stage ${index} in segment ${this.#segment.name}`)
    let cell = cells.get(key)
    if (!cell) {
      const { stage } = ranked
      cell = {
        key,
        index,
        ranked,
        counts: this.#countsOf(ranked.rank, key),
        state: stage.empty(key),
        seqs: stage.writes.map(() => 0),
        timers: [],
        dirty: true,
      }
      cells.set(key, cell)
    }
    return cell
  }

  #countsOf(rank: number, key: string): CountCell {
    const name = `${rank}\u0000${key}`
    let counts = this.#counts.get(name)
    if (!counts) {
      counts = { root: undefined, count: 0, timers: 0 }
      this.#counts.set(name, counts)
    }
    return counts
  }

  /** Cells changed since the last call, as plain data. */
  takeChanged(): (readonly [stage: string, key: string, cell: SavedCell])[] {
    const changed: (readonly [string, string, SavedCell])[] = []
    for (const cells of this.#cells) {
      for (const cell of cells.values()) {
        if (!cell.dirty) continue
        cell.dirty = false
        changed.push([cell.ranked.stage.name, cell.key, saveCell(cell)])
      }
    }
    return changed
  }

  /** Views and, where asked for, every cell, as plain data. */
  save(withCells: boolean): SavedFold {
    const views: Record<string, unknown> = {}
    for (const view of this.#segment.views) views[view.name] = view.save(this.#views[view.name] as never)
    const cells = withCells
      ? this.#cells.flatMap(each =>
          [...each.values()].map(cell => [cell.ranked.stage.name, cell.key, saveCell(cell)] as const),
        )
      : []
    return { views, lastSeen: this.#lastSeen.save(), cells }
  }

  /** Loads what `save` gave into an empty fold. */
  load(saved: SavedFold): void {
    for (const view of this.#segment.views) {
      if (view.name in saved.views) this.#views[view.name] = view.load(saved.views[view.name])
    }
    this.#lastSeen.load(saved.lastSeen)
    for (const [stage, key, cell] of saved.cells) this.loadCell(stage, key, cell)
  }

  loadCell(stageName: string, key: string, saved: SavedCell): void {
    const index = this.#segment.stages.findIndex(({ stage }) => stage.name === stageName)
    if (index < 0) return // A stage that is no longer part of the segment.
    const cell = this.#cellOf(index, key)
    cell.state = cell.ranked.stage.load(saved.state)
    cell.seqs.splice(0, cell.seqs.length, ...saved.seqs)
    // Cells of one rank share their counts and are not always saved together: the furthest is the true one.
    if (saved.counts.timers > cell.counts.timers) cell.counts.timers = saved.counts.timers
    if (isLater(saved.counts, cell.counts)) {
      cell.counts.root = saved.counts.root
      cell.counts.count = saved.counts.count
    }
    cell.timers = [...saved.timers]
    for (const timer of cell.timers) this.#timers.add(timer)
    cell.dirty = false
  }
}

function isLater(saved: SavedCell['counts'], known: CountCell): boolean {
  if (!saved.root) return false
  if (!known.root) return true
  const order = compareRoots(saved.root, known.root)
  return order > 0 || (order === 0 && saved.count > known.count)
}
