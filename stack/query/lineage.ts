/** Why an order happened, and what became of it: from its fills back to the ticks, features, configuration and the risk
 *  verdict behind it, read from the log alone.
 *
 *  In     the identity of any event; what belongs to an order (a fill, a verdict, a report, a step of its life) stands
 *         for that order
 *  Out    the event with all that it follows from, and for an order its verdict, its life and its fills
 *
 *  L1  A cause is an identity in `causes`, the trigger first; each event is shown once, with all its causes.
 *  L2  The walk has bounds (steps back, events); where it stops short it says so.
 *  L3  A verdict is the OrderApproved or OrderDenied that names the order; it is no cause of its intent. */
import { type Event, type EventTopic, formatIdentity, type Identity, identityOf, sameIdentity } from '@tideway/schemas'
import { partitionFor } from '@tideway/streams'
import { StackError } from '../errors.ts'
import { findEvent, offsetAt } from './find.ts'
import { eventsOfKey, type ReadableLog } from './readable-log.ts'

/** An event and what it follows from. */
export interface CauseNode {
  readonly identity: Identity
  /** Absent where it is no longer, or not yet, in the log. */
  readonly event?: Event
  readonly missing?: 'forgotten' | 'unknown'
  /** Shown at another place of the tree, where its causes are. */
  readonly repeated?: true
  /** Its causes were not followed (L2). */
  readonly cut?: true
  readonly causes: readonly CauseNode[]
}

export interface OrderStory {
  readonly order: Identity
  /** Absent where risk has not answered. */
  readonly verdict?: Event
  /** Submissions and cancel requests. */
  readonly requests: readonly Event[]
  readonly steps: readonly Event[]
  readonly fills: readonly Event[]
}

export interface Lineage {
  /** What was asked for. */
  readonly asked: Identity
  readonly origin: CauseNode
  /** Where what was asked for is, or belongs to, an order. */
  readonly story?: OrderStory
}

export interface LineageBounds {
  /** Steps back from the event. */
  readonly depth: number
  readonly events: number
}

export const lineageBounds: LineageBounds = { depth: 12, events: 500 }

/** A venue may tell of a fill after the order has ended; how long we look for one, in stream time. */
const LATE_FILL_MICROS = 3_600_000_000
/** How far times of a partition may run backwards. */
const SLACK_MICROS = 10_000_000

const ended: readonly string[] = ['filled', 'cancelled', 'rejected', 'expired']

/** Throws StackError `not-found` where the event is not in the log. */
export async function lineageOf(
  log: ReadableLog,
  asked: Identity,
  bounds: LineageBounds = lineageBounds,
): Promise<Lineage> {
  const event = await mustFind(log, asked)
  const order = orderOf(event)
  const walk = new Walk(log, bounds)
  if (!order) return { asked, origin: await walk.from(asked) }
  const isOrder = sameIdentity(order, asked)
  const story = await storyOf(log, order, isOrder ? event : await mustFind(log, order))
  return { asked, origin: await walk.from(isOrder || event.topic === 'orders' ? order : asked), story }
}

async function mustFind(log: ReadableLog, identity: Identity): Promise<Event> {
  const found = await findEvent(log, identity)
  if ('event' in found) return found.event
  const name = formatIdentity(identity)
  throw found.missing === 'forgotten'
    ? new StackError('not-found', `${name} is past the retention of its topic.`, 'Ask for a later one.')
    : new StackError(
        'not-found',
        `${name} is not in this log.`,
        'See `tideway topics` for what is there; an order is named TOPIC/PORTFOLIO/SOURCE/SEQ, such as orders/alder/execution/3.',
      )
}

/** The order that an event is, or belongs to. */
export function orderOf(event: Event): Identity | undefined {
  if (event.type === 'OrderIntended') return identityOf(event)
  if ('order' in event.data) return event.data.order
  return undefined
}

/** Walks back along causes, depth first, so that a tree reads from the event to the ticks behind it. */
class Walk {
  readonly #log: ReadableLog
  readonly #bounds: LineageBounds
  readonly #seen = new Set<string>()

  constructor(log: ReadableLog, bounds: LineageBounds) {
    this.#log = log
    this.#bounds = bounds
  }

  async from(identity: Identity, depth = 0): Promise<CauseNode> {
    const name = formatIdentity(identity)
    if (this.#seen.has(name)) return { identity, repeated: true, causes: [] } // L1
    if (this.#seen.size >= this.#bounds.events) return { identity, cut: true, causes: [] } // L2
    this.#seen.add(name)
    const found = await findEvent(this.#log, identity)
    if (!('event' in found)) return { identity, missing: found.missing, causes: [] }
    const { event } = found
    if (depth >= this.#bounds.depth && event.causes.length > 0) {
      this.#seen.delete(name) // it may be met again where there is room for its causes
      return { identity, event, cut: true, causes: [] }
    }
    const causes: CauseNode[] = []
    for (const cause of event.causes) causes.push(await this.from(cause, depth + 1))
    return { identity, event, causes }
  }
}

/** What became of an order; its intent says from when on to look. */
async function storyOf(log: ReadableLog, order: Identity, intent: Event): Promise<OrderStory> {
  const requests: Event[] = []
  const steps: Event[] = []
  const fills: Event[] = []
  let verdict: Event | undefined
  let until = Number.POSITIVE_INFINITY
  const mine = async (topic: EventTopic, take: (event: Event) => void) => {
    const partition = partitionFor(topic, order.key, log.layout)
    const from = await offsetAt(log, topic, partition, intent.ingestTime - SLACK_MICROS)
    for await (const event of eventsOfKey(log, topic, partition, order.key, from)) {
      if (event.ingestTime > until) return
      const about = orderOf(event)
      if (about && sameIdentity(about, order)) take(event)
    }
  }
  await mine('executions', event => {
    if (event.type === 'FillRecorded') fills.push(event)
    if (event.type !== 'OrderStateChanged') return
    steps.push(event)
    if (ended.includes(event.data.to)) until = event.ingestTime + LATE_FILL_MICROS
  })
  await mine('orders', event => {
    if (event.type === 'OrderApproved' || event.type === 'OrderDenied')
      verdict = event // L3
    else if (event.type !== 'OrderIntended') requests.push(event)
  })
  return { order, ...(verdict && { verdict }), requests, steps, fills }
}
