import { Decimal, type Event } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent, decodeInput, decodePlainly, encodeEvent, peekIngestTime, WireError } from './codec.ts'

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

/** An input event with decimals. */
const order = {
  ...trade,
  topic: 'commands',
  type: 'SubmitOrder',
  data: {
    symbol: 'binance:BTC/USDT',
    side: 'buy',
    orderType: 'limit',
    quantity: new Decimal('0.5'),
    limitPrice: new Decimal(60_000),
    timeInForce: 'gtc',
  },
} as const satisfies Event

/** Every field of an event, the stamp too where it is made when asked for. */
const plain = (event: Event): unknown => {
  const { topic, type, key, source, seq, eventTime, ingestTime, stamp, causes, replayOf, data } = event
  return JSON.parse(
    JSON.stringify({ topic, type, key, source, seq, eventTime, ingestTime, stamp, causes, replayOf, data }),
  )
}

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

describe('the fast way to read input events', () => {
  const events = fc.record({
    key: fc.oneof(fc.constantFrom('binance:BTC/USDT', 'p01'), fc.string()),
    source: fc.oneof(fc.constant('binance-btcusdt'), fc.string({ unit: 'grapheme' })),
    seq: fc.nat(2 ** 52),
    eventTime: fc.integer({ min: -1, max: 2 ** 52 }),
    ingestTime: fc.integer({ min: 0, max: 2 ** 52 }),
    tick: fc.constantFrom('TradePrinted' as const, 'QuoteChanged' as const),
    id: fc.integer({ min: -1, max: 2 ** 52 }),
    ticks: fc.nat(2 ** 40),
  })
  const build = ({ tick, id, ticks, ...head }: typeof events extends fc.Arbitrary<infer T> ? T : never): Event => {
    const data =
      tick === 'TradePrinted'
        ? { tradeId: id, priceTicks: ticks, sizeLots: 1, aggressor: 'buy' }
        : { updateId: id, bidTicks: ticks, bidLots: 1, askTicks: ticks + 1, askLots: 2 }
    const root = { time: head.ingestTime, rank: 5, key: head.key, source: head.source, seq: head.seq }
    return {
      topic: 'ticks',
      type: tick,
      ...head,
      stamp: { root, rank: 0, key: head.key, count: 0 },
      causes: [],
      replayOf: null,
      data,
    } as Event
  }
  it('is taken, and reads what the plain way reads (H1)', () => {
    fc.assert(
      fc.property(events, given => {
        const bytes = Buffer.from(encodeEvent(build(given)))
        const fast = decodeInput('ticks', bytes)
        if (given.key !== '' && given.source !== '') expect(fast).toBeDefined()
        expect(plain(decodeEvent('ticks', bytes))).toEqual(plain(decodePlainly('ticks', bytes)))
        expect(plain(decodePlainly('ticks', bytes))).toEqual(plain(build(given)))
      }),
      { numRuns: 500 },
    )
  })
  it('leaves causes and replayOf to the plain way', () => {
    const replayed: Event = { ...trade, replayOf: { topic: 'ticks', key: 'k', source: 's', seq: 1 } }
    const bytes = Buffer.from(encodeEvent(replayed))
    expect(decodeInput('ticks', bytes)).toBeUndefined()
    expect(plain(decodeEvent('ticks', bytes))).toEqual(plain(replayed))
  })
  it.each([trade, order])('refuses every truncation as the plain way does', event => {
    const bytes = Buffer.from(encodeEvent(event))
    for (let end = 5; end < bytes.length; end++) {
      expect(() => decodeEvent(event.topic, bytes.subarray(0, end)), String(end)).toThrow(WireError)
    }
    expect(() => decodeEvent(event.topic, Buffer.concat([bytes, Buffer.from([0])]))).toThrow(WireError)
  })
})
