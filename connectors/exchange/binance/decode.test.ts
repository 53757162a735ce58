import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binanceDecoder } from './decode.ts'
import { DecodeError } from './errors.ts'
import { knownInstruments } from './instruments.ts'

const RECEIVED = 1_723_161_600_001_658

const on = (venue: string, symbol?: string) =>
  binanceDecoder({ venue, instruments: knownInstruments(venue), ...(symbol ? { symbol } : {}) })
const spot = on('binance', 'BTCUSDT')
const usdm = on('binance-usdm', 'BTCUSDT')
const coinm = on('binance-coinm', 'BTCUSD_PERP')

const message = (stream: string, data: object) => JSON.stringify({ stream, data })

const aTrade = (change: object = {}) => ({
  e: 'trade',
  E: 1723161601438,
  s: 'BTCUSDT',
  t: 3735693016,
  p: '61685.99000000',
  q: '0.00017000',
  T: 1723161601437,
  m: true,
  M: true,
  ...change,
})
const aDepth = (change: object = {}) => ({
  e: 'depthUpdate',
  E: 1723161601273,
  s: 'BTCUSDT',
  U: 10,
  u: 12,
  b: [
    ['61685.99000000', '1.25869000'],
    ['24426.99000000', '0.00000000'],
  ],
  a: [['61686.00000000', '2.44816000']],
  ...change,
})
const aQuote = (change: object = {}) => ({
  u: 50093421613,
  s: 'BTCUSDT',
  b: '61685.99000000',
  B: '1.25869000',
  a: '61686.00000000',
  A: '2.44816000',
  ...change,
})

describe('spot messages', () => {
  it('reads a trade; the buyer was the maker, so the taker sold', () => {
    expect(spot(message('btcusdt@trade', aTrade()), RECEIVED)).toEqual({
      key: 'binance:BTC/USDT',
      type: 'TradePrinted',
      eventTime: 1723161601437000,
      data: { tradeId: 3735693016, priceTicks: 6168599, sizeLots: 170, aggressor: 'sell' },
    })
    expect(spot(message('btcusdt@trade', aTrade({ m: false })), RECEIVED).data).toMatchObject({ aggressor: 'buy' })
  })

  it('reads a book ticker, which has no time, at its receive time', () => {
    expect(spot(message('btcusdt@bookTicker', aQuote()), RECEIVED)).toEqual({
      key: 'binance:BTC/USDT',
      type: 'QuoteChanged',
      eventTime: RECEIVED,
      data: { updateId: 50093421613, bidTicks: 6168599, bidLots: 1258690, askTicks: 6168600, askLots: 2448160 },
    })
  })

  it('reads a side without orders as price 0, size 0', () => {
    const tick = spot(message('btcusdt@bookTicker', aQuote({ b: '0.00000000', B: '0.00000000' })), RECEIVED)
    expect(tick.data).toMatchObject({ bidTicks: 0, bidLots: 0, askTicks: 6168600 })
  })

  it('reads depth; a size of zero removes the level', () => {
    expect(spot(message('btcusdt@depth@100ms', aDepth()), RECEIVED)).toEqual({
      key: 'binance:BTC/USDT',
      type: 'DepthChanged',
      eventTime: 1723161601273000,
      data: {
        firstUpdateId: 10,
        lastUpdateId: 12,
        previousUpdateId: -1,
        bidTicks: [6168599, 2442699],
        bidLots: [1258690, 0],
        askTicks: [6168600],
        askLots: [2448160],
      },
    })
  })

  it("reads a snapshot, which names no symbol, as the feed's own (D4)", () => {
    const raw = JSON.stringify({ lastUpdateId: 7, bids: [['61685.99', '1']], asks: [] })
    expect(spot(raw, RECEIVED)).toEqual({
      key: 'binance:BTC/USDT',
      type: 'BookSnapshotted',
      eventTime: RECEIVED,
      data: { lastUpdateId: 7, bidTicks: [6168599], bidLots: [1000000], askTicks: [], askLots: [] },
    })
  })

  it('reads the bare payload of a single stream, and times in microseconds', () => {
    const raw = JSON.stringify(aTrade({ T: 1723161601437123 }))
    expect(spot(raw, RECEIVED).eventTime).toBe(1723161601437123)
  })
})

describe('futures messages', () => {
  it('carry the time of the matching engine and the id of the message before', () => {
    const depth = aDepth({ T: 1723161601272, pu: 9, b: [['58710.20', '0.014']], a: [] })
    expect(usdm(message('btcusdt@depth@0ms', depth), RECEIVED)).toEqual({
      key: 'binance-usdm:BTC/USDT',
      type: 'DepthChanged',
      eventTime: 1723161601272000,
      data: {
        firstUpdateId: 10,
        lastUpdateId: 12,
        previousUpdateId: 9,
        bidTicks: [587102],
        bidLots: [14],
        askTicks: [],
        askLots: [],
      },
    })
    const quote = aQuote({ e: 'bookTicker', b: '61800.20', B: '2.507', a: '61800.30', A: '2.510', T: 5, E: 6 })
    expect(usdm(message('btcusdt@bookTicker', quote), RECEIVED)).toMatchObject({
      type: 'QuoteChanged',
      eventTime: 5000,
    })
  })

  it('of COIN-M count sizes in contracts and name the pair', () => {
    const raw = JSON.stringify({
      lastUpdateId: 1,
      E: 2,
      T: 1723161257823,
      symbol: 'BTCUSD_PERP',
      pair: 'BTCUSD',
      bids: [['61804.7', '35']],
      asks: [['61804.8', '1645']],
    })
    expect(coinm(raw, RECEIVED)).toMatchObject({
      key: 'binance-coinm:BTC/USD',
      eventTime: 1723161257823000,
      data: { bidTicks: [618047], bidLots: [35], askTicks: [618048], askLots: [1645] },
    })
  })

  it('without the id of the message before are refused', () => {
    expect(failureOf(() => usdm(message('x', aDepth({ T: 5, b: [], a: [] })), RECEIVED))).toMatchObject({
      code: 'missing-field',
      where: { field: 'pu' },
    })
  })
})

describe('a message that cannot be decoded is a typed error (D1)', () => {
  const cases: readonly [name: string, raw: string, code: string, field: string][] = [
    ['cut off', message('btcusdt@trade', aTrade()).slice(0, 60), 'not-json', ''],
    ['empty', '', 'not-json', ''],
    ['a number', '17', 'unknown-message', ''],
    ['null', 'null', 'unknown-message', ''],
    ['a stream without data', '{"stream":"btcusdt@trade"}', 'unknown-message', ''],
    ['an answer to a subscription', '{"result":null,"id":1}', 'unknown-message', 'e'],
    ['an unknown event of a known symbol', message('x', aTrade({ e: 'kline' })), 'unknown-message', 'e'],
    ['an unknown symbol', message('x', aTrade({ s: 'DOGEBTC' })), 'unknown-symbol', ''],
    ['a symbol that is a number', message('x', aTrade({ s: 1 })), 'unknown-symbol', ''],
    ['a trade without its taker side', message('x', aTrade({ m: undefined })), 'missing-field', 'm'],
    ['a trade without id', message('x', aTrade({ t: undefined })), 'missing-field', 't'],
    ['a trade with an id of 2^53', message('x', aTrade({ t: 2 ** 53 })), 'missing-field', 't'],
    ['a trade without time', message('x', aTrade({ T: undefined })), 'missing-field', 'T'],
    ['a trade at time zero', message('x', aTrade({ T: 0 })), 'missing-field', 'T'],
    ['a price of NaN', message('x', aTrade({ p: 'NaN' })), 'not-a-number', 'p'],
    ['a price as a JSON number', message('x', aTrade({ p: 61685.99 })), 'not-a-number', 'p'],
    ['a price below zero', message('x', aTrade({ p: '-61685.99' })), 'negative', 'p'],
    ['a trade at zero', message('x', aTrade({ p: '0.00' })), 'negative', 'p'],
    ['a trade of nothing', message('x', aTrade({ q: '0' })), 'negative', 'q'],
    ['a price off the grid', message('x', aTrade({ p: '61685.995' })), 'off-grid', 'p'],
    ['a size off the grid', message('x', aQuote({ A: '0.0000001' })), 'off-grid', 'A'],
    ['a size past 2^53 lots', message('x', aQuote({ A: '99999999999' })), 'out-of-range', 'A'],
    [
      'a level off the grid',
      message(
        'x',
        aDepth({
          a: [
            ['61686.00', '1'],
            ['61686.005', '1'],
          ],
        }),
      ),
      'off-grid',
      'a[1][0]',
    ],
    ['a level below zero', message('x', aDepth({ b: [['61686.00', '-1']] })), 'negative', 'b[0][1]'],
    ['a level at price zero', message('x', aDepth({ b: [['0.00', '1']] })), 'negative', 'b[0][0]'],
    ['a level without size', message('x', aDepth({ b: [['61686.00']] })), 'not-a-number', 'b[0][1]'],
    ['a level that is none', message('x', aDepth({ b: ['61686.00'] })), 'missing-field', 'b[0]'],
    ['depth without asks', message('x', aDepth({ a: null })), 'missing-field', 'a'],
    ['ids that run backwards', message('x', aDepth({ U: 13 })), 'out-of-range', 'U'],
  ]

  it.each(cases)('%s', (_, raw, code, field) => {
    expect(failureOf(() => spot(raw, RECEIVED))).toMatchObject({ code, where: { venue: 'binance', field } })
  })

  it('that says what, where and what to do', () => {
    const error = failureOf(() => spot(message('x', aDepth({ b: [['61686.005', '1']] })), RECEIVED))
    expect(error.message).toBe('binance BTCUSDT b[0][0]: no multiple of the tick size 0.01: "61686.005"')
    expect(error.remedy).toContain('list the instrument again')
  })

  it('whatever bytes arrive', () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map(data => message('x', { ...aTrade(), data })),
    )
    const mutated = fc.tuple(fc.constantFrom(...Object.keys(aDepth())), fc.jsonValue()).map(([field, value]) => {
      return message('x', aDepth({ [field]: value }))
    })
    fc.assert(
      fc.property(fc.oneof(json, mutated), raw => {
        try {
          expect(spot(raw, RECEIVED).key).toBe('binance:BTC/USDT')
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
        }
      }),
    )
  })

  it('and a snapshot of a feed without a symbol asks for one', () => {
    const raw = JSON.stringify({ lastUpdateId: 7, bids: [], asks: [] })
    expect(failureOf(() => on('binance')(raw, RECEIVED)).code).toBe('unknown-symbol')
  })
})

it('speaks for no venue but those of Binance', () => {
  expect(() => on('kraken')).toThrow(RangeError)
})

function failureOf(act: () => unknown): DecodeError {
  try {
    act()
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
  throw new Error('it was decoded')
}
