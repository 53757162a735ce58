import {
  aListing,
  amount,
  anIntent,
  aPortfolio,
  aPosition,
  aQuote,
  aStateChange,
  aTrade,
  BTC,
  START,
  someFeatures,
} from '@tideway/domain/testing'
import { featureNames } from '@tideway/quant'
import { type Event, identityOf, type SignalRaised } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { drive, tradingWorld } from '../testing/index.ts'
import { type Decision, defineStrategy, exit, goLong, goShort, StrategyError } from './index.ts'
import { strategyStage } from './strategy.ts'

const SECOND = 1_000_000

/** Does what return1s says: 1 long, -1 short, 0 exit, 2 nothing. */
const puppet = defineStrategy({
  name: 'puppet',
  version: 3,
  about: 'For tests',
  reads: ['features'],
  features: ['return1s'],
  parameters: {
    notional: { value: 6_000, min: 1, max: 10_000, about: 'Size' },
    pause: { value: 5, min: 1, max: 60, about: 'Seconds' },
  },
  empty: () => ({ asked: 0 }),
  cooldownSeconds: parameters => parameters.pause,
  on: {
    features({ state, parameters }, { return1s }): Decision | undefined {
      state.asked++
      if (return1s === 1) return goLong(parameters.notional, `asked ${state.asked}`)
      if (return1s === -1) return goShort(parameters.notional, `asked ${state.asked}`)
      return return1s === 0 ? exit(`asked ${state.asked}`) : undefined
    },
  },
})

const assigned = (parameters: Record<string, number> = {}) =>
  aPortfolio({ strategies: [{ name: 'puppet', symbols: [BTC], parameters }] })

/** A feature vector whose first value is the wish. */
const wish = (value: number, seconds: number) =>
  someFeatures({ values: [value, 0] }, { time: START + seconds * SECOND, seq: seconds })

function scene(listing = aListing(), opening = assigned()) {
  const world = tradingWorld()
  const stage = drive({ stages: [strategyStage([puppet])], key: 'alpha', ...world })
  stage.give(listing, aQuote(), opening)
  const said = (...events: readonly Event[]) =>
    stage.give(...events).map(event => {
      const { taken, side, quantity, reason } = event.data as SignalRaised
      return taken ? `${side} ${quantity}: ${reason}` : reason
    })
  return { stage, said }
}

const held = (quantity: string, seconds = 0) =>
  aPosition({ quantity: amount(quantity), averagePrice: amount(60_000) }, { time: START + seconds * SECOND })

describe('the strategy stage', () => {
  it('raises a signal when a decision changes, not with every event that confirms it (S1)', () => {
    const { stage, said } = scene()

    expect(said(wish(2, 1))).toEqual([])
    expect(said(wish(1, 2))).toEqual(['buy 0.1: asked 2'])
    const [signal] = stage.emitted
    expect(signal).toMatchObject({ topic: 'signals', source: 'strategy', causes: [{ topic: 'features', seq: 2 }] })
    expect(signal?.data).toMatchObject({ orderType: 'market', limitPrice: null, strength: 1 })
    expect(said(held('0.1', 3), wish(1, 4), wish(1, 20))).toEqual([])
    expect(said(wish(2, 21), wish(1, 22))).toEqual(['already long'])
    expect(said(wish(1, 23))).toEqual([])
    expect(said(wish(0, 24))).toEqual(['sell 0.1: asked 8'])
  })

  it('acts on nothing that is not a number', () => {
    const { said } = scene()
    expect(said(wish(Number.NaN, 1), someFeatures({ values: [] }))).toEqual([])
    expect(said(wish(1, 2))).toEqual(['buy 0.1: asked 1'])
  })

  it('has one order open at a time, and says so (S2)', () => {
    const { said } = scene()
    said(wish(1, 1))
    const order = anIntent({ origin: 'puppet', side: 'sell' }, { time: START + SECOND })
    said(order, held('0.1', 2), wish(2, 10))

    expect(said(wish(0, 11))).toEqual(['its order is still open'])
    expect(said(aStateChange({ order: identityOf(order), to: 'filled' }), wish(0, 12))).toEqual(['sell 0.1: asked 4'])
  })

  it('does not wait with an exit for its entry to fill up', () => {
    const { said } = scene()
    said(wish(1, 1), anIntent({ origin: 'puppet' }, { time: START + SECOND }), held('0.04', 2))
    expect(said(wish(0, 3))).toEqual(['sell 0.04: asked 2'])
  })

  it('waits between orders, and tries again what came to nothing', () => {
    const { said } = scene()
    expect(said(wish(1, 1))).toEqual(['buy 0.1: asked 1'])
    expect(said(wish(1, 5))).toEqual([]) // denied meanwhile; within five seconds it is the same decision
    expect(said(wish(1, 6))).toEqual(['buy 0.1: asked 3'])
  })

  it('gives up a holding before it turns round', () => {
    const { said } = scene(aListing({ kind: 'linear' }))
    said(held('0.07'))
    expect(said(wish(-1, 1))).toEqual(['sell 0.07: asked 1'])
    expect(said(held('0', 2), wish(-1, 3))).toEqual([])
    expect(said(wish(-1, 6))).toEqual(['sell 0.1: asked 3'])
  })

  it('takes a holding that is too small to be sold for none (S5)', () => {
    const { said } = scene()
    said(held('0.00008')) // worth 4.8; the venue takes orders from 5
    expect(said(wish(0, 1), wish(1, 2))).toEqual(['nothing to exit', 'buy 0.1: asked 2'])
    const larger = scene()
    larger.said(held('0.00009'))
    expect(larger.said(wish(0, 1))).toEqual(['sell 0.00009: asked 1'])
  })

  it('sells of a holding what makes whole steps, and takes the rest for none (S4, S5)', () => {
    const { said } = scene(aListing({ lotSize: amount('0.000001') }))
    expect(said(held('0.100009'), wish(0, 1))).toEqual(['sell 0.1: asked 1'])
    expect(said(held('0.000009', 2), wish(2, 2), wish(0, 3))).toEqual(['nothing to exit'])
    const free = scene(aListing({ lotSize: amount('0.000001'), minQuantity: amount(0), minNotional: amount(0) }))
    expect(free.said(held('0.000009'), wish(0, 1))).toEqual(['nothing to exit'])
  })

  it('does not sell spot short', () => {
    const { said } = scene()
    expect(said(wish(-1, 1))).toEqual(['spot is not sold short'])
  })

  it('says at most once a second what it does not take', () => {
    const { said } = scene()
    const flicker = Array.from({ length: 40 }, (_, i) => {
      const time = START + SECOND + i * 50_000
      return someFeatures({ values: [i % 2 === 0 ? -1 : 0] }, { time, seq: i })
    })
    expect(said(...flicker)).toEqual(['spot is not sold short', 'spot is not sold short'])
  })

  it('rounds sizes down to whole steps, and refuses what is smaller than one (S4)', () => {
    expect(scene(aListing(), assigned({ notional: 1_000 })).said(wish(1, 1))).toEqual(['buy 0.01666: asked 1'])
    expect(scene(aListing({ quantityStep: amount(1) })).said(wish(1, 1))).toEqual(['smaller than one step'])
  })

  it('does not decide on a price before the book is known', () => {
    const stage = drive({ stages: [strategyStage([puppet])], key: 'alpha', ...tradingWorld() })
    const [signal] = stage.give(aListing(), assigned(), wish(1, 1))
    expect(signal?.data).toMatchObject({ taken: false, reason: 'the book is not known yet' })
  })

  it('keeps what a strategy remembers when the portfolio is opened again with other parameters', () => {
    const { said } = scene()
    said(wish(2, 1), assigned({ notional: 600 }))
    expect(said(wish(1, 2))).toEqual(['buy 0.01: asked 2'])
  })

  it('leaves other symbols alone', () => {
    const { said } = scene()
    expect(said(someFeatures({ values: [1] }, { key: 'binance:ETH/USDT' }))).toEqual([])
  })

  it('reads ticks only where a strategy declares it, and carries the versions of its strategies', () => {
    const onTrades = defineStrategy({
      name: 'tape',
      version: 1,
      about: 'For tests',
      reads: ['trades'],
      parameters: {},
      empty: () => ({}),
      cooldownSeconds: () => 1,
      on: { trades: (_now, trade) => (trade.sizeLots > 500 ? goLong(600, 'a large trade') : undefined) },
    })
    expect(strategyStage([puppet]).reads).not.toContain('ticks')
    const stage = strategyStage([puppet, onTrades])
    expect(stage.reads).toContain('ticks')
    expect(stage.version).toBe(strategyStage([puppet]).version + 1)

    const chain = drive({ stages: [stage], key: 'alpha', ...tradingWorld() })
    const opening = aPortfolio({ strategies: [{ name: 'tape', symbols: [BTC], parameters: {} }] })
    const signals = chain.give(aListing(), aQuote(), opening, aTrade({ sizeLots: 500 }), aTrade({ sizeLots: 501 }))
    expect(signals.map(({ data }) => data)).toMatchObject([{ strategy: 'tape', reason: 'a large trade' }])
  })
})

describe('an assignment that cannot be', () => {
  const opening =
    (name: string, parameters = {}, symbols = [BTC]) =>
    () =>
      drive({ stages: [strategyStage([puppet])], key: 'alpha', ...tradingWorld() }).give(
        aPortfolio({ strategies: [{ name, symbols, parameters }] }),
      )

  it.each([
    ['of an unknown strategy', opening('martingale'), 'strategy martingale: is not known here; known are puppet'],
    ['with an unknown parameter', opening('puppet', { speed: 1 }), 'has no parameter speed; it has notional, pause'],
    ['with a number out of bounds', opening('puppet', { pause: 0 }), 'pause is 0; it must lie between 1 and 60'],
    ['with no number', opening('puppet', { pause: Number.NaN }), 'pause is NaN'],
    ['twice of one symbol', opening('puppet', {}, [BTC, BTC]), `is assigned twice to ${BTC}`],
  ])('%s is refused', (_what, open, message) => expect(open).toThrow(message))
})

describe('a strategy that cannot be', () => {
  const sound = {
    name: 'sound',
    version: 1,
    about: 'For tests',
    reads: ['features'],
    features: ['rsi'],
    parameters: { size: { value: 1, min: 0, max: 2, about: 'Size' } },
    empty: () => ({}),
    cooldownSeconds: () => 1,
    on: { features: () => undefined },
  } as const

  it.each([
    ['no name', { name: 'Big Bang' }, /a name is/],
    ['a name of something else', { name: 'manual' }, /orders of other origin/],
    ['no version', { version: 0 }, /whole number from 1/],
    ['nothing to read', { reads: [], on: {} }, /nothing would ever wake it/],
    [
      'a handler for what it does not read',
      { reads: ['features', 'books'] },
      /reads books, features but handles features/,
    ],
    ['a default out of bounds', { parameters: { size: { value: 3, min: 0, max: 2, about: '' } } }, /size is 3/],
    ['a feature that nobody computes', { features: ['luck'] }, /there is no feature luck; there are return1s/],
  ])('has %s: refused where it is written', (_what, changes, message) => {
    expect(() => defineStrategy({ ...sound, ...changes } as never)).toThrow(message)
    expect(() => defineStrategy({ ...sound, ...changes } as never)).toThrow(StrategyError)
  })

  it('wants no size: refused when it says so', () => {
    const wild = defineStrategy({ ...sound, on: { features: () => goLong(Number.NaN, 'a bug') } })
    const stage = drive({ stages: [strategyStage([wild])], key: 'alpha', ...tradingWorld() })
    const opening = aPortfolio({ strategies: [{ name: 'sound', symbols: [BTC], parameters: {} }] })
    const values = featureNames.map(() => 50)
    expect(() => stage.give(aListing(), aQuote(), opening, someFeatures({ values }))).toThrow(/no size/)
  })

  it('shares its name with another: refused by the stage', () => {
    expect(() => strategyStage([puppet, puppet])).toThrow(/share a name/)
  })
})
