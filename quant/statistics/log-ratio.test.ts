import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logRatio } from './log-ratio.ts'

const price = fc.double({ min: 1e-9, max: 1e9, noNaN: true })

describe('the logarithm of a ratio', () => {
  it('is that of the engine to within rounding, for small returns too', () => {
    const small = fc.double({ min: -0.2, max: 0.2, noNaN: true })
    fc.assert(
      fc.property(price, small, (from, move) => {
        const to = from * (1 + move)
        const exact = Math.log1p((to - from) / from)
        expect(Math.abs(logRatio(from, to) - exact)).toBeLessThanOrEqual(1e-15 * Math.abs(exact) + 3e-16)
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(price, price, (from, to) => {
        const exact = Math.log(to / from)
        expect(Math.abs(logRatio(from, to) - exact)).toBeLessThanOrEqual(1e-14 * Math.abs(exact) + 1e-15)
      }),
      { numRuns: 1000 },
    )
  })

  it('turns its sign round with its arguments, and is 0 for no move', () => {
    fc.assert(
      fc.property(price, price, (from, to) => {
        expect(logRatio(from, from)).toBe(0)
        expect(Math.abs(logRatio(from, to) + logRatio(to, from))).toBeLessThanOrEqual(
          1e-14 * Math.abs(logRatio(from, to)),
        )
      }),
    )
  })

  it.each([
    [0, 1],
    [1, 0],
    [-1, 1],
    [Number.NaN, 1],
  ])('of %d and %d does not exist', (from, to) => expect(logRatio(from, to)).toBeNaN())
})
