/** What must be true after every run, told by those who know: the script, the venue, the double. */
import { clientOrderId } from '@tideway/domain'
import { Decimal, type Event, type EventTopic, formatIdentity, hashedTopics, partitionsOf } from '@tideway/schemas'
import { summarise } from '@tideway/stack'
import { eventOf, isEventTopic, type Log } from '@tideway/streams'
import { doubleByRecord, doubleByStamp } from './double.ts'
import { stateOf } from './state.ts'
import type { World } from './world.ts'

export class Finding extends Error {
  override readonly name = 'Finding'
}

/** Throws Finding with the first thing that is not as it must be. */
export async function check(world: World): Promise<void> {
  await inputsAreTheScript(world)
  await outputsAreTheDoubles(world)
  await ordersReachedTheVenueOnce(world)
  await moneyBalances(world)
}

async function eventsOf<T extends EventTopic>(log: Log, topic: T): Promise<Extract<Event, { topic: T }>[]> {
  const events: Event[] = []
  for (let partition = 0; partition < partitionsOf(topic, log.layout); partition++) {
    const { records } = await log.read(topic, partition, 0, { records: 1e9, bytes: 1e12 })
    for (const record of records) events.push(eventOf(topic, record))
  }
  return events as Extract<Event, { topic: T }>[]
}

/** Every message of the script is in the log once, in order. */
async function inputsAreTheScript({ log, script }: World): Promise<void> {
  for (const topic of ['config', 'commands', 'clock', 'ticks'] as const) {
    const expected = script.events.filter(event => event.topic === topic).length
    const events = await eventsOf(log, topic)
    if (events.length !== expected)
      throw new Finding(`${topic}: ${events.length} events in the log, ${expected} were given`)
  }
}

/** Bytes and states equal those of an undisturbed double. */
async function outputsAreTheDoubles(world: World): Promise<void> {
  const { log, live, options, layout } = world
  const double = live
    ? await doubleByRecord(log, { prompt: options.prompt ?? new Set(), persist: true })
    : await doubleByStamp(log, { partitions: 4 - layout.partitions, shards: 4 - layout.shards }, { persist: true })
  const [mine, its] = [await summarise(log), await summarise(double)]
  for (const topic of hashedTopics) {
    const [a, b] = [mine.topics[topic], its.topics[topic]]
    if (a?.sha256 !== b?.sha256)
      throw new Finding(`${topic}: ${a?.count} records ${a?.sha256}, undisturbed ${b?.count} records ${b?.sha256}`)
    if (isEventTopic(topic) && (await log.ends(`dlq.${topic}` as 'dlq.ticks', 0)).next > 0)
      throw new Finding(`dlq.${topic} is not empty`)
  }
  for (const topic of ['dlq.ticks', 'dlq.config', 'dlq.commands', 'dlq.reports'] as const) {
    if ((await log.ends(topic, 0)).next > 0) throw new Finding(`${topic} is not empty`)
  }
  const [state, expected] = [await stateOf(log), await stateOf(double)]
  for (const name of new Set([...state.keys(), ...expected.keys()])) {
    if (state.get(name) !== expected.get(name))
      throw new Finding(`state ${name.replaceAll('\u0000', ' ')} is not the fold of its log`)
  }
}

/** Each order of the log is at the venue once, or was refused by it; nothing else is there. */
async function ordersReachedTheVenueOnce({ log, venue, script }: World): Promise<void> {
  const at = new Map<string, number>()
  for (const { order } of venue.orders) at.set(order.clientId, (at.get(order.clientId) ?? 0) + 1)
  const known = new Set<string>()
  const refused = new Set<string>()
  for (const event of await eventsOf(log, 'reports'))
    if (event.type === 'OrderRejected') refused.add(formatIdentity(event.data.order))
  for (const event of await eventsOf(log, 'orders')) {
    if (event.type !== 'OrderSubmitted' || !script.outside.has(event.key)) continue
    const clientId = clientOrderId(log.incarnation, event.data.order)
    known.add(clientId)
    const times = at.get(clientId) ?? 0
    if (times > 1) throw new Finding(`order ${event.key}/${event.seq} is ${times} times at the venue`)
    if (times === 0 && !venue.refused.includes(clientId))
      throw new Finding(`order ${event.key}/${event.seq} never reached the venue`)
  }
  for (const clientId of at.keys())
    if (!known.has(clientId)) throw new Finding(`the venue has an order ${clientId} that no event asked for`)
}

/** Cash and holdings of each portfolio are the sum of its fills to the last digit; at the venue outside, of the venue's. */
async function moneyBalances({ log, venue, script }: World): Promise<void> {
  const opened = new Map<string, Decimal>()
  for (const event of await eventsOf(log, 'config'))
    if (event.type === 'PortfolioOpened') opened.set(event.key, event.data.cash)
  const books = new Map([...opened].map(([name, cash]) => [name, { cash, holdings: new Map<string, Decimal>() }]))
  const take = (name: string, symbol: string, side: string, price: Decimal, quantity: Decimal, fee: Decimal) => {
    const book = books.get(name)
    if (!book) throw new Finding(`a fill of ${name}, which was never opened`)
    const signed = side === 'buy' ? quantity : quantity.negated()
    book.cash = book.cash.minus(signed.times(price)).minus(fee)
    book.holdings.set(symbol, (book.holdings.get(symbol) ?? new Decimal(0)).plus(signed))
  }
  for (const { key, ...event } of await eventsOf(log, 'executions')) {
    if (event.type !== 'FillRecorded' || script.outside.has(key)) continue
    const { symbol, side, price, quantity, fee } = event.data
    take(key, symbol, side, price, quantity, fee)
  }
  const owners = new Map<string, string>()
  for (const event of await eventsOf(log, 'orders')) {
    if (event.type === 'OrderSubmitted') owners.set(clientOrderId(log.incarnation, event.data.order), event.key)
  }
  for (const { order, fills } of venue.orders) {
    const owner = owners.get(order.clientId)
    if (owner) for (const fill of fills) take(owner, order.symbol, order.side, fill.price, fill.quantity, fill.fee)
  }
  const last = new Map<string, { cash: Decimal; quantity: Decimal }>()
  for (const event of await eventsOf(log, 'positions')) {
    if (event.type !== 'PositionChanged') continue
    last.set(`${event.key} ${event.data.symbol}`, event.data)
    last.set(event.key, event.data)
  }
  for (const [name, { cash, holdings }] of books) {
    const known = last.get(name)
    if (known && !known.cash.eq(cash)) throw new Finding(`${name}: cash ${known.cash}, by the fills ${cash}`)
    if (!known && holdings.size > 0) throw new Finding(`${name}: fills, and no position`)
    for (const [symbol, quantity] of holdings) {
      const held = last.get(`${name} ${symbol}`)?.quantity ?? new Decimal(0)
      if (!held.eq(quantity)) throw new Finding(`${name}: holds ${held} of ${symbol}, by the fills ${quantity}`)
    }
  }
}
