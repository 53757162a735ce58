import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRealisedVolatility, foldRealisedVolatility } from './realised.ts'

describe('realised volatility', () => {
  it('is the root mean square of the last log returns, per unit of time', () => {
    const price = fc.double({ min: 61_000, max: 62_000, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(price, { maxLength: 40 }), (period, prices) => {
        const state = createRealisedVolatility(period, 10)
        for (const [i, price] of prices.entries()) {
          const value = foldRealisedVolatility(state, price)
          const window = prices.slice(Math.max(0, i - period), i + 1)
          if (window.length <= period) expect(value).toBeNaN()
          else {
            const squares = window.slice(1).map((each, at) => Math.log(each / (window[at] ?? 0)) ** 2)
            const expected = Math.sqrt((10 * squares.reduce((sum, each) => sum + each, 0)) / period)
            expect(Math.abs(value - expected)).toBeLessThan(1e-9)
          }
        }
      }),
    )
  })

  it('is 0 while the price stands still, also after it has moved', () => {
    const state = createRealisedVolatility(3, 1)
    for (const price of [10, 17, 11.3, 9.7]) foldRealisedVolatility(state, price)
    for (let i = 0; i < 6; i++) foldRealisedVolatility(state, 9.7)
    expect(state.value).toBe(0)
  })
})
