import {
  aHalt,
  aListing,
  aManualOrder,
  amount,
  aPortfolio,
  aQuote,
  BTC,
  newLimits,
  PORTFOLIO,
  START,
  someFeatures,
  someLimits,
} from '@tideway/domain/testing'
import { featureNames } from '@tideway/quant'
import { type Event, formatIdentity, identityOf } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { execution } from './execution/execution.ts'
import { portfolio } from './portfolio/portfolio.ts'
import { risk } from './risk/risk.ts'
import { defineStrategy, exit, goLong } from './strategy/index.ts'
import { strategyStage } from './strategy/strategy.ts'
import { drive, passTime, tradingWorld } from './testing/index.ts'
import { venueSim } from './venue-sim/venue-sim.ts'

const SECOND = 1_000_000

/** Long while return1s is above zero, in limit orders at the bid when return10s says so. */
const follower = defineStrategy({
  name: 'follower',
  version: 1,
  about: 'For tests',
  reads: ['features'],
  features: ['return1s', 'return10s'],
  parameters: { notional: { value: 6_000, min: 1, max: 1_000_000, about: 'Size' } },
  empty: () => ({}),
  cooldownSeconds: () => 1,
  on: {
    features({ parameters, holding, bidTicks }, { return1s, return10s }) {
      if (return1s < 0) return holding.quantity > 0 ? exit('down') : undefined
      return goLong(parameters.notional, 'up', return10s > 0 ? { limitTicks: bidTicks } : {})
    },
  },
})

function scene({ latencyMicros = 1_000, parameters = {} }: { latencyMicros?: number; parameters?: object } = {}) {
  const driven = drive({
    stages: [strategyStage([follower]), risk, execution, portfolio, venueSim],
    key: PORTFOLIO,
    ...tradingWorld(),
  })
  const strategies = [{ name: 'follower', symbols: [BTC], parameters: { ...parameters } }]
  driven.give(aListing(), aPortfolio({ latencyMicros, strategies }), someLimits(), aQuote())
  return driven
}

const at = (seconds: number) => ({ time: START + seconds * SECOND })

/** Features of a rising (1) or falling (-1) market; `limit` asks for limit orders. */
function market(direction: number, seconds: number, limit = false) {
  const values = featureNames.map(name => (name === 'return1s' ? direction : name === 'return10s' && limit ? 1 : 0))
  return someFeatures({ values }, { seq: seconds, ...at(seconds) })
}

/** Types of what was emitted, marks and measures left out. */
const story = (events: readonly Event[]) =>
  events.map(({ type }) => type).filter(type => type !== 'EquityMarked' && type !== 'ExposureMeasured')

describe('the trading loop', () => {
  it('turns a decision into a position within one root where the venue answers at once', () => {
    const driven = scene({ latencyMicros: 0 })
    expect(story(driven.give(market(1, 1)))).toEqual([
      'SignalRaised',
      'OrderIntended',
      'OrderApproved',
      'OrderSubmitted',
      'OrderStateChanged',
      'OrderAccepted',
      'OrderFilled',
      'OrderStateChanged',
      'FillRecorded',
      'OrderStateChanged',
      'PositionChanged',
    ])
  })

  it('names for each event what caused it, from the fill back to the features', () => {
    const driven = scene()
    driven.give(market(1, 1))
    driven.advanceTo(START + 2 * SECOND)
    const byName = new Map(driven.emitted.map(event => [formatIdentity(identityOf(event)), event]))
    const chain: string[] = []
    let event = driven.emitted.find(({ type }) => type === 'PositionChanged')
    while (event !== undefined) {
      chain.push(event.type)
      const cause = event.causes[0]
      event = cause && byName.get(formatIdentity(cause))
    }
    expect(chain).toEqual([
      'PositionChanged',
      'FillRecorded',
      'OrderFilled',
      'OrderSubmitted',
      'OrderApproved',
      'OrderIntended',
      'SignalRaised',
    ])
  })

  it('closes the position when the decision turns', () => {
    const driven = scene()
    driven.give(market(1, 1), market(1, 2), market(-1, 5))
    driven.advanceTo(START + 6 * SECOND)
    const positions = driven.emitted.flatMap(event => (event.type === 'PositionChanged' ? [event.data] : []))
    expect(positions.map(({ quantity }) => quantity.toString())).toEqual(['0.1', '0'])
    const last = driven.emitted.findLast(event => event.type === 'EquityMarked')
    // 0.1 bought at 60,000.01 and sold at 59,999.99, both with 0.1 % fee.
    expect(last?.data).toMatchObject({ equity: amount('99987.998'), fees: amount(12), realised: amount('-0.002') })
  })

  it('tells why an order was denied, and tries again only after the cooldown', () => {
    const driven = scene()
    driven.give(newLimits({ maxOrderNotional: amount(100) }))
    expect(story(driven.give(market(1, 1)))).toEqual([
      'SignalRaised',
      'OrderIntended',
      'OrderDenied',
      'OrderStateChanged',
    ])
    const soon = someFeatures({ values: market(1, 1).data.values }, { seq: 9, time: START + SECOND + 100_000 })
    expect(story(driven.give(soon))).toEqual([])
    expect(story(driven.give(market(1, 2)))).toHaveLength(4)
  })

  it('denies a person what the portfolio does not trade', () => {
    const driven = scene()
    driven.give(aListing({ symbol: 'ETH/USDT' }, { key: 'binance:ETH/USDT' }))
    const denial = driven.give(aManualOrder({ symbol: 'binance:ETH/USDT' })).find(({ type }) => type === 'OrderDenied')
    expect(denial?.data).toMatchObject({ rule: 'symbolTraded', value: 'binance:ETH/USDT' })
  })

  it('cancels what is open on a halt, and lets a person close', () => {
    const driven = scene()
    driven.give(market(1, 1))
    driven.advanceTo(START + 2 * SECOND)
    const resting = { limitPrice: amount(59_500), quantity: amount('0.01') }
    driven.give(aManualOrder(resting, at(2)))
    driven.advanceTo(START + 3 * SECOND)

    expect(story(driven.give(aHalt({}, at(3))))).toEqual(['TradingHalted', 'CancelRequested', 'OrderStateChanged'])
    expect(story(driven.advanceTo(START + 4 * SECOND))).toEqual(['OrderCancelled', 'OrderStateChanged'])
    const close = { side: 'sell', orderType: 'market', limitPrice: null, timeInForce: 'ioc' } as const
    driven.give(aManualOrder(close, { seq: 1, ...at(4) }))
    driven.advanceTo(START + 5 * SECOND)
    const position = driven.emitted.findLast(event => event.type === 'PositionChanged')
    expect(position?.data.quantity.isZero()).toBe(true)
  })

  it('gives up a limit order that nobody fills, and the strategy may try anew', () => {
    const driven = scene()
    driven.give(market(1, 1, true))
    driven.advanceTo(START + 40 * SECOND)
    const states = driven.emitted.flatMap(event => (event.type === 'OrderStateChanged' ? [event.data.to] : []))
    expect(states).toEqual(['submitted', 'accepted', 'pendingCancel', 'cancelled'])
    expect(story(driven.give(market(1, 41, true)))[0]).toBe('SignalRaised')
  })
})

describe('whatever market and people do', () => {
  const steps = fc.oneof(
    fc.record({ kind: fc.constant('features' as const), up: fc.boolean(), limit: fc.boolean() }),
    fc.record({ kind: fc.constant('quote' as const), bidTicks: fc.integer({ min: 5_950_000, max: 6_050_000 }) }),
    fc.record({ kind: fc.constant('order' as const), buys: fc.boolean(), lots: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ kind: fc.constant('halt' as const) }),
  )

  it('positions are the fold of the fills, equity balances, spot is never short, and no order is filled beyond itself', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 30 }), fc.constantFrom(0, 1_000, 1_500_000), (plan, latencyMicros) => {
        const driven = scene({ latencyMicros })
        for (const [i, step] of plan.entries()) {
          const place = { seq: i + 1, time: START + (i + 1) * 700_000 }
          const { bidTicks } = step.kind === 'quote' ? step : { bidTicks: 0 }
          if (step.kind === 'features') {
            const { values } = market(step.up ? 1 : -1, 0, step.limit).data
            driven.give(someFeatures({ values }, place))
          } else if (step.kind === 'quote') driven.give(aQuote({ bidTicks, askTicks: bidTicks + 2 }, place))
          else if (step.kind === 'halt') driven.give(aHalt({}, place))
          else {
            const side = step.buys ? 'buy' : 'sell'
            const quantity = amount(step.lots).div(100_000)
            driven.give(
              aManualOrder({ side, quantity, orderType: 'market', limitPrice: null, timeInForce: 'ioc' }, place),
            )
          }
        }
        passTime(driven, START + (plan.length + 60) * SECOND)

        const filled = new Map<string, ReturnType<typeof amount>>()
        const ordered = new Map<string, ReturnType<typeof amount>>()
        let held = amount(0)
        for (const event of driven.emitted) {
          if (event.type === 'OrderSubmitted') ordered.set(formatIdentity(event.data.order), event.data.quantity)
          if (event.type === 'FillRecorded') {
            const { order, side, quantity } = event.data
            held = side === 'buy' ? held.plus(quantity) : held.minus(quantity)
            filled.set(formatIdentity(order), quantity.plus(filled.get(formatIdentity(order)) ?? 0))
          }
          if (event.type === 'PositionChanged') expect(event.data.quantity.eq(held)).toBe(true)
          if (event.type === 'EquityMarked') {
            const { equity, realised, unrealised, fees } = event.data
            expect(equity.eq(amount(100_000).plus(realised).plus(unrealised).minus(fees))).toBe(true)
          }
          expect(held.isNegative()).toBe(false)
        }
        for (const [order, quantity] of filled) expect(quantity.lte(ordered.get(order) ?? 0)).toBe(true)
        const { open } = driven.saved('execution') as { open: unknown[] }
        expect(open).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
