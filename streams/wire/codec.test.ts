import { Decimal, type Event } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { decodeEvent, encodeEvent, peekIngestTime, WireError } from './codec.ts'

const trade = {
  topic: 'ticks',
  type: 'TradePrinted',
  key: 'binance:BTC/USDT',
  source: 'binance-btcusdt',
  seq: 7,
  eventTime: 1723161601437000,
  ingestTime: 1723161600164378,
  stamp: {
    root: { time: 1723161600164378, rank: 5, key: 'binance:BTC/USDT', source: 'binance-btcusdt', seq: 7 },
    rank: 0,
    key: 'binance:BTC/USDT',
    count: 0,
  },
  causes: [],
  replayOf: null,
  data: { tradeId: 3735693016, priceTicks: 6168599, sizeLots: 17, aggressor: 'sell' },
} as const satisfies Event

const approved = {
  topic: 'orders',
  type: 'OrderIntended',
  key: 'p01',
  source: 'execution',
  seq: 0,
  eventTime: 1,
  ingestTime: 2,
  stamp: { root: trade.stamp.root, rank: 30, key: 'p01', count: 3 },
  causes: [{ topic: 'ticks', key: 'binance:BTC/USDT', source: 'binance-btcusdt', seq: 7 }],
  replayOf: null,
  data: {
    origin: 'momentum',
    symbol: 'binance:BTC/USDT',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    quantity: new Decimal('0.00017'),
    limitPrice: new Decimal('-61685.99'),
  },
} as const satisfies Event

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the wire codec', () => {
  it('gives back an input event, its stamp rebuilt from its identity (W1, W3)', () => {
    expect(plain(decodeEvent('ticks', encodeEvent(trade)))).toEqual(plain(trade))
  })
  it('gives back a derived event with decimals and a null', () => {
    expect(plain(decodeEvent('orders', encodeEvent(approved)))).toEqual(plain(approved))
    const market: Event = { ...approved, data: { ...approved.data, orderType: 'market', limitPrice: null } }
    expect(plain(decodeEvent('orders', encodeEvent(market)))).toEqual(plain(market))
  })
  it('reads the ingest time without the rest (W2)', () => {
    expect(peekIngestTime('ticks', encodeEvent(trade))).toBe(trade.ingestTime)
    expect(peekIngestTime('orders', encodeEvent(approved))).toBe(approved.ingestTime)
  })
  it.each([
    ['no frame', Buffer.from('hello world'), 'no-frame'],
    ['an unknown schema id', Buffer.from([0, 0, 1, 0, 0, 1, 2, 3]), 'unknown-schema'],
    ['a truncated body', Buffer.from(encodeEvent(trade)).subarray(0, 20), 'malformed'],
  ])('refuses %s with a code', (_what, bytes, code) => {
    expect(() => decodeEvent('ticks', bytes)).toThrow(WireError)
    try {
      decodeEvent('ticks', bytes)
    } catch (error) {
      expect(error).toMatchObject({ code })
    }
  })
  it('refuses a record of another topic', () => {
    expect(() => decodeEvent('ticks', encodeEvent(approved))).toThrow(/belongs to orders/)
  })
})
