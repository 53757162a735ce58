import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createAtr,
  createBollinger,
  createEma,
  createMacd,
  createRsi,
  createSma,
  createVariance,
  createVwap,
  foldAtr,
  foldBollinger,
  foldMacd,
  foldRsi,
  foldSma,
  foldSmoothed,
  foldVariance,
  foldVwap,
  smoothedValue,
} from './index.ts'

/** Prices far from 0 that move little: where sums of squares lose their digits. */
const price = fc.oneof(
  fc.double({ min: 0.01, max: 1000, noNaN: true }),
  fc.double({ min: 61_000, max: 61_001, noNaN: true }),
)
const prices = fc.array(price, { minLength: 1, maxLength: 80 })
const period = fc.integer({ min: 1, max: 12 })
const PRECISION = 1e-11

function expectClose(value: number, expected: number, scale: number): void {
  if (Number.isNaN(expected)) expect(value).toBeNaN()
  else expect(Math.abs(value - expected)).toBeLessThanOrEqual(PRECISION * scale)
}

/** The indicator over each prefix: what a fold must return value by value. */
function expectEach(
  values: readonly number[],
  fold: (value: number) => number,
  naive: (soFar: readonly number[]) => number,
  scale: number,
): void {
  for (const [i, value] of values.entries()) expectClose(fold(value), naive(values.slice(0, i + 1)), scale)
}

const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
const populationVariance = (values: readonly number[]) => mean(values.map(each => (each - mean(values)) ** 2))
const highest = (values: readonly number[]) => Math.max(1, ...values.map(Math.abs))

/** NaN until there are `period` values, then the function of the last ones. */
function ofWindow(period: number, of: (window: readonly number[]) => number) {
  return (soFar: readonly number[]) => (soFar.length < period ? Number.NaN : of(soFar.slice(-period)))
}

/** The recursive average from its seed on, for each prefix anew. */
function recursive(period: number, weight: number) {
  return (soFar: readonly number[]) =>
    soFar.length < period
      ? Number.NaN
      : soFar
          .slice(period)
          .reduce((average, each) => weight * each + (1 - weight) * average, mean(soFar.slice(0, period)))
}

describe('each indicator returns what its definition gives for everything seen so far', () => {
  it('simple moving average', () => {
    fc.assert(
      fc.property(prices, period, (values, n) => {
        const state = createSma(n)
        expectEach(values, value => foldSma(state, value), ofWindow(n, mean), highest(values))
      }),
    )
  })

  it('exponential moving average', () => {
    fc.assert(
      fc.property(prices, period, (values, n) => {
        const state = createEma(n)
        expect(smoothedValue(state)).toBeNaN()
        expectEach(values, value => foldSmoothed(state, value), recursive(n, 2 / (n + 1)), highest(values))
        expectClose(smoothedValue(state), recursive(n, 2 / (n + 1))(values), highest(values))
      }),
    )
  })

  it('rolling population variance, exactly 0 where nothing moves', () => {
    fc.assert(
      fc.property(prices, period, (values, n) => {
        const state = createVariance(n)
        const scale = highest(values) ** 2
        expectEach(values, value => foldVariance(state, value), ofWindow(n, populationVariance), scale)
        const still = createVariance(n)
        for (const value of values) foldVariance(still, value)
        for (let i = 0; i < 2 * n; i++) foldVariance(still, 61_000.1)
        expect(foldVariance(still, 61_000.1)).toBe(0)
      }),
    )
  })

  it('Bollinger bands', () => {
    fc.assert(
      fc.property(prices, period, (values, n) => {
        const state = createBollinger(n, 2)
        for (const [i, value] of values.entries()) {
          const soFar = values.slice(0, i + 1)
          const reach = ofWindow(n, window => 2 * Math.sqrt(populationVariance(window)))(soFar)
          const middle = ofWindow(n, mean)(soFar)
          expectClose(foldBollinger(state, value), middle, highest(values))
          // A root makes the error of a variance near 0 large: 1e-11 of its square, 3e-6 of the price.
          if (i >= n - 1) {
            expect(Math.abs(state.upper - (middle + reach))).toBeLessThanOrEqual(4e-6 * highest(values))
            expect(Math.abs(state.lower - (middle - reach))).toBeLessThanOrEqual(4e-6 * highest(values))
          }
        }
      }),
    )
  })

  it('relative strength index', () => {
    // Of a single change nothing is smoothed, and what rounding leaves of a large one decides.
    const smoothing = fc.integer({ min: 2, max: 12 })
    fc.assert(
      fc.property(prices, smoothing, (values, n) => {
        const state = createRsi(n)
        const naive = (soFar: readonly number[]) => {
          const changes = soFar.slice(1).map((each, i) => each - (soFar[i] ?? 0))
          const gain = recursive(n, 1 / n)(changes.map(each => Math.max(each, 0)))
          const loss = recursive(n, 1 / n)(changes.map(each => Math.max(-each, 0)))
          return gain + loss === 0 ? 50 : loss === 0 ? 100 : 100 - 100 / (1 + gain / loss)
        }
        expectEach(values, value => foldRsi(state, value), naive, 100)
      }),
    )
  })

  it('average true range', () => {
    const bar = fc.record({
      low: price,
      range: fc.double({ min: 0, max: 50, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1, maxLength: 60 }), period, (drawn, n) => {
        const bars = drawn.map(({ low, range, at }) => ({ low, high: low + range, close: low + at * range }))
        const state = createAtr(n)
        const ranges: number[] = []
        for (const [i, { high, low, close }] of bars.entries()) {
          const before = bars[i - 1]?.close
          ranges.push(
            before === undefined ? high - low : Math.max(high - low, Math.abs(high - before), Math.abs(low - before)),
          )
          expectClose(foldAtr(state, high, low, close), recursive(n, 1 / n)(ranges), 61_100)
        }
      }),
    )
  })

  it('MACD, its signal and their difference', () => {
    fc.assert(
      fc.property(prices, values => {
        const state = createMacd(3, 5, 4)
        const differences: number[] = []
        for (const [i, value] of values.entries()) {
          const soFar = values.slice(0, i + 1)
          const macd = recursive(3, 2 / 4)(soFar) - recursive(5, 2 / 6)(soFar)
          if (!Number.isNaN(macd)) differences.push(macd)
          const signal = recursive(4, 2 / 5)(differences)
          expectClose(foldMacd(state, value), macd, highest(values))
          expectClose(state.signal, signal, highest(values))
          expectClose(state.histogram, macd - signal, highest(values))
        }
      }),
    )
  })

  it('volume-weighted average price, none without a volume', () => {
    const entry = fc.record({ price, volume: fc.integer({ min: 0, max: 3 }) })
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 60 }), period, (entries, n) => {
        const state = createVwap(n)
        for (const [i, each] of entries.entries()) {
          const window = entries.slice(Math.max(0, i + 1 - n), i + 1)
          const volume = window.reduce((sum, { volume }) => sum + volume, 0)
          const turnover = window.reduce((sum, { price, volume }) => sum + price * volume, 0)
          const expected = window.length < n || volume === 0 ? Number.NaN : turnover / volume
          expectClose(foldVwap(state, each.price * each.volume, each.volume), expected, 61_100 * n)
        }
      }),
    )
  })
})

describe('plain state', () => {
  it('goes on after a copy as the original does, to the last bit', () => {
    fc.assert(
      fc.property(prices, prices, (before, after) => {
        const state = {
          rsi: createRsi(3),
          bands: createBollinger(4, 2),
          macd: createMacd(2, 3, 2),
          vwap: createVwap(3),
        }
        const fold = (into: typeof state, value: number) => [
          foldRsi(into.rsi, value),
          foldBollinger(into.bands, value),
          foldMacd(into.macd, value),
          foldVwap(into.vwap, value, 1),
        ]
        for (const value of before) fold(state, value)
        const copy = structuredClone(state)
        for (const value of after) expect(fold(copy, value)).toEqual(fold(state, value))
        expect(copy).toEqual(state)
      }),
    )
  })

  it('refuses a period that is none', () => {
    expect(() => createSma(0)).toThrow(RangeError)
    expect(() => createEma(1.5)).toThrow(RangeError)
  })
})
