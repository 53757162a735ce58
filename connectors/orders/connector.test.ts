import { clientOrderId } from '@tideway/domain'
import { anEvent } from '@tideway/domain/testing'
import { VirtualClock } from '@tideway/resilience/testing'
import { Decimal, type Event, type Identity } from '@tideway/schemas'
import { EventRecord, eventOf } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import { describe, expect, it } from 'vitest'
import { OrderConnector } from './connector.ts'
import { ScriptedVenue } from './testing/scripted-venue.ts'
import type { OrderStatus, VenueFill } from './venue.ts'

const order: Identity = { topic: 'orders', key: 'rowan', source: 'execution', seq: 0 }
const submitted = {
  order,
  symbol: 'binance:BTC/USDT',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  quantity: new Decimal(2),
  limitPrice: new Decimal(100),
} as const
const aFill = (tradeId: string, quantity: number): VenueFill => ({
  tradeId,
  price: new Decimal(100),
  quantity: new Decimal(quantity),
  fee: new Decimal(0),
  feeAsset: 'USDT',
  liquidity: 'taker',
})

async function aWorld() {
  const log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
  const venue = new ScriptedVenue()
  const clock = new VirtualClock(1_000_000)
  const trading = await log.open('trading-0')
  const open = () =>
    OrderConnector.open({
      name: 'orders-0',
      log,
      shard: 0,
      venue,
      clock,
      trades: name => name === 'rowan',
      reconcileMicros: 5_000,
    })
  const put = async (...events: readonly Event[]) => {
    const records = events.map(event => new EventRecord(event))
    await trading.commit({
      outputs: [{ topic: 'orders', partition: 0, records }],
      watermarks: [],
      positions: [],
      progress: new Uint8Array(),
      state: [],
    })
  }
  const reports = async () => {
    const { records } = await log.read('reports', 0, 0, { records: 100, bytes: 1e6 })
    return records.map(record => eventOf('reports', record).type)
  }
  const clientId = clientOrderId(log.incarnation, order)
  return { log, venue, clock, open, put, reports, clientId }
}

const anOrder = (key = 'rowan') => anEvent('orders', 'OrderSubmitted', submitted, { key, source: 'execution', seq: 1 })

describe('the order connector', () => {
  it('sends an order under the client id of its identity and reports what the venue answers', async () => {
    const { venue, open, put, reports, clientId } = await aWorld()
    await put(anOrder())
    const connector = await open()
    await connector.step()
    expect(venue.submitted.map(each => each.clientId)).toEqual([clientId])
    venue.tell({ kind: 'filled', clientId, venueOrderId: 'v1', fill: aFill('t1', 2), leaves: new Decimal(0) })
    await connector.step()
    expect(await reports()).toEqual(['OrderAccepted', 'OrderFilled'])
    expect(connector.pending).toBe(0)
  })

  it('leaves the orders of paper portfolios alone', async () => {
    const { venue, open, put } = await aWorld()
    await put(anOrder('alder'))
    await (await open()).step()
    expect(venue.submitted).toEqual([])
  })

  it('after silence asks before it sends again, and only when the receive window has passed (X1)', async () => {
    const { venue, clock, open, put, reports } = await aWorld()
    await put(anOrder())
    venue.onSubmit = () => 'silence'
    const connector = await open()
    await connector.step()
    await connector.step()
    expect(venue.submitted).toHaveLength(1)
    expect(venue.queried).toEqual([])
    venue.onSubmit = () => ({ kind: 'accepted', venueOrderId: 'v2' })
    await clock.advance(1_000)
    await connector.step()
    expect(venue.queried).toHaveLength(1)
    expect(venue.submitted).toHaveLength(2)
    expect(venue.submitted[0]?.clientId).toBe(venue.submitted[1]?.clientId)
    expect(await reports()).toEqual(['AnswerTimedOut', 'OrderAccepted'])
  })

  it('killed between the send and its answer, it adopts what the venue has instead of sending again (X1, X4)', async () => {
    const { venue, clock, open, put, reports } = await aWorld()
    await put(anOrder())
    venue.onSubmit = () => {
      throw new Error('killed')
    }
    await expect((await open()).step()).rejects.toThrow('killed')
    const status: OrderStatus = { venueOrderId: 'v1', state: 'open', fills: [aFill('t1', 1)], reason: '' }
    venue.onQuery = () => status
    await clock.advance(1_000)
    const second = await open()
    await second.step()
    expect(venue.submitted).toHaveLength(1)
    expect(await reports()).toEqual(['OrderAccepted', 'OrderPartiallyFilled'])
  })

  it('reports each fill once, and asks for lost ones before it reports an end (X3)', async () => {
    const { venue, open, put, reports, clientId } = await aWorld()
    await put(anOrder())
    const connector = await open()
    await connector.step()
    const filled = {
      kind: 'filled',
      clientId,
      venueOrderId: 'v1',
      fill: aFill('t1', 1),
      leaves: new Decimal(1),
    } as const
    venue.tell(filled)
    venue.tell(filled)
    venue.onQuery = () => ({
      venueOrderId: 'v1',
      state: 'cancelled',
      fills: [aFill('t1', 1), aFill('t2', 0.5)],
      reason: 'expired',
    })
    venue.tell({ kind: 'cancelled', clientId, venueOrderId: 'v1', reason: 'expired' })
    await connector.step()
    expect(await reports()).toEqual(['OrderAccepted', 'OrderPartiallyFilled', 'OrderPartiallyFilled', 'OrderCancelled'])
  })

  it('cancels, and reports a refusal with what the venue then says of the order', async () => {
    const { venue, open, put, reports, clientId } = await aWorld()
    await put(
      anOrder(),
      anEvent('orders', 'CancelRequested', { order, reason: 'halt' }, { key: 'rowan', source: 'execution', seq: 2 }),
    )
    venue.onCancel = () => ({ kind: 'refused', reason: 'filled already' })
    venue.onQuery = () => ({ venueOrderId: 'v1', state: 'filled', fills: [aFill('t1', 2)], reason: '' })
    const connector = await open()
    await connector.step()
    await connector.step()
    expect(venue.cancelled).toEqual([clientId])
    expect(await reports()).toEqual(['OrderAccepted', 'CancelRejected', 'OrderFilled'])
  })
})
