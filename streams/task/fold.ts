/** A segment's stages chained over their keys: events of outside go in, in order; events come out.
 *  It knows no log, no batch and no partition: a task drives it, and so does a test.
 *
 *  F1  Under one root a stage finishes before a stage of higher rank begins (per symbol), or events wait in one
 *      first-in-first-out queue per portfolio, handed to its stages in table order (per portfolio).
 *  F2  Seq, count and timers are counted per key; nothing depends on which keys share a fold.
 *  F3  A throw leaves the fold unusable: the caller restores it and names the refusal in `refused`.
 *
 *  Hot code: what is called per event allocates nothing of its own. */
import type { Event, EventTopic, Segment, View } from '@tideway/schemas'
import { EventRecord } from '../wire/codec.ts'
import { Cells, type NamedCell, type StageCell } from './cells.ts'
import { type Handlers, HandlerTable } from './handlers.ts'
import { LastSeen } from './last-seen.ts'
import { refusalOfEvent, refusalOfTimer, StageRefusal } from './refusal.ts'
import { type Timer, TimerQueue } from './timers.ts'
import { FoldTurn } from './turn.ts'

export type SavedFold = {
  readonly views: Readonly<Record<string, unknown>>
  readonly lastSeen: unknown
  readonly cells: readonly NamedCell[]
}

const NOBODY: readonly number[] = []
const NO_VIEWS: readonly View<never>[] = []

export class Fold {
  /** Events that each stage has folded so far, wake-ups among them. */
  readonly folded: number[]
  /** Events emitted since they were last taken, in order. */
  readonly outputs: EventRecord[] = []
  /** Throws for an output that no commit could take: the stage that made it is taken to have refused its event. */
  admit: ((output: EventRecord) => void) | undefined
  /** Refusals met: the stage does not see that event, `onRefused` tells of it once. */
  refused: Pick<ReadonlyMap<string, unknown>, 'has' | 'size'> = new Map()
  onRefused: (refusal: string, stage: string, event: Event | Timer) => void = () => {}

  readonly #segment: Segment
  readonly #owns: (key: string) => boolean
  readonly #views: Record<string, unknown> = {}
  readonly #viewsOf = new Map<EventTopic, View<never>[]>()
  // Events of one topic come in long runs: its views, at hand.
  #viewsTopic: EventTopic | undefined
  #topicViews: readonly View<never>[] = []
  readonly #handlers: HandlerTable
  readonly #owned = new WeakMap<readonly string[], readonly string[]>()
  readonly #cells: Cells
  readonly #timers = new TimerQueue()
  readonly #lastSeen = new LastSeen()
  readonly #fullCauses: ReadonlySet<EventTopic>
  readonly #turn: FoldTurn
  /** What waits under the current root, with its handlers: the first `#queued` of each. Never shortened: an array that
   *  is emptied gives its memory back and takes new. */
  readonly #queue: Event[] = []
  readonly #queueHandlers: Handlers[] = []
  #queued = 0
  /** The last answer of `route` and what of it is owned. */
  #routed: readonly string[] = []
  #routedOwned: readonly string[] = []

  constructor(segment: Segment, owns: (key: string) => boolean = () => true) {
    this.#segment = segment
    this.#owns = owns
    this.#fullCauses = new Set(segment.fullCauses)
    this.#handlers = new HandlerTable(segment)
    this.#cells = new Cells(segment)
    this.folded = segment.stages.map(() => 0)
    for (const view of segment.views) {
      this.#views[view.name] = view.empty()
      for (const topic of view.reads) this.#viewsOf.set(topic, [...(this.#viewsOf.get(topic) ?? []), view])
    }
    this.#turn = new FoldTurn(this.#views, {
      emitted: event => {
        const output = new EventRecord(event)
        this.admit?.(output)
        this.outputs.push(output)
        this.#enqueue(event)
      },
      asked: timer => this.#timers.add(timer),
      addCauses: (topic, causes, key) => {
        if (!this.#fullCauses.has(topic)) return
        this.#lastSeen.addCauses(causes, segment.subscriptions(key, this.#views), key)
      },
    })
  }

  get views(): Readonly<Record<string, unknown>> {
    return this.#views
  }

  get keys(): number {
    return this.#cells.size
  }

  /** Folds one event of outside. */
  take(event: Event): void {
    this.observe(event)
    const keys = this.#segment.route(event, this.#views)
    if (keys.length === 0) return
    const handlers = this.#handlers.of(event)
    const owned = keys === this.#routed ? this.#routedOwned : this.#findOwned(keys)
    for (let at = 0; at < owned.length; at++) {
      this.#queue[0] = event
      this.#queueHandlers[0] = handlers
      this.#queued = 1
      this.#run(this.#cells.of(owned[at] ?? ''))
    }
  }

  /** Folds the views only: for a refold up to what a changelog has already. */
  observe(event: Event): void {
    if (event.topic !== this.#viewsTopic) {
      this.#viewsTopic = event.topic
      this.#topicViews = this.#viewsOf.get(event.topic) ?? NO_VIEWS
    }
    for (let n = 0; n < this.#topicViews.length; n++) this.#foldView(this.#topicViews[n], event)
    if (this.#fullCauses.size > 0) this.#lastSeen.note(event)
  }

  nextTimer(): Timer | undefined {
    return this.#timers.peek()
  }

  /** Fires the first timer; the caller has seen that it is due. */
  fire(): void {
    const timer = this.#timers.take()
    if (!timer) return
    const cells = this.#cells.of(timer.key)
    const cell = cells[timer.stage]
    if (!cell) return
    cell.timers = cell.timers.filter(pending => pending !== timer)
    cell.dirty = true
    this.#queued = 0
    const { stage } = cell.ranked
    const refusal = this.refused.size > 0 ? refusalOfTimer(stage.name, timer) : undefined
    if (refusal !== undefined && this.refused.has(refusal)) {
      this.onRefused(refusal, stage.name, timer)
      return
    }
    this.#count(timer.stage)
    try {
      stage.wake?.(cell.state, timer.tag, this.#turn.atTimer(cell, timer))
    } catch (error) {
      throw new StageRefusal(stage.name, timer, error)
    }
    this.#run(cells)
  }

  #run(cells: readonly StageCell[]): void {
    if (this.#segment.per === 'symbol') this.#runByRank(cells)
    else this.#runByQueue(cells)
  }

  #runByRank(cells: readonly StageCell[]): void {
    let from = 0
    // While the root alone waits, only the stages that handle it need to be asked.
    if (this.#queued === 1) {
      const interested = this.#queueHandlers[0]?.interested ?? NOBODY
      from = cells.length
      for (let n = 0; n < interested.length; n++) {
        const stage = interested[n] ?? 0
        this.#offer(cells[stage], 0)
        if (this.#queued > 1) {
          from = stage + 1
          break
        }
      }
    }
    for (let stage = from; stage < cells.length; stage++) {
      const before = this.#queued
      for (let at = 0; at < before; at++) this.#offer(cells[stage], at)
    }
  }

  #runByQueue(cells: readonly StageCell[]): void {
    for (let at = 0; at < this.#queued; at++) {
      const interested = this.#queueHandlers[at]?.interested ?? NOBODY
      for (let n = 0; n < interested.length; n++) this.#offer(cells[interested[n] ?? 0], at)
    }
  }

  /** Offers what stands in the queue to a stage. */
  #offer(cell: StageCell | undefined, at: number): void {
    const event = this.#queue[at]
    if (!cell || !event) return
    const handler = this.#queueHandlers[at]?.byStage[cell.index]
    if (!handler) return
    if (this.refused.size > 0 && this.#isRefused(cell.ranked.stage.name, cell.key, event)) return
    cell.dirty = true
    this.#count(cell.index)
    try {
      handler(cell.state, event, this.#turn.atEvent(cell, event))
    } catch (error) {
      throw new StageRefusal(cell.ranked.stage.name, event, error, cell.key)
    }
  }

  #foldView(view: View<never> | undefined, event: Event): void {
    if (!view) return
    if (this.refused.size > 0 && this.#isRefused(`view:${view.name}`, event.key, event)) return
    try {
      view.fold(this.#views[view.name] as never, event)
    } catch (error) {
      throw new StageRefusal(`view:${view.name}`, event, error)
    }
  }

  #isRefused(stage: string, key: string, event: Event): boolean {
    const refusal = refusalOfEvent(stage, key, event)
    if (!this.refused.has(refusal)) return false
    this.onRefused(refusal, stage, event)
    return true
  }

  #enqueue(event: Event): void {
    this.#queue[this.#queued] = event
    this.#queueHandlers[this.#queued] = this.#handlers.of(event)
    this.#queued++
  }

  #count(stage: number): void {
    this.folded[stage] = (this.folded[stage] ?? 0) + 1
  }

  #findOwned(keys: readonly string[]): readonly string[] {
    let owned = this.#owned.get(keys)
    if (!owned) {
      owned = keys.every(this.#owns) ? keys : keys.filter(this.#owns)
      this.#owned.set(keys, owned)
    }
    this.#routed = keys
    this.#routedOwned = owned
    return owned
  }

  /** Cells changed since the last call, as plain data. */
  takeChanged(): NamedCell[] {
    return this.#cells.takeChanged()
  }

  /** Views and, where asked for, every cell, as plain data. */
  save(withCells: boolean): SavedFold {
    const views: Record<string, unknown> = {}
    for (const view of this.#segment.views) views[view.name] = view.save(this.#views[view.name] as never)
    return { views, lastSeen: this.#lastSeen.save(), cells: withCells ? this.#cells.save() : [] }
  }

  /** Loads what `save` gave into an empty fold. */
  load(saved: SavedFold): void {
    for (const view of this.#segment.views) {
      if (view.name in saved.views) this.#views[view.name] = view.load(saved.views[view.name])
    }
    this.#lastSeen.load(saved.lastSeen)
    for (const cell of saved.cells) this.loadCell(cell)
  }

  loadCell(saved: NamedCell): void {
    for (const timer of this.#cells.load(saved)?.timers ?? []) this.#timers.add(timer)
  }
}
