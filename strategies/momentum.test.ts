import { anInstrument, START } from '@tideway/domain/testing'
import type { Holding } from '@tideway/processors/strategy'
import { describe, expect, it } from 'vitest'
import { builtInStrategies, momentum } from './index.ts'

const parameters = Object.fromEntries(Object.entries(momentum.parameters).map(([name, { value }]) => [name, value]))
const flat: Holding = { quantity: 0, averagePrice: 0 }
const long: Holding = { quantity: 0.1, averagePrice: 60_000 }
const short: Holding = { quantity: -0.1, averagePrice: 60_000 }

/** The trend counts in volatilities of one second. */
function decided(trend: number, orderFlowImbalance: number, holding = flat, volatility = 0.0001) {
  const now = { time: START, instrument: anInstrument(), parameters, state: {}, holding, bidTicks: 1, askTicks: 2 }
  const emaSlow = 6_000_000
  const emaFast = emaSlow * (1 + trend * volatility)
  return momentum.on.features?.(now, { emaFast, emaSlow, volatility, orderFlowImbalance })
}

describe('momentum', () => {
  it('joins a trend that the order flow agrees with, at market', () => {
    expect(decided(1.5, 100)).toMatchObject({ move: 'long', notional: 1_000, limitTicks: null })
    expect(decided(1.5, 100)?.strength).toBeCloseTo(1.5, 6)
    expect(decided(-1.5, -100)).toMatchObject({ move: 'short', because: 'trend -1.50, sellers add' })
  })

  it.each([
    ['the trend is weak', 0.9, 100],
    ['the flow is against it', 1.5, -100],
    ['the flow is balanced', 1.5, 0],
    ['a falling trend meets buyers', -1.5, 100],
  ])('stays out while %s', (_why, trend, flow) => expect(decided(trend, flow)).toBeUndefined())

  it('leaves when the trend fades, on either side', () => {
    expect(decided(0.3, 0, long)).toBeUndefined()
    expect(decided(0.1, 0, long)).toMatchObject({ move: 'exit', because: 'trend 0.10: it fades' })
    expect(decided(-0.3, 0, short)).toBeUndefined()
    expect(decided(-0.1, 0, short)).toMatchObject({ move: 'exit' })
  })

  it('does nothing while nothing moves', () => expect(decided(1.5, 100, flat, 0)).toBeUndefined())

  it('is one of the built-in strategies, each with a name of its own', () => {
    const names = builtInStrategies.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['momentum', 'mean-reversion']))
    expect(new Set(names).size).toBe(names.length)
  })
})
