/** Which order a command became, and what risk said to it. */
import { type Event, type Identity, identityOf, sameIdentity } from '@tideway/schemas'
import { partitionFor } from '@tideway/streams'
import { findEvent, offsetAt } from './find.ts'
import { eventsOfKey, type ReadableLog } from './readable-log.ts'

export interface BecameOrder {
  readonly order: Identity
  readonly verdict: Event
}

const POLL_MILLIS = 50

/** Waits for the verdict, not longer than `millis`; undefined where there is none by then. */
export async function orderOfCommand(
  log: ReadableLog,
  command: Identity,
  millis: number,
): Promise<BecameOrder | undefined> {
  const found = await findEvent(log, command)
  if (!('event' in found)) return undefined
  const partition = partitionFor('orders', command.key, log.layout)
  const from = await offsetAt(log, 'orders', partition, found.event.ingestTime)
  for (const until = performance.now() + millis; performance.now() < until; ) {
    const became = await verdictIn(eventsOfKey(log, 'orders', partition, command.key, from), command)
    if (became) return became
    await new Promise(resolve => setTimeout(resolve, POLL_MILLIS))
  }
  return undefined
}

async function verdictIn(events: AsyncIterable<Event>, command: Identity): Promise<BecameOrder | undefined> {
  let order: Identity | undefined
  for await (const event of events) {
    const [trigger] = event.causes
    if (event.type === 'OrderIntended' && trigger && sameIdentity(trigger, command)) order = identityOf(event)
    const isVerdict = event.type === 'OrderApproved' || event.type === 'OrderDenied'
    if (isVerdict && order && sameIdentity(event.data.order, order)) return { order, verdict: event }
  }
  return undefined
}
