/** The turn that a stage is given: one object for a whole fold, pointed at whoever is being called. */
import {
  compareRoots,
  type EmitOptions,
  type Event,
  type EventTopic,
  type Identity,
  identityOf,
  type Root,
  rootOfTimer,
  type Turn,
} from '@tideway/schemas'
import { nextSeq, type StageCell } from './cells.ts'
import type { Timer } from './timers.ts'

export interface TurnSink {
  emitted(event: Event): void
  asked(timer: Timer): void
  /** Causes beside the trigger that events of this topic name. */
  addCauses(topic: EventTopic, causes: Identity[], key: string): void
}

export class FoldTurn implements Turn<unknown> {
  readonly views: unknown
  readonly #sink: TurnSink
  #cell: StageCell | undefined
  #event: Event | undefined
  #timer: Timer | undefined

  constructor(views: unknown, sink: TurnSink) {
    this.views = views
    this.#sink = sink
  }

  /** Of a stage that handles an event. */
  atEvent(cell: StageCell, event: Event): this {
    this.#cell = cell
    this.#event = event
    this.#timer = undefined
    return this
  }

  /** Of a stage that is woken. */
  atTimer(cell: StageCell, timer: Timer): this {
    this.#cell = cell
    this.#event = undefined
    this.#timer = timer
    return this
  }

  get key(): string {
    return (this.#cell ?? noTurn()).key
  }

  get time(): number {
    return this.#event ? this.#event.ingestTime : (this.#timer ?? noTurn()).root.time
  }

  /** A stamp is made only where one is needed (wire/input-event.ts). */
  get #root(): Root {
    return this.#event ? this.#event.stamp.root : (this.#timer ?? noTurn()).root
  }

  get trigger(): Identity {
    return this.#event ? identityOf(this.#event) : (this.#timer ?? noTurn()).cause
  }

  readonly emit: Turn<unknown>['emit'] = (topic, type, data, options) => this.#emit(topic, type, data, options)

  #emit(topic: EventTopic, type: string, data: unknown, options: EmitOptions | undefined): Identity {
    const cell = this.#cell ?? noTurn()
    const root = this.#root
    const { key, counts, ranked } = cell
    if (counts.root !== root && (counts.root === undefined || compareRoots(counts.root, root) !== 0)) counts.count = 0
    counts.root = root
    const causes = options?.causes ? [this.trigger, ...options.causes] : [this.trigger]
    this.#sink.addCauses(topic, causes, key)
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
    this.#sink.emitted(event)
    return identityOf(event)
  }

  wakeAt(due: number, tag: string): void {
    if (!Number.isSafeInteger(due)) throw new RangeError(`wakeAt(${due}): a time is a whole number of microseconds`)
    const cell = this.#cell ?? noTurn()
    const root = rootOfTimer(Math.max(due, this.time + 1), cell.key, cell.ranked.rank, cell.counts.timers++)
    const timer: Timer = { root, stage: cell.index, key: cell.key, tag, cause: this.trigger }
    cell.timers.push(timer)
    this.#sink.asked(timer)
  }
}

function noTurn(): never {
  throw new Error('a turn is valid only while its event is handled')
}
