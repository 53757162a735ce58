import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Book } from '../book/book.ts'
import { aDepth, aQuote } from '../book/testing/messages.ts'
import { advanceFeatures, createFeatures, featureVector, foldBook, foldTrade, STEP_MICROS } from './features.ts'
import { featureNames } from './names.ts'
import { PlainFeatures } from './testing/plain-features.ts'

const START = 1_700_000_000_012_345

/** Features, their plain twin, and the book that feeds both. */
function aMarket() {
  const book = new Book()
  const plain = new PlainFeatures()
  let features = createFeatures()
  let time = START
  let began = false
  const begin = () => {
    began = true
    advanceFeatures(features, time)
  }
  const touched = () => {
    foldBook(features, book)
    plain.touch(time, book.best('bid'), book.bestLots('bid'), book.best('ask'), book.bestLots('ask'))
  }
  const best = (side: 'bid' | 'ask') => {
    const lots: number[] = []
    for (let ticks = book.best(side); ticks !== 0 && lots.length < 5; ticks = book.next(side, ticks)) {
      lots.push(book.lotsAt(side, ticks))
    }
    return lots
  }
  return {
    wait(micros: number) {
      time += micros
      if (began) advanceFeatures(features, time)
    },
    quote(bid: readonly [number, number], ask: readonly [number, number]) {
      begin()
      book.takeQuote(aQuote(-1, bid, ask))
      touched()
    },
    depth(bids: readonly (readonly [number, number])[], asks: readonly (readonly [number, number])[]) {
      begin()
      book.takeDepth(aDepth([-1, -1], { bids, asks }))
      touched()
    },
    trade(ticks: number, lots: number) {
      begin()
      foldTrade(features, ticks, lots)
      plain.trade(time, ticks, lots)
    },
    reload() {
      features = structuredClone(features)
    },
    vector: () => featureVector(features, book),
    expected: () => plain.vector(time, { bids: best('bid'), asks: best('ask') }),
    feature: (name: (typeof featureNames)[number]) => featureVector(features, book)[featureNames.indexOf(name)],
  }
}

/** Of rounding: prices have six digits, so a return of 1e-6 keeps ten of its own. */
function expectClose(values: readonly number[], expected: readonly number[]): void {
  const wrong = featureNames.flatMap((name, i) => {
    const value = values[i] ?? Number.POSITIVE_INFINITY
    const other = expected[i] ?? Number.NEGATIVE_INFINITY
    const close = Number.isNaN(other)
      ? Number.isNaN(value)
      : Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(other))
    return close ? [] : [{ name, value, other }]
  })
  expect(wrong).toEqual([])
}

describe('the feature vector', () => {
  it('is NaN until warm, each feature from its own time on', () => {
    const market = aMarket()
    const warmAfter = new Map<string, number>()
    for (let step = 0; step <= 110; step++) {
      market.quote([6_000_000 + (step % 3), 5], [6_000_001 + (step % 3), 5])
      if (step === 0) market.trade(6_000_000, 1)
      for (const [i, name] of featureNames.entries()) {
        if (!Number.isNaN(market.vector()[i]) && !warmAfter.has(name)) warmAfter.set(name, step)
      }
      market.wait(STEP_MICROS)
    }
    expect(Object.fromEntries(warmAfter)).toEqual({
      ...{ spread: 0, imbalance: 0, microprice: 0, vwapDistance: 0, orderFlowImbalance: 10, tradeIntensity: 10 },
      ...{ return1s: 11, emaFast: 20, rsi: 75, emaSlow: 100, return10s: 101, volatility: 101 },
    })
  })

  it('measures what its names say', () => {
    const market = aMarket()
    market.quote([100, 10], [102, 30])
    market.wait(20 * STEP_MICROS)
    market.trade(102, 4)
    market.trade(98, 4)
    market.quote([101, 6], [102, 40])
    market.wait(STEP_MICROS)
    expect(market.feature('return1s')).toBeCloseTo(Math.log(101.5 / 101), 15)
    expect(market.feature('spread')).toBeCloseTo(1 / 101.5, 15)
    expect(market.feature('imbalance')).toBeCloseTo((6 + 10 - 40) / (6 + 10 + 40), 15)
    expect(market.feature('microprice')).toBeCloseTo((101 * 40 + 102 * 6) / 46 / 101.5 - 1, 15)
    // The bid rose: + 6. The ask stayed and grew by 10: - 10.
    expect(market.feature('orderFlowImbalance')).toBe(6 - 10)
    expect(market.feature('tradeIntensity')).toBe(2)
    expect(market.feature('vwapDistance')).toBeCloseTo(101.5 / 100 - 1, 15)
  })

  it('shows a steady stream of trades as its rate', () => {
    const market = aMarket()
    for (let step = 0; step < 200; step++) {
      for (let i = 0; i < 3; i++) market.trade(100, 1)
      market.wait(STEP_MICROS)
    }
    expect(market.feature('tradeIntensity')).toBeCloseTo(30, 6)
  })

  it('keeps the last known mid while a side of the book is missing', () => {
    const market = aMarket()
    market.quote([100, 1], [102, 1])
    market.wait(11 * STEP_MICROS)
    market.quote([0, 0], [102, 1])
    market.wait(STEP_MICROS)
    expect(market.feature('spread')).toBeNaN()
    expect(market.feature('imbalance')).toBeNaN()
    expect(market.feature('return1s')).toBe(0)
  })

  const lots = fc.integer({ min: 1, max: 50 })
  const bid = fc.integer({ min: 599_900, max: 600_000 })
  const gap = fc.integer({ min: 1, max: 20 })
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('quote'), bid, gap, lots, more: lots }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('depth'), bid, gap, lots, more: lots }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('trade'), bid, lots }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait'), micros: fc.integer({ min: 1, max: 400_000 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), micros: fc.integer({ min: 1, max: 90_000_000 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload') }) },
  )

  it('is what its definitions give for everything that happened, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), steps => {
        const market = aMarket()
        for (const [i, each] of steps.entries()) {
          if (each.kind === 'quote') market.quote([each.bid, each.lots], [each.bid + each.gap, each.more])
          else if (each.kind === 'depth') market.depth([[each.bid - 20, each.lots]], [[each.bid + 20, each.more]])
          else if (each.kind === 'trade') market.trade(each.bid, each.lots)
          else if (each.kind === 'wait') market.wait(each.micros)
          else market.reload()
          if (i % 10 === 9) expectClose(market.vector(), market.expected())
        }
      }),
      { numRuns: 60 },
    )
  })

  it('steps through a silence of a day in bounded time, as if it had stepped through all of it', () => {
    const market = aMarket()
    market.quote([100, 1], [102, 1])
    market.trade(101, 1)
    for (let i = 0; i < 120; i++) {
      market.wait(STEP_MICROS)
      market.quote([100 + (i % 2), 1], [102, 1])
    }
    market.wait(24 * 36_000 * STEP_MICROS)
    market.quote([101, 1], [103, 1])
    const values = Object.fromEntries(featureNames.map((name, i) => [name, market.vector()[i]]))
    expect(values.volatility).toBe(0)
    expect(values.emaFast).toBeCloseTo(101.5, 10)
    expect(values.emaSlow).toBeCloseTo(101.5, 10)
    expect(values.tradeIntensity).toBeCloseTo(0, 50)
    expect(values.return1s).toBeCloseTo(Math.log(102 / 101.5), 15)
  })
})
