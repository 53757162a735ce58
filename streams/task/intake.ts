/** What a task reads: all its inputs, fetched ahead, and the rounds taken from them.
 *
 *  Q1  By stamp, a round holds what lies below the watermarks of all inputs, sorted; which records it skips undecoded
 *      follows from the segment's views alone.
 *  Q2  By arrival, prompt inputs (commands, reports) are taken as they come, whatever their stamp, and do not hold up
 *      the others; the order in which a round with some of them took its records is kept as runs.
 *  Q3  Following a record of runs takes the same records in the same order. */
import type { Event, EventTopic, Interleaving, Run, Segment } from '@tideway/schemas'
import type { Log, Position, ReadLimit, StoredRecord } from '../log/log.ts'
import type { WireError } from '../wire/codec.ts'
import { Input } from './input.ts'

export interface Taken {
  /** In the order in which they are to be folded. */
  readonly events: readonly Event[]
  /** Timers below it fire with this round; UTC microseconds. */
  readonly cut: number
  readonly poison: readonly Poison[]
  /** The order as a record; empty where it follows from the stamps. */
  readonly runs: readonly Run[]
}

/** A record that cannot be decoded. */
export interface Poison {
  readonly input: Input
  readonly record: StoredRecord
  readonly time: number
  readonly error: WireError | undefined
}

export interface IntakeOptions {
  /** Inputs taken as they arrive. */
  readonly prompt: ReadonlySet<EventTopic>
  readonly maxEvents: number
  readonly order: (a: Event, b: Event) => number
}

interface Placed {
  readonly event: Event
  readonly input: number
  readonly offset: number
}

export class Intake {
  readonly inputs: readonly Input[]
  /** Events of a round, at most (more only where they share one microsecond). */
  maxEvents: number
  readonly #segment: Segment
  readonly #order: IntakeOptions['order']

  constructor(
    segment: Segment,
    inputs: readonly { readonly topic: EventTopic; readonly partition: number }[],
    { prompt, maxEvents, order }: IntakeOptions,
  ) {
    this.#segment = segment
    this.maxEvents = maxEvents
    this.#order = order
    this.inputs = inputs.map(({ topic, partition }) => new Input(topic, partition, prompt.has(topic)))
  }

  /** Names the inputs in the order that runs count them. */
  get layout(): string {
    return this.inputs.map(({ topic, partition }) => `${topic}/${partition}`).join(' ')
  }

  get positions(): Position[] {
    return this.inputs.map(({ topic, partition, position }) => ({ topic, partition, offset: position }))
  }

  seek(positions: readonly Position[], frontier: number): void {
    const from = new Map(positions.map(each => [`${each.topic}/${each.partition}`, each.offset]))
    for (const input of this.inputs) input.seek(from.get(`${input.topic}/${input.partition}`) ?? 0, frontier)
  }

  /** Whether the prompt inputs, which no frontier covers, have been taken up to these positions. */
  reached(positions: readonly Position[]): boolean {
    return this.inputs.every(input => !input.prompt || input.position >= offsetIn(positions, input))
  }

  /** Reads ahead once on every input; true when something came. */
  async fetch(log: Log, limit: ReadLimit, views: unknown): Promise<boolean> {
    let moved = false
    const wants = (topic: EventTopic, key: string) => this.#segment.wants(topic, key, views)
    for (const input of this.inputs) if (await input.fetch(log, limit, wants)) moved = true
    return moved
  }

  /** Time up to which every input that counts has promised; UTC microseconds. */
  promise(): number {
    let promise = Number.MAX_SAFE_INTEGER
    for (const input of this.inputs) if (!input.prompt && input.promise < promise) promise = input.promise
    return promise === Number.MAX_SAFE_INTEGER ? 0 : promise
  }

  /** A round below `promise` (Q1, Q2). `upTo` holds prompt inputs back to the positions of an earlier commit. */
  take(promise: number, views: unknown, upTo?: readonly Position[]): Taken {
    const decodeAll = this.inputs.some(input => input.topic === 'config' && input.hasBelow(promise))
    const reaches = this.inputs.map(input =>
      input.prompt ? input.reachOffset(offsetIn(upTo, input)) : input.reach(promise),
    )
    const cut = this.#cutOf(reaches, promise)
    const placed: Placed[] | undefined = this.inputs.some(({ prompt }) => prompt) ? [] : undefined
    const events: Event[] = []
    const poison: Poison[] = []
    this.inputs.forEach((input, at) => {
      const count = input.prompt || cut === promise ? (reaches[at] ?? 0) : input.reach(cut)
      for (let n = 0; n < count; n++) {
        const record = input.recordAt(n)
        if (!record) break
        const wanted =
          record.event || decodeAll || input.whyNot(record) || this.#segment.wants(input.topic, record.key, views)
        if (!wanted) continue
        const event = input.decode(record)
        if (!event) poison.push({ input, record, time: input.timeAt(n), error: input.whyNot(record) })
        else if (placed) placed.push({ event, input: at, offset: record.offset })
        else events.push(event)
      }
      input.drop(count)
    })
    if (!placed) {
      sort(events, this.#order)
      return { events, cut, poison, runs: [] }
    }
    sort(placed, (a, b) => this.#order(a.event, b.event))
    const isPrompt = placed.some(({ input }) => this.inputs[input]?.prompt)
    return { events: placed.map(({ event }) => event), cut, poison, runs: isPrompt ? runsOf(placed) : [] }
  }

  /** The round that a record tells of (Q3); undefined until all its records have been fetched. */
  follow({ layout, frontier, runs }: Interleaving): Taken | undefined {
    if (layout !== this.layout)
      throw new Error(
        `the record was made by a task that read ${layout}; this one reads ${this.layout}: use the same partitions and shards`,
      )
    const last = new Map<number, number>()
    for (const { input, offset, count } of runs) last.set(input, offset + count)
    for (const [at, end] of last) if ((this.inputs[at]?.fetched ?? 0) < end) return undefined
    const events: Event[] = []
    for (const { input: at, offset, count } of runs) {
      const input = this.inputs[at]
      for (let next = offset; next < offset + count; next++) {
        const event = input?.takeAt(next)
        if (!event)
          throw new Error(
            `${input?.topic}/${input?.partition} has no readable record at offset ${next}, which the record of the day names`,
          )
        events.push(event)
      }
    }
    // What the round passed over was not wanted then either.
    for (const input of this.inputs) if (!input.prompt) input.drop(input.reach(frontier))
    return { events, cut: frontier, poison: [], runs: [] }
  }

  /** The promise, or the time at which a round is full. */
  #cutOf(reaches: readonly number[], promise: number): number {
    let count = 0
    for (const each of reaches) count += each
    if (count <= this.maxEvents) return promise
    const times = new Float64Array(count)
    let next = 0
    this.inputs.forEach((input, at) => {
      for (let n = 0; n < (reaches[at] ?? 0); n++) times[next++] = input.timeAt(n)
    })
    times.sort()
    const first = times[0] ?? promise
    const full = times[this.maxEvents] ?? promise
    return Math.min(promise, full > first ? full : first + 1)
  }
}

/** Where the positions leave an input: its end where there are none, its beginning where they do not name it. */
export function offsetIn(positions: readonly Position[] | undefined, input: Input): number {
  if (!positions) return Number.MAX_SAFE_INTEGER
  return positions.find(each => each.topic === input.topic && each.partition === input.partition)?.offset ?? 0
}

/** Partitions come mostly sorted, which the engine's merge sort uses. */
function sort<T>(items: T[], order: (a: T, b: T) => number): void {
  for (let at = 1; at < items.length; at++) {
    if (order(items[at - 1] as T, items[at] as T) > 0) {
      items.sort(order)
      return
    }
  }
}

function runsOf(placed: readonly Placed[]): Run[] {
  const runs: { input: number; offset: number; count: number }[] = []
  for (const { input, offset } of placed) {
    const run = runs.at(-1)
    if (run && run.input === input && run.offset + run.count === offset) run.count++
    else runs.push({ input, offset, count: 1 })
  }
  return runs
}
