import {
  aClockTick,
  aFill,
  aListing,
  amount,
  aPortfolio,
  aQuote,
  BTC,
  type Place,
  START,
} from '@tideway/domain/testing'
import type { Event, FillRecorded } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drive, passTime, tradingWorld } from '../testing/index.ts'
import { portfolio } from './portfolio.ts'

const SECOND = 1_000_000
const ETH = 'binance:ETH/USDT'
const at = (seconds: number) => ({ time: START + seconds * SECOND })

/** A portfolio with 100,000 USDT and books at 60,000 and 3,000. */
function scene(...more: readonly Event[]) {
  const driven = drive({ stages: [portfolio], key: 'alpha', ...tradingWorld() })
  driven.give(aListing(), aListing({ symbol: 'ETH/USDT' }, { key: ETH }), aPortfolio(), aQuote())
  driven.give(aQuote({ bidTicks: 299_999, askTicks: 300_001 }, { key: ETH }), ...more)
  const after = (...events: readonly Event[]) => told(driven.give(...events))
  return { driven, after }
}

function told(events: readonly Event[]): string[] {
  return events.flatMap(({ type, data }) => {
    if (type === 'PositionChanged') {
      const { quantity, averagePrice, realised, fees, cash } = data
      return [`${quantity} at ${averagePrice}, ${realised} realised, ${fees} fees, ${cash} cash`]
    }
    if (type !== 'EquityMarked') return []
    const { cash, equity, realised, unrealised, fees } = data
    return [`equity ${equity}: ${cash} cash, ${realised} realised, ${unrealised} unrealised, ${fees} fees`]
  })
}

const fill = (
  side: 'buy' | 'sell',
  quantity: string,
  price: number,
  changes: Partial<FillRecorded> = {},
  place: Place = {},
) => aFill({ side, quantity: amount(quantity), price: amount(price), fee: amount(1), ...changes }, place)

describe('a fill', () => {
  it('changes position and cash, and equity is marked at mid', () => {
    const { driven, after } = scene()
    expect(after(fill('buy', '0.1', 59_000))).toEqual([
      '0.1 at 59000, 0 realised, 1 fees, 94099 cash',
      'equity 100099: 94099 cash, 0 realised, 100 unrealised, 1 fees',
    ])
    expect(driven.emitted[0]).toMatchObject({ source: 'portfolio', causes: [{ topic: 'executions' }] })
    expect(after(fill('sell', '0.04', 61_000))).toEqual([
      '0.06 at 59000, 80 realised, 2 fees, 96538 cash',
      'equity 100138: 96538 cash, 80 realised, 60 unrealised, 2 fees',
    ])
  })

  it('may take a holding through zero (P2)', () => {
    const { after } = scene(aListing({ kind: 'linear' }), fill('buy', '0.1', 60_000))
    expect(after(fill('sell', '0.3', 60_000))[0]).toBe('-0.2 at 60000, 0 realised, 2 fees, 111998 cash')
  })

  it('of several symbols adds up', () => {
    const { after } = scene(fill('buy', '0.1', 60_000))
    expect(after(fill('buy', '2', 2_990, { symbol: ETH }))).toEqual([
      '2 at 2990, 0 realised, 1 fees, 88018 cash',
      'equity 100018: 88018 cash, 0 realised, 20 unrealised, 2 fees',
    ])
  })

  it('is not marked before every holding has had a mid, nor valued at a guess', () => {
    const driven = drive({ stages: [portfolio], key: 'alpha', ...tradingWorld() })
    driven.give(aListing(), aPortfolio())
    expect(told(driven.give(fill('buy', '0.1', 60_000)))).toHaveLength(1)
    expect(passTime(driven, START + SECOND)).toEqual([])
    driven.give(aQuote({}, at(1)))
    expect(passTime(driven, START + 2 * SECOND)).toHaveLength(1)
  })

  it.each([
    ['before the portfolio is open', [aListing()], {}, 'not-open'],
    ['of an instrument that is not listed', [aPortfolio()], {}, 'unknown-instrument'],
    ['of an inverse contract', [aListing({ kind: 'inverse' }), aPortfolio()], {}, 'unsupported'],
    ['in another currency', [aListing({ quote: 'USDC' }), aPortfolio()], {}, 'unsupported'],
    ['with a fee in another asset', [aListing(), aPortfolio()], { feeAsset: 'BNB' }, 'unsupported'],
  ])('%s is refused (P3)', (_what, events, changes, code) => {
    const driven = drive({ stages: [portfolio], key: 'alpha', ...tradingWorld() })
    driven.give(...events)
    expect(() => driven.give(fill('buy', '0.1', 60_000, changes))).toThrow(expect.objectContaining({ code }))
  })

  it('without fee may name any asset for it', () => {
    expect(scene().after(fill('buy', '0.1', 60_000, { fee: amount(0), feeAsset: 'BNB' }))).toHaveLength(2)
  })
})

describe('equity', () => {
  it('is marked when the clock says a whole second, from the portfolio opening on', () => {
    const driven = drive({ stages: [portfolio], key: 'alpha', ...tradingWorld() })
    driven.give(aListing())
    expect(passTime(driven, START + SECOND)).toEqual([])
    driven.give(aPortfolio({}, at(1)), aQuote({}, at(1)), fill('buy', '0.1', 60_000, {}, at(1)))
    driven.give(aQuote({ bidTicks: 6_099_999, askTicks: 6_100_001 }, at(1.3)))
    const marks = passTime(driven, START + 3 * SECOND, 100_000)
    expect(marks.map(event => event.ingestTime)).toEqual([START + 2 * SECOND, START + 3 * SECOND])
    expect(told(marks)[0]).toBe('equity 100099: 93999 cash, 0 realised, 100 unrealised, 1 fees')
  })

  it('is not marked for the hours in which nobody told the time', () => {
    const { driven } = scene(fill('buy', '0.1', 60_000))
    passTime(driven, START + SECOND)
    expect(driven.pending()).toEqual([])
    expect(driven.give(aClockTick({}, at(9 * 3_600)))).toHaveLength(1)
  })

  it('stays what it is when the portfolio is opened again', () => {
    const { driven } = scene(fill('buy', '0.1', 60_000), aPortfolio({ cash: amount(5) }, { seq: 1 }))
    expect(told(passTime(driven, START + SECOND))).toEqual([
      'equity 99999: 93999 cash, 0 realised, 0 unrealised, 1 fees',
    ])
  })

  it('uses the last mid while a side of the book is empty (P4)', () => {
    const { driven } = scene(fill('buy', '0.1', 59_000), aQuote({ bidTicks: 0 }))
    expect(told(passTime(driven, START + SECOND))[0]).toMatch(/^equity 100099:/)
  })

  it('is opening cash + realised + unrealised - fees to the last digit, whatever is filled and quoted (P1)', () => {
    const fills = fc.record({
      kind: fc.constant('fill' as const),
      symbol: fc.constantFrom(BTC, ETH),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 100_000 }),
      ticks: fc.integer({ min: 1, max: 10_000_000 }),
      feeUnits: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    })
    const quotes = fc.record({
      kind: fc.constant('quote' as const),
      symbol: fc.constantFrom(BTC, ETH),
      bidTicks: fc.integer({ min: 1, max: 10_000_000 }),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(fills, quotes), { maxLength: 25 }), story => {
        const { driven } = scene(aListing({ kind: 'linear' }))
        for (const step of story) {
          const { symbol } = step
          if (step.kind === 'quote') {
            driven.give(aQuote({ bidTicks: step.bidTicks, askTicks: step.bidTicks + 3 }, { key: symbol }))
          } else {
            const fee = amount(step.feeUnits).div('1e18')
            driven.give(fill(step.side, `${step.lots / 100_000}`, step.ticks / 100, { symbol, fee }))
          }
        }
        passTime(driven, START + SECOND)
        for (const { type, data } of driven.emitted) {
          if (type !== 'EquityMarked') continue
          const { equity, realised, unrealised, fees } = data
          expect(equity.eq(amount(100_000).plus(realised).plus(unrealised).minus(fees))).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})
