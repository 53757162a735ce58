import { type Instrument, instrumentOf, type RecordedBook } from '@tideway/domain'
import { levelBook } from '@tideway/domain/matching/testing'
import {
  aCancelRequest,
  aListing,
  amount,
  anInstrument,
  aPortfolio,
  aQuote,
  aSubmission,
  aTrade,
  BTC,
  PORTFOLIO,
  START,
} from '@tideway/domain/testing'
import { type Event, formatIdentity, type Identity, identityOf, type PortfolioOpened } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { drive } from '../testing/index.ts'
import type { TradingViews } from '../trading-views.ts'
import { venueSim } from './venue-sim.ts'

const BID = 5_999_999
const ASK = 6_000_001
const intent = (seq: number): Identity => ({ topic: 'orders', key: PORTFOLIO, source: 'risk', seq })

/** A paper portfolio without latency, a book of one level a side, and venue-sim alone. */
function aVenue(changes: { portfolio?: Partial<PortfolioOpened>; instrument?: Instrument } = {}) {
  const book = levelBook({ bid: { [BID]: 1_000 }, ask: { [ASK]: 1_000 } })
  const views: TradingViews = {
    instruments: new Map([[BTC, changes.instrument ?? anInstrument()]]),
    portfolios: new Map([[PORTFOLIO, aPortfolio({ latencyMicros: 0, ...changes.portfolio }).data]]),
    books: new Map<string, RecordedBook>([[BTC, book]]),
    haltedAll: { halted: false, reason: '' },
  }
  const chain = drive({
    stages: [venueSim],
    key: PORTFOLIO,
    views,
    fold(event) {
      if (event.type !== 'QuoteChanged') return
      const { bidTicks, bidLots, askTicks, askLots } = event.data
      for (const [side, best] of [
        ['bid', bidTicks],
        ['ask', askTicks],
      ] as const)
        while (book.best(side) !== 0 && book.best(side) !== best) book.set(side, book.best(side), 0)
      book.set('bid', bidTicks, bidLots)
      book.set('ask', askTicks, askLots)
    },
  })
  return { chain, book }
}

/** `OrderFilled 0.01@60000.01 taker`, `OrderRejected tick: ...` */
function told(events: readonly Event[]): readonly string[] {
  return events.map(({ type, data }) => {
    if ('price' in data) return `${type} ${data.quantity}@${data.price} ${'liquidity' in data ? data.liquidity : ''}`
    return 'reason' in data && data.reason !== '' ? `${type} ${data.reason}` : type
  })
}

const market = { orderType: 'market', limitPrice: null } as const

describe('venue-sim without latency', () => {
  it('answers an order at once: accepted, filled, with fee and ids', () => {
    const { chain } = aVenue({ instrument: anInstrument({ takerFee: amount('0.001') }) })

    const events = chain.give(aSubmission({ ...market, quantity: amount('0.01'), order: intent(3) }))

    expect(told(events)).toEqual(['OrderAccepted', 'OrderFilled 0.01@60000.01 taker'])
    expect(events[0]?.data).toEqual({ order: intent(3), venueOrderId: 'alpha-1' })
    expect(events[1]?.data).toMatchObject({
      order: intent(3),
      venueOrderId: 'alpha-1',
      tradeId: 'alpha-1',
      fee: amount('0.6000001'),
      feeAsset: 'USDT',
    })
    expect(events.every(event => event.topic === 'reports.paper' && event.key === PORTFOLIO)).toBe(true)
  })

  it('says what an order that is filled in parts has left, and expires what a market order cannot get', () => {
    const { chain, book } = aVenue()
    book.set('ask', ASK + 9, 500)
    const events = chain.give(aSubmission({ ...market, quantity: amount('0.02') }))
    expect(told(events)).toEqual([
      'OrderAccepted',
      'OrderPartiallyFilled 0.01@60000.01 taker',
      'OrderPartiallyFilled 0.005@60000.1 taker',
      'OrderExpired the book had no more within its limit',
    ])
    expect(events[2]?.data).toMatchObject({ leaves: amount('0.005'), tradeId: 'alpha-2' })
  })

  it('fills a resting order from the prints that come past the queue, as their consequence', () => {
    const { chain } = aVenue()
    chain.give(aSubmission({ quantity: amount('0.01'), limitPrice: amount('59999.99') }))
    const print = (seq: number, sizeLots: number) =>
      aTrade({ aggressor: 'sell', priceTicks: BID, sizeLots }, { seq, time: START + seq, eventTime: START - 7 })

    expect(chain.give(print(1, 1_000))).toEqual([])
    const events = chain.give(print(2, 400), print(3, 600))

    expect(told(events)).toEqual(['OrderPartiallyFilled 0.004@59999.99 maker', 'OrderFilled 0.006@59999.99 maker'])
    expect(events[0]?.causes.map(formatIdentity)).toEqual([`ticks/${BTC}/test/2`])
    expect(events[0]?.eventTime).toBe(START + 2)
  })

  it('fills a resting order when a quote brings the other side to its price', () => {
    const { chain } = aVenue()
    chain.give(aSubmission({ quantity: amount('0.01'), limitPrice: amount('59999.99') }))
    const quote = aQuote({ bidTicks: BID - 5, bidLots: 7, askTicks: BID - 4, askLots: 300 }, { time: START + 1 })
    expect(told(chain.give(quote))).toEqual(['OrderPartiallyFilled 0.003@59999.99 maker'])
  })

  it('does not give the lots of one level to two orders', () => {
    const { chain } = aVenue()
    const take = (seq: number) => aSubmission({ ...market, order: intent(seq), quantity: amount('0.006') }, { seq })
    expect(told(chain.give(take(0), take(1)))).toEqual([
      'OrderAccepted',
      'OrderFilled 0.006@60000.01 taker',
      'OrderAccepted',
      'OrderPartiallyFilled 0.004@60000.01 taker',
      'OrderExpired the book had no more within its limit',
    ])
  })

  it('cancels an open order with the reason asked for, and refuses to cancel what is not open', () => {
    const { chain } = aVenue()
    chain.give(aSubmission({ limitPrice: amount(50_000) }))
    expect(told(chain.give(aCancelRequest({ reason: 'halt' })))).toEqual(['OrderCancelled halt'])
    expect(told(chain.give(aCancelRequest()))).toEqual(['CancelRejected no such open order'])
  })

  it('matches against the best prices that it knows before there is a snapshot, or against nothing', () => {
    const { chain, book } = aVenue()
    book.partial = true
    expect(told(chain.give(aSubmission({ ...market, quantity: amount('0.01') })))).toContain(
      'OrderFilled 0.01@60000.01 taker',
    )
    const unknown = aSubmission({ ...market, symbol: 'binance:ETH/USDT' })
    expect(told(chain.give(unknown))).toEqual(['OrderRejected binance:ETH/USDT is not listed'])
  })
})

describe('venue-sim at the door', () => {
  const refusals: readonly (readonly [string, Parameters<typeof aSubmission>[0], RegExp])[] = [
    ['a price off the tick', { limitPrice: amount('59000.001') }, /^tick: /],
    ['a size off the quantity step', { quantity: amount('0.000015') }, /^quantityStep: /],
    ['a size that is too small', { quantity: amount('0.000001') }, /^minQuantity: /],
    ['a notional that is too small', { quantity: amount('0.00001') }, /^minNotional: /],
    [
      'a market order whose value at the best price is too small',
      { ...market, quantity: amount('0.00001') },
      /^minNotional/,
    ],
    ['a limit order without a limit', { limitPrice: null }, /needs a limit price/],
    ['a post-only market order', { ...market, timeInForce: 'postOnly' }, /cannot be post only/],
    ['a post-only order that would take', { timeInForce: 'postOnly', limitPrice: amount(60_001) }, /would-take/],
  ]
  it.each(refusals)('refuses %s and says why', (_what, order, reason) => {
    const [event] = aVenue().chain.give(aSubmission(order))
    expect(event).toMatchObject({ type: 'OrderRejected', data: { reason: expect.stringMatching(reason) } })
  })

  it('refuses an inverse instrument, whose notional it cannot count', () => {
    const { chain } = aVenue({ instrument: instrumentOf(aListing({ kind: 'inverse' }).data) })
    expect(told(chain.give(aSubmission()))[0]).toMatch(/OrderRejected .* is inverse/)
  })

  it('refuses an order of an identity that is open', () => {
    const { chain } = aVenue()
    chain.give(aSubmission({ limitPrice: amount(50_000) }))
    expect(told(chain.give(aSubmission({ limitPrice: amount(50_000) })))).toEqual([
      'OrderRejected an order of this identity is open',
    ])
  })

  it('takes a market order when the other side is empty, and expires it', () => {
    const { chain, book } = aVenue()
    book.set('ask', ASK, 0)
    expect(told(chain.give(aSubmission({ ...market })))).toEqual([
      'OrderAccepted',
      'OrderExpired the book had no more within its limit',
    ])
  })

  it('leaves portfolios with a real account alone', () => {
    const { chain } = aVenue({ portfolio: { account: 'venue' } })
    expect(chain.give(aSubmission(), aCancelRequest())).toEqual([])
    expect(chain.pending()).toEqual([])
  })
})

describe('venue-sim with a latency', () => {
  const LATENCY = 1_000
  const slow = { portfolio: { latencyMicros: LATENCY } }

  it('matches with the book that is there when the order arrives, and reports as much later', () => {
    const { chain } = aVenue(slow)
    const submission = aSubmission({ ...market, quantity: amount('0.01') })
    expect(chain.give(submission)).toEqual([])
    chain.give(aQuote({ askTicks: ASK + 4, askLots: 600 }, { time: START + LATENCY - 1 }))

    // The quote of the very microsecond comes after the order.
    expect(chain.give(aQuote({ askTicks: ASK, askLots: 900 }, { seq: 1, time: START + LATENCY }))).toEqual([])
    const events = chain.advanceTo(START + 2 * LATENCY)

    expect(told(events)).toEqual([
      'OrderAccepted',
      'OrderPartiallyFilled 0.006@60000.05 taker',
      'OrderExpired the book had no more within its limit',
    ])
    for (const event of events) {
      expect(event).toMatchObject({ ingestTime: START + 2 * LATENCY, eventTime: START + LATENCY })
      expect(event.causes.map(formatIdentity)).toEqual([formatIdentity(identityOf(submission))])
    }
  })

  it('reports a fill later than the tick that made it, and names the tick', () => {
    const { chain } = aVenue(slow)
    chain.give(aSubmission({ quantity: amount('0.01'), limitPrice: amount('59999.99') }))
    chain.advanceTo(START + 2 * LATENCY)
    const at = START + 5 * LATENCY
    expect(
      chain.give(aTrade({ aggressor: 'sell', priceTicks: BID - 1, sizeLots: 5_000 }, { time: at, seq: 9 })),
    ).toEqual([])
    const events = chain.advanceTo(at + LATENCY)
    expect(told(events)).toEqual(['OrderFilled 0.01@59999.99 maker'])
    expect(events[0]?.causes.map(formatIdentity)).toEqual([`ticks/${BTC}/test/9`])
    expect(events[0]?.eventTime).toBe(at)
  })

  it('lets a fill overtake a cancel that is on its way', () => {
    const { chain } = aVenue(slow)
    chain.give(aSubmission({ quantity: amount('0.01'), limitPrice: amount('59999.99') }))
    const at = START + 5 * LATENCY
    chain.give(
      aCancelRequest({}, { time: at }),
      aTrade({ aggressor: 'sell', priceTicks: BID - 1, sizeLots: 5_000 }, { time: at + 1 }),
    )
    chain.advanceTo(at + 9 * LATENCY)
    expect(told(chain.emitted)).toEqual([
      'OrderAccepted',
      'OrderFilled 0.01@59999.99 maker',
      'CancelRejected no such open order',
    ])
  })

  it('forgets what is done: an empty state after all orders have ended and the market has moved on', () => {
    const { chain } = aVenue(slow)
    chain.give(aSubmission({ ...market, quantity: amount('0.01') }))
    chain.give(aQuote({ bidTicks: ASK + 5, askTicks: ASK + 6 }, { time: START + 3 * LATENCY }))
    chain.advanceTo(START + 9 * LATENCY)
    expect(chain.saved('venue-sim')).toMatchObject({
      requests: new Map(),
      sent: new Map(),
      open: new Map(),
      engines: new Map(),
    })
  })
})
