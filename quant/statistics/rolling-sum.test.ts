import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRollingSum, foldRollingSum } from './rolling-sum.ts'

const total = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0)

describe('a rolling sum', () => {
  it('of whole numbers is exact', () => {
    const number = fc.integer({ min: -(2 ** 40), max: 2 ** 40 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(number), (period, values) => {
        const state = createRollingSum(period)
        for (const [i, value] of values.entries()) {
          expect(foldRollingSum(state, value)).toBe(total(values.slice(Math.max(0, i + 1 - period), i + 1)))
        }
      }),
    )
  })

  it('forgets the rounding of a huge value once the ring is through', () => {
    const state = createRollingSum(4)
    for (const value of [0.1, 1e17, 0.1, 0.1]) foldRollingSum(state, value)
    for (const value of [0.1, 0.1, 0.1]) foldRollingSum(state, value)
    expect(foldRollingSum(state, 0.1)).toBe(0.1 + 0.1 + 0.1 + 0.1)
  })

  it('gathers no error over a million values', () => {
    const state = createRollingSum(10)
    let sum = 0
    for (let i = 0; i < 1_000_000; i++) sum = foldRollingSum(state, 1 / (1 + (i % 7)))
    const last = Array.from({ length: 10 }, (_, i) => 1 / (1 + ((1_000_000 - 10 + i) % 7)))
    expect(Math.abs(sum - total(last))).toBeLessThan(1e-15 * 10)
  })
})
