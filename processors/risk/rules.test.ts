import { aFill, aListing, amount, aPortfolio, aQuote, aStateChange, BTC, someLimits } from '@tideway/domain/testing'
import type { Event } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { drive, tradingWorld } from '../testing/index.ts'
import { risk } from './risk.ts'
import { filled, idOf, order, scene, told } from './testing/scene.ts'

describe('what is not known is denied, not guessed (R3)', () => {
  const denied = (events: readonly Event[], intent = order('0.1')) => {
    const driven = drive({ stages: [risk], key: 'alpha', ...tradingWorld() })
    driven.give(...events)
    return told(driven.give(intent))
  }
  const eth = aListing({ symbol: 'ETH/BTC', quote: 'BTC', settle: 'BTC' }, { key: 'binance:ETH/BTC' })

  it.each([
    ['no portfolio', [aListing(), someLimits(), aQuote()], 'portfolioOpened: alpha against an open portfolio'],
    ['no limits', [aListing(), aPortfolio(), aQuote()], 'limitsSet: none against limits of the portfolio'],
    ['no instrument', [aPortfolio(), someLimits()], `instrumentListed: ${BTC} against a listed instrument`],
    ['no mid', [aListing(), aPortfolio(), someLimits()], 'midKnown: none against a book with both sides'],
    [
      'an empty side',
      [aListing(), aPortfolio(), someLimits(), aQuote({ askTicks: 0 })],
      'midKnown: none against a book with both sides',
    ],
    [
      'an accounting that is not there',
      [aListing({ kind: 'inverse' }), aPortfolio(), someLimits(), aQuote()],
      'accounting: inverse against spot or linear',
    ],
  ])('%s', (_what, events, line) => expect(denied(events)).toEqual([`${line}, 0 would pass`]))

  const ethOrder = (origin = 'momentum') => order('0.1', { symbol: 'binance:ETH/BTC', origin })

  it('another currency', () => {
    const opening = aPortfolio({ strategies: [{ name: 'momentum', symbols: ['binance:ETH/BTC'], parameters: {} }] })
    expect(denied([eth, opening, someLimits()], ethOrder())).toEqual(['currency: BTC against USDT, 0 would pass'])
  })

  it.each(['momentum', 'manual', 'halt'])('a symbol that the portfolio does not trade, even to %s', origin => {
    expect(denied([eth, aPortfolio(), someLimits()], ethOrder(origin))).toEqual([
      'symbolTraded: binance:ETH/BTC against a symbol of the strategies of the portfolio, 0 would pass',
    ])
  })

  it('a symbol that was taken away, until it is given back', () => {
    const { after } = scene(...filled('buy', '0.1', '0.1', '94000'), aPortfolio({ strategies: [] }, { seq: 1 }))
    const close = (seq: number) => order('0.1', { side: 'sell', origin: 'manual' }, { seq })
    expect(after(close(1))[0]).toMatch(/^symbolTraded/)
    expect(after(aPortfolio({}, { seq: 2 }), close(2))).toEqual(['approved at 60000'])
  })
})

describe('[CTRL-01] the position limit', () => {
  it('caps the notional of a symbol, and names what would pass (R2)', () => {
    const { after } = scene(someLimits({ maxOrderNotional: amount(100_000) }))
    expect(after(order('0.83333'))).toEqual(['approved at 60000'])
    expect(scene(someLimits({ maxOrderNotional: amount(100_000) })).after(order('1'))).toEqual([
      'positionLimit: 60000 against 50000, 0.83333 would pass',
    ])
  })

  it('counts what is held and what is open on the same side (R4)', () => {
    const { after } = scene(...filled('buy', '0.5', '0.5', '70000'), order('0.1', {}, { seq: 1 }))
    expect(after(order('0.15', {}, { seq: 2 }))).toEqual(['approved at 60000'])
    expect(after(order('0.15', {}, { seq: 3 }))).toEqual(['positionLimit: 54000 against 50000, 0.08333 would pass'])
  })

  it('gives room again when an order ends without a fill', () => {
    const { after } = scene(...filled('buy', '0.7', '0.7', '58000'), order('0.1', {}, { seq: 1 }))
    expect(after(order('0.1', {}, { seq: 2 }))).toEqual(['positionLimit: 54000 against 50000, 0.03333 would pass'])
    after(aStateChange({ order: idOf(1), to: 'cancelled' }))
    expect(after(order('0.1', {}, { seq: 3 }))).toEqual(['approved at 60000'])
  })

  it('always has room for an order that reduces, even far above the limit', () => {
    const { after } = scene(...filled('buy', '3', '3', '-80000'), someLimits({ maxPositionNotional: amount(10) }))
    expect(after(order('0.1', { side: 'sell' }, { seq: 1 }))).toEqual(['approved at 60000'])
    expect(after(order('0.1', { side: 'buy' }, { seq: 2 }))[0]).toMatch(/^(buyingPower|positionLimit)/)
  })

  it('counts a fill before the portfolio has accounted for it (R4)', () => {
    const { after } = scene(someLimits({ maxPositionNotional: amount(6_000) }), order('0.1'))
    after(aFill({ order: idOf(0), quantity: amount('0.1') }), aStateChange({ order: idOf(0), to: 'filled' }))
    expect(after(order('0.001', {}, { seq: 1 }))).toEqual(['positionLimit: 6060 against 6000, 0 would pass'])
  })

  it('holds for a contract on the short side, through zero', () => {
    const contract = [aListing({ kind: 'linear' }), someLimits({ maxPositionNotional: amount(3_000) })]
    const { after } = scene(...contract, ...filled('buy', '0.1', '0.1', '94000'))
    expect(after(order('0.16', { side: 'sell' }, { seq: 1 }))).toEqual([
      'positionLimit: 3600 against 3000, 0.15 would pass',
    ])
    expect(after(order('0.15', { side: 'sell' }, { seq: 2 }))).toEqual(['approved at 60000'])
  })
})

describe('the other rules', () => {
  it.each([
    ['caps what one order is worth', order('0.2'), 'orderNotional: 12000 against 10000, 0.16666 would pass'],
    [
      'keeps a limit price near mid, above',
      order('0.1', { limitPrice: amount(61_201) }),
      'priceCollar: 0.020016666666666667 against 0.02, 0 would pass',
    ],
    [
      'keeps a limit price near mid, below',
      order('0.1', { limitPrice: amount(58_799) }),
      'priceCollar: 0.020016666666666667 against 0.02, 0 would pass',
    ],
    ['does not sell short on spot', order('0.1', { side: 'sell' }), 'spotShort: 0.1 against 0, 0 would pass'],
    ['keeps to the quantity step', order('0.000105'), 'quantityStep: 0.000105 against 0.00001, 0.0001 would pass'],
    [
      'keeps to the tick',
      order('0.1', { limitPrice: amount('60000.001') }),
      'tick: 60000.001 against 0.01, 0 would pass',
    ],
    ['keeps to the smallest notional', order('0.00008'), 'minNotional: 4.8 against 5, 0 would pass'],
    ['refuses nothing and less', order('-0.1'), 'minQuantity: -0.1 against 0.00001, 0 would pass'],
    ['refuses a price of nothing', order('0.1', { limitPrice: amount(0) }), 'tick: 0 against 0.01, 0 would pass'],
  ])('%s', (_what, intent, line) => expect(scene().after(intent)).toEqual([line]))

  it('lets a limit price pass at the collar itself', () => {
    expect(scene().after(order('0.1', { limitPrice: amount(61_200) }))).toEqual(['approved at 60000'])
  })

  it('pays spot from the cash that open buys leave, fee included', () => {
    const { after } = scene(someLimits({ maxPositionNotional: amount(1e9) }), ...filled('buy', '1', '1', '40000'))
    for (let seq = 1; seq <= 4; seq++) expect(after(order('0.16', {}, { seq }))).toEqual(['approved at 60000'])
    expect(after(order('0.16', {}, { seq: 5 }))).toEqual(['buyingPower: 9609.6 against 1561.6, 0.026 would pass'])
  })

  it('does not sell spot twice by two open orders', () => {
    const { after } = scene(...filled('buy', '0.1', '0.1', '94000'), order('0.06', { side: 'sell' }, { seq: 1 }))
    expect(after(order('0.06', { side: 'sell' }, { seq: 2 }))).toEqual([
      'spotShort: 0.06 against 0.04, 0.04 would pass',
    ])
  })

  it('caps how many orders are open', () => {
    const { after } = scene(someLimits({ maxOpenOrders: 2 }), order('0.01'), order('0.01', {}, { seq: 1 }))
    expect(after(order('0.01', {}, { seq: 2 }))).toEqual(['openOrders: 3 against 2, 0 would pass'])
    after(aStateChange({ order: idOf(0), to: 'expired' }))
    expect(after(order('0.01', {}, { seq: 3 }))).toEqual(['approved at 60000'])
  })

  it('names what would pass all rules, not only the one that is named (R2)', () => {
    const { after } = scene(someLimits({ maxPositionNotional: amount(600), maxOrderNotional: amount(1_200) }))
    expect(after(order('0.1'))).toEqual(['orderNotional: 6000 against 1200, 0.01 would pass'])
    expect(after(order('0.01'))).toEqual(['approved at 60000'])
  })
})
