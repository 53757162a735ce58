import {
  aClockTick,
  aHalt,
  aListing,
  amount,
  aPortfolio,
  aPosition,
  aQuote,
  aResumption,
  newLimits,
  type Place,
  START,
  someLimits,
} from '@tideway/domain/testing'
import type { Event } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { drive, passTime, tradingWorld } from '../testing/index.ts'
import { risk } from './risk.ts'
import { filled, idOf, order, scene, sceneAt, told } from './testing/scene.ts'

const SECOND = 1_000_000
const at = (seconds: number) => ({ time: START + seconds * SECOND })

const exposures = (events: readonly Event[]) =>
  events.flatMap(event => {
    if (event.type !== 'ExposureMeasured') return []
    const { equity, gross, net, dayLoss, drawdown, openOrders, halted } = event.data
    return [
      `${equity} equity, ${gross} gross, ${net} net, ${dayLoss} lost, ${drawdown} down, ${openOrders} open, ${halted}`,
    ]
  })

describe('an intent within all limits', () => {
  it('is approved at mid', () => {
    const { driven, after } = scene()
    expect(after(order('0.1'))).toEqual(['approved at 60000'])
    const { causes, data } = driven.emitted.at(-1) as Event
    expect(causes).toEqual([idOf(0)])
    expect(data).toMatchObject({ order: idOf(0) })
  })
})

describe('a halt', () => {
  it('by command stops new risk; a person may still close, a strategy may not', () => {
    const { after } = scene(...filled('buy', '0.1', '0.1', '94000'))
    expect(after(aHalt({ reason: 'storm' }))).toEqual(['halted by command: storm'])
    expect(after(aHalt({ reason: 'again' }))).toEqual([])
    expect(after(order('0.01', {}, { seq: 1 }))).toEqual(['killSwitch: command against storm, 0 would pass'])
    const close = (origin: string, quantity: string, seq: number) => order(quantity, { origin, side: 'sell' }, { seq })
    expect(after(close('momentum', '0.05', 2))).toEqual(['killSwitch: command against storm, 0 would pass'])
    expect(after(close('manual', '0.11', 3))).toEqual(['killSwitch: command against storm, 0.1 would pass'])
    expect(after(close('manual', '0.05', 4))).toEqual(['approved at 60000'])
    expect(after(close('halt', '0.05', 5))).toEqual(['approved at 60000'])
  })

  it('ends with a resumption, said once', () => {
    const { after } = scene(aHalt())
    expect(after(aResumption(), aResumption())).toEqual(['TradingResumed'])
    expect(after(order('0.1'))).toEqual(['approved at 60000'])
  })

  it('of all portfolios holds for one that is opened later, too', () => {
    const world = tradingWorld()
    world.fold(aHalt({ reason: 'storm' }, { key: '*' }))
    const later = drive({ stages: [risk], key: 'alpha', ...world })
    expect(told(later.give(aListing(), aPortfolio()))).toEqual(['halted by command: storm'])
  })
})

describe('the daily loss limit', () => {
  /** Holds 0.1 of a price that is what the quote says; cash such that equity was 100,000 at 60,000. */
  const holding = () => scene(...filled('buy', '0.1', '0.1', '94000'))
  const quote = (price: number, place: Place) => aQuote({ bidTicks: price * 100 - 1, askTicks: price * 100 + 1 }, place)

  it('halts the portfolio with the next measure, and denies what comes before it (R5)', () => {
    const { after, driven } = holding()
    expect(after(quote(50_001, at(1)), aClockTick({}, at(1)))).toEqual(['ExposureMeasured'])
    expect(after(quote(50_000, at(1)))).toEqual([])
    expect(after(order('0.01', {}, { seq: 1, ...at(1) }))).toEqual([
      'halted by dailyLoss: lost 1000 since 00:00 UTC; the limit is 1000',
      'dailyLoss: 1000 against 1000, 0 would pass',
    ])
    expect(exposures(passTime(driven, START + 2 * SECOND))).toEqual([
      '99000 equity, 5000 gross, 5000 net, 1000 lost, 0.01 down, 0 open, true',
    ])
  })

  it('halts by itself within a second', () => {
    const { driven, after } = holding()
    after(quote(49_000, at(0)))
    expect(told(passTime(driven, START + SECOND))).toEqual([
      'halted by dailyLoss: lost 1100 since 00:00 UTC; the limit is 1000',
      'ExposureMeasured',
    ])
  })

  it('halts again when it is resumed while the loss stands', () => {
    const { driven, after } = holding()
    after(quote(49_000, at(0)))
    passTime(driven, START + SECOND)
    expect(after(aResumption({}, at(1)))).toEqual(['TradingResumed'])
    expect(told(passTime(driven, START + 2 * SECOND))[0]).toMatch(/^halted by dailyLoss/)
  })

  it('counts from 00:00 UTC, and a halt outlives the day', () => {
    const evening = { time: START - 3 * SECOND }
    const { driven, after } = sceneAt(evening.time, ...filled('buy', '0.1', '0.1', '94000', evening))
    after(quote(49_000, evening))
    expect(exposures(passTime(driven, START - SECOND)).at(-1)).toMatch(/1100 lost/)
    after(quote(48_000, { time: START - 1 })) // the new day starts from here
    expect(exposures(passTime(driven, START)).at(-1)).toBe(
      '98800 equity, 4800 gross, 4800 net, 0 lost, 0.012 down, 0 open, true',
    )
    expect(after(order('0.01', {}, { seq: 1 }))[0]).toMatch(/^killSwitch: dailyLoss/)
    expect(after(aResumption(), order('0.01', {}, { seq: 2 }))).toEqual(['TradingResumed', 'approved at 48000'])
  })
})

describe('the exposure', () => {
  it('is measured when the clock says a whole second, from the portfolio opening on', () => {
    const driven = drive({ stages: [risk], key: 'alpha', ...tradingWorld() })
    driven.give(aListing())
    expect(passTime(driven, START + SECOND)).toEqual([])
    driven.give(aPortfolio({}, at(1.3)))
    const events = passTime(driven, START + 3 * SECOND, 100_000)
    expect(events.map(event => event.ingestTime)).toEqual([START + 2 * SECOND, START + 3 * SECOND])
    expect(exposures(events)[0]).toBe('100000 equity, 0 gross, 0 net, 0 lost, 0 down, 0 open, false')
    driven.give(aPortfolio({}, { seq: 1, ...at(3) }))
    expect(passTime(driven, START + 4 * SECOND)).toHaveLength(1)
  })

  it('is not measured for the hours in which nobody told the time', () => {
    const { driven } = scene()
    passTime(driven, START + SECOND)
    expect(driven.pending()).toEqual([])
    expect(exposures(driven.give(aClockTick({}, at(9 * 3_600))))).toHaveLength(1)
  })

  it('sums holdings at mid, long and short', () => {
    const eth = 'binance:ETH/USDT'
    const { driven } = scene(
      aListing({ kind: 'linear' }),
      aListing({ kind: 'linear', symbol: 'ETH/USDT' }, { key: eth }),
      aQuote({ bidTicks: 299_999, askTicks: 300_001 }, { key: eth }),
      ...filled('buy', '0.1', '0.1', '94000'),
      aPosition({ symbol: eth, quantity: amount(-1), cash: amount(97_000) }),
      order('0.01', {}, { seq: 1 }),
    )
    expect(exposures(passTime(driven, START + SECOND))).toEqual([
      '100000 equity, 9000 gross, 3000 net, 0 lost, 0 down, 1 open, false',
    ])
  })

  it('uses the last mid while a side of the book is empty', () => {
    const { driven, after } = scene(...filled('buy', '0.1', '0.1', '94000'))
    after(aQuote({ askTicks: 0, bidTicks: 1 }))
    expect(exposures(passTime(driven, START + SECOND))).toEqual([
      '100000 equity, 6000 gross, 6000 net, 0 lost, 0 down, 0 open, false',
    ])
  })

  it('is not guessed before a holding has had a mid', () => {
    const driven = drive({ stages: [risk], key: 'alpha', ...tradingWorld() })
    driven.give(aListing(), aPortfolio(), aPosition())
    expect(passTime(driven, START + SECOND)).toEqual([])
  })
})

describe('limits', () => {
  it('are changed in part by command, and said whole', () => {
    const { driven, after } = scene()
    expect(after(newLimits({ maxOrderNotional: amount(5_000) }))).toEqual(['LimitsChanged'])
    expect(driven.emitted.at(-1)?.data).toEqual({ ...someLimits().data, maxOrderNotional: amount(5_000) })
    expect(after(order('0.1'))).toEqual(['orderNotional: 6000 against 5000, 0.08333 would pass'])
  })

  it.each([
    ['for all portfolios at once', newLimits({ maxOpenOrders: 3 }, { key: '*' }), /names one portfolio/],
    ['below zero', newLimits({ maxDailyLoss: amount(-1) }), /maxDailyLoss is -1: a limit is zero or more/],
    ['of half an order', newLimits({ maxOpenOrders: 1.5 }), /maxOpenOrders is 1.5/],
    ['below zero by configuration', someLimits({ priceCollar: amount(-1) }), /priceCollar is -1/],
  ])('%s are refused', (_what, event, message) => expect(() => scene().after(event)).toThrow(message))

  it('cannot be changed in part where there are none', () => {
    const driven = drive({ stages: [risk], key: 'alpha', ...tradingWorld() })
    expect(() => driven.give(newLimits({ maxOpenOrders: 3 }))).toThrow(/name maxPositionNotional, maxOrderNotional, /)
  })
})
