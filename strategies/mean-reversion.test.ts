import { anInstrument, START } from '@tideway/domain/testing'
import type { Holding } from '@tideway/processors/strategy'
import { describe, expect, it } from 'vitest'
import { meanReversion } from './index.ts'

const SECOND = 1_000_000
const parameters = Object.fromEntries(
  Object.entries(meanReversion.parameters).map(([name, { value }]) => [name, value]),
)
const flat: Holding = { quantity: 0, averagePrice: 0 }
const long: Holding = { quantity: 0.1, averagePrice: 60_000 }
const short: Holding = { quantity: -0.1, averagePrice: 60_000 }

interface Scene {
  readonly holding?: Holding
  readonly state?: unknown
  readonly seconds?: number
  readonly volatility?: number
}

/** The distance counts in volatilities of one second. */
function decided(distance: number, rsi: number, scene: Scene = {}) {
  const { holding = flat, state = meanReversion.empty(), seconds = 0, volatility = 0.0001 } = scene
  const time = START + seconds * SECOND
  const now = { time, instrument: anInstrument(), parameters, state, holding, bidTicks: 5_999, askTicks: 6_001 }
  return meanReversion.on.features?.(now, { vwapDistance: distance * volatility, volatility, rsi })
}

describe('mean reversion', () => {
  it('fades a stretched move with a limit order at the touch', () => {
    expect(decided(-4, 20)).toMatchObject({ move: 'long', limitTicks: 5_999, because: '-4.00 from average, RSI 20' })
    expect(decided(4, 80)).toMatchObject({ move: 'short', limitTicks: 6_001, notional: 1_000 })
  })

  it.each([
    ['the price is near its average', -2, 20],
    ['the move is far but not stretched', -4, 40],
    ['a rise is far but not stretched', 4, 60],
    ['the signs disagree', 4, 20],
  ])('stays out while %s', (_why, distance, rsi) => expect(decided(distance, rsi)).toBeUndefined())

  it('takes what it has when the price has come back', () => {
    expect(decided(-1, 50, { holding: long })).toBeUndefined()
    expect(decided(-0.4, 50, { holding: long })).toMatchObject({
      move: 'exit',
      because: '-0.40 from average, RSI 50: it came back',
    })
    expect(decided(1, 50, { holding: short })).toBeUndefined()
    expect(decided(0.4, 50, { holding: short })).toMatchObject({ move: 'exit' })
  })

  it('gives up when its patience is over, counted anew for each holding', () => {
    const state = meanReversion.empty()
    expect(decided(-4, 20, { holding: long, state })).toBeUndefined()
    expect(decided(-4, 20, { holding: long, state, seconds: 30 })).toBeUndefined()
    expect(decided(-4, 20, { holding: long, state, seconds: 31 })?.because).toMatch(/patience is over/)

    expect(decided(0, 50, { state, seconds: 32 })).toBeUndefined()
    expect(decided(-4, 20, { holding: long, state, seconds: 40 })).toBeUndefined()
    expect(decided(-4, 20, { holding: long, state, seconds: 70 })).toBeUndefined()
  })

  it('does nothing while nothing moves', () => expect(decided(-4, 20, { volatility: 0 })).toBeUndefined())
})
