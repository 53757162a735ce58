/** Drives one stage, or the chained stages of a segment, through the events of one key, without a log.
 *
 *  In     events, given one by one in stamp order; time, by events or `advanceTo`
 *  Out    what the stages emit, with the identities, stamps and causes that a log would see
 *
 *  D1  One first-in-first-out queue: an event goes to every stage that reads its topic and has a handler for its
 *      type, in the order of the stages; what they emit waits behind it.
 *  D2  Wake-ups fire in stamp order (due, then number), before inputs of the same microsecond.
 *  D3  Every call runs in a closed world (no clock, chance, timers, network, environment, locale), and twice: on the
 *      state as it is and on `load(save(state))`. Both must emit the same and end in the same saved state.
 *  D4  Events are frozen before they are handed on (G1).
 *  D5  After a throw the stage has the state of before (G5) and the driver rethrows, or goes on with `setAside`. */
import { isDeepStrictEqual } from 'node:util'
import {
  compareRoots,
  type EmitOptions,
  type Event,
  type EventTopic,
  type Identity,
  identityOf,
  type Root,
  rootOfTimer,
  type Stage,
  type Turn,
} from '@tideway/schemas'
import { inClosedWorld } from './closed-world.ts'
import { assertPlain, freezeDeep } from './plain-data.ts'

export interface DriveOptions<V> {
  /** In the order in which they see an event. */
  // biome-ignore lint/suspicious/noExplicitAny: a chain holds stages of different states; each is checked where it is defined
  readonly stages: readonly Stage<any, V>[]
  readonly key: string
  readonly views: V
  /** Folds an event into the views; called for each given event before the stages see it. */
  readonly fold?: (event: Event) => void
  /** Rank of the stages' stamps; one for the chain. */
  readonly rank?: number
  /** False skips D3's second run, for long runs of stages with a large state; then D5 restores nothing. */
  readonly twice?: boolean
  /** True collects refused events in `refused` instead of throwing. */
  readonly setAside?: boolean
}

export interface Refusal {
  readonly stage: string
  readonly event: Event
  readonly error: unknown
}

export interface WakeUp {
  readonly due: number
  readonly tag: string
  readonly stage: string
}

export interface Drive {
  /** Fires what is due up to the event's time, then folds it. Returns what was emitted meanwhile. */
  give(...events: readonly Event[]): readonly Event[]
  /** Fires the wake-ups due up to `time`, UTC microseconds. Returns what was emitted meanwhile. */
  advanceTo(time: number): readonly Event[]
  /** Stamp time reached so far, UTC microseconds; 0 before the first event. */
  readonly time: number
  /** Everything emitted so far. */
  readonly emitted: readonly Event[]
  readonly refused: readonly Refusal[]
  /** Wake-ups still to come, the next one first. */
  pending(): readonly WakeUp[]
  /** The state of a stage as it would be saved. */
  saved(stage: string): unknown
}

interface Timer extends WakeUp {
  readonly root: Root
  readonly askedBy: Identity
}

interface Context {
  readonly root: Root
  readonly eventTime: number
  readonly trigger: Identity
}

/** A request of one call, kept apart until the call has succeeded. */
interface Outcome {
  readonly events: { topic: EventTopic; type: string; data: unknown; options: EmitOptions }[]
  readonly wakes: { due: number; tag: string }[]
}

export function drive<V>(options: DriveOptions<V>): Drive {
  const { key, views, stages, rank = 100, twice = true } = options
  const states = new Map(stages.map(stage => [stage.name, stage.empty(key) as unknown]))
  const emitted: Event[] = []
  const refused: Refusal[] = []
  const timers: Timer[] = []
  const queue: Event[] = []
  const sequences = new Map<string, number>()
  let timersAsked = 0
  let time = 0
  let counted: Root | undefined
  let count = 0

  function nextSeq(topic: string, source: string): number {
    const name = `${topic}/${source}`
    const seq = sequences.get(name) ?? 0
    sequences.set(name, seq + 1)
    return seq
  }

  /** Runs a handler on one state. The identities that it sees are those that its emissions will get. */
  function attempt(stage: Stage<unknown, V>, context: Context, call: (turn: Turn<V>) => void): Outcome {
    const outcome: Outcome = { events: [], wakes: [] }
    const ahead = new Map<string, number>()
    const turn: Turn<V> = {
      key,
      time: context.root.time,
      views,
      trigger: context.trigger,
      emit(topic, type, data, emitOptions = {}) {
        if (!stage.writes.includes(topic)) throw new Error(`${stage.name} does not declare that it writes ${topic}`)
        outcome.events.push({ topic, type, data, options: emitOptions })
        const more = ahead.get(topic) ?? 0
        ahead.set(topic, more + 1)
        return { topic, key, source: stage.name, seq: (sequences.get(`${topic}/${stage.name}`) ?? 0) + more }
      },
      wakeAt(due, tag) {
        if (!Number.isSafeInteger(due)) throw new RangeError(`a wake-up is due at whole microseconds, not ${due}`)
        outcome.wakes.push({ due: Math.max(due, context.root.time + 1), tag })
      },
    }
    inClosedWorld(() => call(turn))
    return outcome
  }

  function run(stage: Stage<unknown, V>, context: Context, call: (state: unknown, turn: Turn<V>) => void): void {
    const state = states.get(stage.name)
    if (!twice) {
      keep(
        stage,
        context,
        attempt(stage, context, turn => call(state, turn)),
      )
      return
    }
    const before = stage.save(state)
    assertPlain(before, `state of ${stage.name}`)
    const copy = structuredClone(before)
    try {
      const outcome = attempt(stage, context, turn => call(state, turn))
      const twin = stage.load(structuredClone(copy))
      const again = attempt(stage, context, turn => call(twin, turn))
      const what = `${stage.name} at ${JSON.stringify(context.trigger)}`
      if (!isDeepStrictEqual(outcome, again)) throw new Error(`${what}: a loaded state answers otherwise (G3)`)
      if (!isDeepStrictEqual(stage.save(state), stage.save(twin)))
        throw new Error(`${what}: a loaded state ends otherwise (G3)`)
      keep(stage, context, outcome)
    } catch (error) {
      states.set(stage.name, stage.load(copy))
      throw error
    }
  }

  /** Turns an outcome into events and wake-ups. */
  function keep(stage: Stage<unknown, V>, context: Context, outcome: Outcome): void {
    for (const { topic, type, data, options: emitOptions } of outcome.events) {
      if (counted === undefined || compareRoots(counted, context.root) !== 0) {
        counted = context.root
        count = 0
      }
      const event = freezeDeep({
        topic,
        type,
        key,
        source: stage.name,
        seq: nextSeq(topic, stage.name),
        eventTime: emitOptions.eventTime ?? context.eventTime,
        ingestTime: context.root.time,
        stamp: { root: context.root, rank, key, count: count++ },
        causes: [context.trigger, ...(emitOptions.causes ?? [])],
        replayOf: null,
        data,
      }) as Event // checked by the type of Turn.emit
      emitted.push(event)
      queue.push(event)
    }
    for (const { due, tag } of outcome.wakes) {
      const root = rootOfTimer(due, key, rank, timersAsked++)
      timers.push({ due, tag, stage: stage.name, root, askedBy: context.trigger })
    }
  }

  function drain(): void {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      const context = { root: event.stamp.root, eventTime: event.eventTime, trigger: identityOf(event) }
      for (const stage of stages) {
        const handler = stage.on[event.type] as ((s: unknown, e: Event, t: Turn<V>) => void) | undefined
        if (handler === undefined || !stage.reads.includes(event.topic)) continue
        const offered = event
        try {
          run(stage, context, (state, turn) => handler(state, offered, turn))
        } catch (error) {
          if (!options.setAside) {
            queue.length = 0
            throw error
          }
          refused.push({ stage: stage.name, event, error })
        }
      }
    }
  }

  function fireUpTo(until: number): void {
    time = Math.max(time, until)
    for (;;) {
      timers.sort((a, b) => compareRoots(a.root, b.root))
      const timer = timers[0]
      if (timer === undefined || timer.due > until) return
      timers.shift()
      const stage = stages.find(({ name }) => name === timer.stage)
      if (stage?.wake === undefined) throw new Error(`${timer.stage} asked for a wake-up that it does not handle`)
      const wake = stage.wake.bind(stage)
      run(stage, { root: timer.root, eventTime: timer.due, trigger: timer.askedBy }, (state, turn) =>
        wake(state, timer.tag, turn),
      )
      drain()
    }
  }

  function since(act: () => void): readonly Event[] {
    const from = emitted.length
    act()
    return emitted.slice(from)
  }

  return {
    emitted,
    refused,
    give: (...events) =>
      since(() => {
        for (const event of events) {
          fireUpTo(event.stamp.root.time)
          freezeDeep(event)
          options.fold?.(event)
          queue.push(event)
          drain()
        }
      }),
    advanceTo: until => since(() => fireUpTo(until)),
    get time() {
      return time
    },
    pending: () =>
      timers.toSorted((a, b) => compareRoots(a.root, b.root)).map(({ due, tag, stage }) => ({ due, tag, stage })),
    saved: name => {
      const stage = stages.find(one => one.name === name)
      if (stage === undefined) throw new Error(`no stage ${name} is driven here`)
      return stage.save(states.get(name))
    },
  }
}
