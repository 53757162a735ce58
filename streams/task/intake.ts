/** What a task reads: all its inputs, fetched ahead, and the rounds taken from them.
 *
 *  Q1  By stamp, a round holds what lies below the watermarks of all inputs, sorted; which records it skips undecoded
 *      follows from the segment's views alone.
 *  Q2  By arrival, prompt inputs (commands, reports) are taken as they come, whatever their stamp, and do not hold up
 *      the others; the order in which a round took its records is kept as runs.
 *  Q3  Following a record of runs takes the same records in the same order. */
import type { Event, EventTopic, Segment } from '@tideway/schemas'
import type { Log, Position, ReadLimit } from '../log/log.ts'
import { type Entry, Input } from './input.ts'
import type { Interleaving, Run } from './interleaving.ts'

export interface Taken {
  /** In the order in which they are to be folded. */
  readonly events: readonly Event[]
  /** Timers below it fire with this round; UTC microseconds. */
  readonly cut: number
  readonly poison: readonly { readonly input: Input; readonly entry: Entry }[]
  /** The order as a record; empty where it follows from the stamps. */
  readonly runs: readonly Run[]
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
  readonly #segment: Segment
  readonly #maxEvents: number
  readonly #order: IntakeOptions['order']

  constructor(
    segment: Segment,
    inputs: readonly { readonly topic: EventTopic; readonly partition: number }[],
    { prompt, maxEvents, order }: IntakeOptions,
  ) {
    this.#segment = segment
    this.#maxEvents = maxEvents
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
    const entries = this.inputs.map(input => {
      const into: Entry[] = []
      if (input.prompt) input.takeBefore(offsetIn(upTo, input), into)
      else input.takeBelow(promise, into)
      return into
    })
    const cut = this.#cutOf(entries, promise)
    const placed: Placed[] = []
    const poison: { input: Input; entry: Entry }[] = []
    this.inputs.forEach((input, at) => {
      const back: Entry[] = []
      for (const entry of entries[at] ?? []) {
        if (!input.prompt && entry.time >= cut) back.push(entry)
        else if (entry.poison) poison.push({ input, entry })
        else if (entry.event || decodeAll || this.#segment.wants(input.topic, entry.record.key, views)) {
          const event = input.decode(entry)
          if (event) placed.push({ event, input: at, offset: entry.record.offset })
          else poison.push({ input, entry })
        }
      }
      input.putBack(back)
    })
    sortPlaced(placed, this.#order)
    const runs = this.inputs.some(({ prompt }) => prompt) ? runsOf(placed) : []
    return { events: placed.map(({ event }) => event), cut, poison, runs }
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
    for (const input of this.inputs) if (!input.prompt) input.takeBelow(frontier, [])
    return { events, cut: frontier, poison: [], runs: [] }
  }

  /** The promise, or the time at which a round is full. */
  #cutOf(entries: readonly Entry[][], promise: number): number {
    let count = 0
    for (const each of entries) count += each.length
    if (count <= this.#maxEvents) return promise
    const times = new Float64Array(count)
    let at = 0
    for (const each of entries) for (const entry of each) times[at++] = entry.time
    times.sort()
    const first = times[0] ?? promise
    const full = times[this.#maxEvents] ?? promise
    return Math.min(promise, full > first ? full : first + 1)
  }
}

/** Where the positions leave an input: its end where there are none, its beginning where they do not name it. */
export function offsetIn(positions: readonly Position[] | undefined, input: Input): number {
  if (!positions) return Number.MAX_SAFE_INTEGER
  return positions.find(each => each.topic === input.topic && each.partition === input.partition)?.offset ?? 0
}

/** Partitions come mostly sorted, which the engine's merge sort uses. */
function sortPlaced(placed: Placed[], order: IntakeOptions['order']): void {
  for (let at = 1; at < placed.length; at++) {
    const before = placed[at - 1]
    const next = placed[at]
    if (before && next && order(before.event, next.event) > 0) {
      placed.sort((a, b) => order(a.event, b.event))
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
