/** What a fold over events is.
 *
 *  A stage folds the events of one key into that key's state and emits events of its own. It reads its event, its
 *  state and the segment's views, nothing else: no clock, randomness, environment, network, file (idea 2).
 *
 *  G1  A handler may change its own state; it never changes an event, a view or anything it was handed.
 *  G2  Time is `turn.time`. A wake-up is asked for with `wakeAt` and comes as a call of `wake`.
 *  G3  `save` gives plain data (numbers, strings, booleans, arrays, Maps, typed arrays, plain objects) and
 *      `load(save(state))` behaves as `state` did, to the last bit.
 *  G4  What changes an answer raises `version`.
 *  G5  A throw is a refusal of that one event by this stage: the state of before is restored, the event is set aside. */

import type { Event, EventTopic, Identity } from './event.ts'
import type { DataOf, EventsOf } from './generated/events.ts'

export type EventType = EventsOf[EventTopic]

/** What a handler for a type of event receives: the event of whatever topic carries it. */
export type EventNamed<K extends EventType> = Extract<Event, { readonly type: K }>

export interface EmitOptions {
  /** When it happened by somebody's clock; the trigger's event time where absent. */
  readonly eventTime?: number
  /** More causes after the trigger. */
  readonly causes?: readonly Identity[]
}

/** What a stage may use while it handles one event. Valid only during the call. */
export interface Turn<V> {
  /** The key whose state is folded. */
  readonly key: string
  /** Stamp time of the root, UTC microseconds. Never goes back for a key. */
  readonly time: number
  /** The segment's views, as of this event. Read only. */
  readonly views: V
  /** Identity of the event being handled; for a wake-up, of the event that asked for it. */
  readonly trigger: Identity
  /** Emits an event of this key; `trigger` is its first cause. Returns its identity. */
  emit<T extends EventTopic, K extends EventsOf[T]>(
    topic: T,
    type: K,
    data: `${T}/${K}` extends keyof DataOf ? DataOf[`${T}/${K}`] : never,
    options?: EmitOptions,
  ): Identity
  /** Asks for a wake-up at `due` (UTC microseconds), raised to `time + 1` where it is not later. `tag` comes back. */
  wakeAt(due: number, tag: string): void
}

export type Handlers<S, V> = {
  readonly [K in EventType]?: (state: S, event: EventNamed<K>, turn: Turn<V>) => void
}

/** One processor: the unit of thought and of test. */
export interface Stage<S = unknown, V = unknown> {
  readonly name: string
  readonly version: number
  readonly reads: readonly EventTopic[]
  readonly writes: readonly EventTopic[]
  empty(key: string): S
  save(state: S): unknown
  load(saved: unknown): S
  readonly on: Handlers<S, V>
  wake?(state: S, tag: string, turn: Turn<V>): void
}

/** Lets the compiler check a stage where it is defined. */
export function stage<S, V>(definition: Stage<S, V>): Stage<S, V> {
  return definition
}

/** A fold of input topics that all stages of a task may read: instruments, books. It emits nothing.
 *  V1  It is a function of the log alone, never of which keys share a task. */
export interface View<S = unknown> {
  readonly name: string
  readonly version: number
  readonly reads: readonly EventTopic[]
  empty(): S
  save(state: S): unknown
  load(saved: unknown): S
  fold(state: S, event: Event): void
}

/** Stages that one task runs chained. */
export interface Segment<V = unknown> {
  readonly name: string
  /** A key is a symbol (`venue:symbol`) or a portfolio. */
  readonly per: 'symbol' | 'portfolio'
  /** In the order in which they see an event. */
  readonly stages: readonly RankedStage<V>[]
  readonly views: readonly View<never>[]
  /** Topics whose events also name the last identity of every input that their key reads. */
  readonly fullCauses: readonly EventTopic[]
  /** Whether stage state goes to a changelog at each commit, or into snapshots that are refolded. */
  readonly persistence: 'snapshot' | 'changelog'
  /** Keys that an event of outside concerns; `views` as of this event. The same array while the answer is the same. */
  route(event: Event, views: V): readonly string[]
  /** False lets a task skip a record before it is decoded. Must not depend on which keys the task owns (V1). */
  wants(topic: EventTopic, key: string, views: V): boolean
  /** Keys whose input events a key reads, for `fullCauses`. */
  subscriptions(key: string, views: V): readonly string[]
}

export interface RankedStage<V = unknown> {
  readonly rank: number
  // biome-ignore lint/suspicious/noExplicitAny: a table holds stages of different states; each is checked where it is defined
  readonly stage: Stage<any, V>
}
