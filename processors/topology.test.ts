import {
  aClockTick,
  aHalt,
  aListing,
  anAcceptance,
  aPortfolio,
  aQuote,
  BTC,
  START,
  someLimits,
} from '@tideway/domain/testing'
import type { Event } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { tradingSegment } from './topology.ts'
import { subscribers } from './values/subscribers.ts'

const ETH = 'binance:ETH/USDT'
const trading = (name: string, ...symbols: readonly string[]) =>
  aPortfolio({ strategies: [{ name: 'momentum', symbols, parameters: {} }] }, { key: name })

describe('the trading segment', () => {
  const known = subscribers.empty()
  for (const opening of [trading('beta', BTC), trading('alpha', BTC, ETH), trading('gamma')]) {
    subscribers.fold(known, opening)
  }
  const segment = tradingSegment([])
  const concerned = (event: Event) => segment.route(event, { subscribers: known })

  it.each<[string, Event, readonly string[]]>([
    ['a tick: who trades its symbol', aQuote(), ['alpha', 'beta']],
    ['a tick of what one trades: that one', aQuote({}, { key: ETH }), ['alpha']],
    ['a tick of what nobody trades: nobody', aQuote({}, { key: 'binance:SOL/USDT' }), []],
    ['a whole second: everybody', aClockTick({}, { time: START + 1_000_000 }), ['alpha', 'beta', 'gamma']],
    ['a time between seconds: nobody', aClockTick({}, { time: START + 1_100_000 }), []],
    ['a command: who it names', aHalt({}, { key: 'beta' }), ['beta']],
    ['a command for all: everybody', aHalt({}, { key: '*' }), ['alpha', 'beta', 'gamma']],
    ['an opening: the portfolio', trading('beta', ETH), ['beta']],
    ['limits: the portfolio', someLimits({}, { key: 'gamma' }), ['gamma']],
    ['a listing: nobody', aListing(), []],
    ['a report: whose order it is about', anAcceptance({}, { key: 'beta' }), ['beta']],
  ])('is concerned by %s', (_what, event, portfolios) => {
    expect(concerned(event)).toEqual(portfolios)
    expect(concerned(event)).toBe(concerned(event))
  })

  it('decodes of the market only what somebody trades', () => {
    const wants = (key: string) => segment.wants('ticks', key, { subscribers: known })
    expect([BTC, ETH, 'binance:SOL/USDT'].map(wants)).toEqual([true, true, false])
  })
})
