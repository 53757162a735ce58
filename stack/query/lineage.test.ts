import { type Event, formatIdentity, type Identity, identityOf, sameIdentity } from '@tideway/schemas'
import type { MemoryLog } from '@tideway/streams/log/memory'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventsIn, simulatedLog } from '../testing/simulated-log.ts'
import { type CauseNode, lineageOf, orderOf } from './lineage.ts'
import { logState } from './topics.ts'

let log: MemoryLog
let orders: Event[]
let executions: Event[]
beforeAll(async () => {
  log = await simulatedLog(60)
  orders = (await eventsIn(log, 'orders')).map(({ event }) => event)
  executions = (await eventsIn(log, 'executions')).map(({ event }) => event)
})

const typesOf = (node: CauseNode): string[] => [node.event?.type ?? '', ...node.causes.flatMap(typesOf)]
const about = (order: Identity) => (event: Event) => {
  const named = orderOf(event)
  return named !== undefined && sameIdentity(named, order)
}

describe('the lineage of an order', () => {
  it('is its verdict, its life and its fills, each that the log has and no other', async () => {
    const intents = orders.filter(({ type }) => type === 'OrderIntended')
    expect(intents.length).toBeGreaterThan(5)
    for (const intent of intents) {
      const order = identityOf(intent)
      const { story } = await lineageOf(log, order)
      const mine = orders.filter(about(order))
      expect(story?.order).toEqual(order)
      expect(story?.verdict).toEqual(mine.find(({ type }) => type === 'OrderApproved' || type === 'OrderDenied'))
      expect(story?.verdict).toBeDefined()
      const requests = mine.filter(({ type }) => type === 'OrderSubmitted' || type === 'CancelRequested')
      expect(story?.requests).toEqual(requests)
      const life = executions.filter(about(order))
      expect(story?.fills).toEqual(life.filter(({ type }) => type === 'FillRecorded'))
      expect(story?.steps).toEqual(life.filter(({ type }) => type === 'OrderStateChanged'))
    }
  })

  it('goes back to signal, features, ticks and configuration', async () => {
    const intent = orders.find(({ type }) => type === 'OrderIntended')
    if (!intent) throw new Error('there is no order')
    const { origin } = await lineageOf(log, identityOf(intent))
    expect(origin.causes[0]?.event?.type).toBe('SignalRaised')
    expect(origin.causes[0]?.causes[0]?.event?.type).toBe('FeaturesComputed')
    expect(typesOf(origin)).toEqual(expect.arrayContaining(['LimitsSet', 'InstrumentListed', 'DepthChanged']))
    const leaves = (node: CauseNode): CauseNode[] => (node.causes.length === 0 ? [node] : node.causes.flatMap(leaves))
    for (const { event, repeated } of leaves(origin)) {
      if (!repeated) expect(['config', 'ticks', 'clock']).toContain(event?.topic)
    }
  })

  it('is the same from its fill, its verdict or a step of its life', async () => {
    const fill = executions.find(({ type }) => type === 'FillRecorded')
    const order = fill && orderOf(fill)
    if (!fill || !order) throw new Error('there is no fill')
    const { story } = await lineageOf(log, order)
    const others = [fill, ...[...orders, ...executions].filter(about(order))]
    for (const other of others) expect((await lineageOf(log, identityOf(other))).story).toEqual(story)
  })

  it('begins at the fill that was asked for, and goes through the order to the ticks', async () => {
    const fill = executions.find(({ type }) => type === 'FillRecorded')
    if (!fill) throw new Error('there is no fill')
    const { origin } = await lineageOf(log, identityOf(fill))
    expect(origin.identity).toEqual(identityOf(fill))
    const types = ['FillRecorded', 'OrderFilled', 'OrderApproved', 'OrderIntended', 'SignalRaised', 'FeaturesComputed']
    expect(typesOf(origin)).toEqual(expect.arrayContaining(types))
  })

  it('shows each event once with its causes, and says where it stops short', async () => {
    const intent = orders.find(({ type }) => type === 'OrderIntended')
    if (!intent) throw new Error('there is no order')
    const { origin } = await lineageOf(log, identityOf(intent))
    const shown: string[] = []
    const walk = (node: CauseNode): void => {
      if (!node.repeated) shown.push(formatIdentity(node.identity))
      for (const cause of node.causes) walk(cause)
    }
    walk(origin)
    expect(new Set(shown).size).toBe(shown.length)

    const shallow = await lineageOf(log, identityOf(intent), { depth: 1, events: 500 })
    expect(shallow.origin.causes[0]).toMatchObject({ cut: true, causes: [] })
    const few = await lineageOf(log, identityOf(intent), { depth: 12, events: 3 })
    expect(typesOf(few.origin).filter(type => type !== '')).toHaveLength(3)
  })

  it('is asked for in vain where the log has no such event', async () => {
    const nobody = { topic: 'orders', key: 'nobody', source: 'execution', seq: 0 }
    await expect(lineageOf(log, nobody)).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('what is not of an order has causes and no story', async () => {
  const [candle] = await eventsIn(log, 'candles')
  if (!candle) throw new Error('there is no candle')
  const { story, origin } = await lineageOf(log, identityOf(candle.event))
  expect(story).toBeUndefined()
  expect(origin.causes.length).toBeGreaterThan(0)
})

it('the state of the log counts its topics, and the lag of its tasks', async () => {
  const { topics, writers, layout } = await logState(log)
  expect(layout).toEqual({ partitions: 2, shards: 2 })
  const ticks = topics.find(({ topic }) => topic === 'ticks')
  expect(ticks).toMatchObject({ kind: 'input', partitions: 2, count: (await eventsIn(log, 'ticks')).length })
  expect(ticks?.watermark).toBeGreaterThan(1_700_000_060_000_000)
  expect(writers.map(({ writer, lag }) => [writer, lag])).toEqual([
    ['capture', undefined],
    ...['market-0', 'market-1', 'trading-0', 'trading-1'].map(name => [name, 0]),
  ])
})
