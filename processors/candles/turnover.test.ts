import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addTurnover, turnoverOf } from './turnover.ts'

describe('turnover', () => {
  it('is the exact sum of products, up to 2^100', () => {
    const small = fc.integer({ min: 0, max: 10_000_000 })
    const number = fc.oneof(small, fc.integer({ min: 0, max: 2 ** 50 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number)), products => {
        const sum = { high: 0, low: 0 }
        let exact = 0n
        for (const [ticks, lots] of products) {
          addTurnover(sum, ticks, lots)
          exact += BigInt(ticks) * BigInt(lots)
        }
        expect(turnoverOf(sum).toFixed()).toBe(exact.toString())
      }),
    )
  })

  it('carries at the edge of what a float holds', () => {
    const sum = { high: 0, low: 2 ** 52 - 1 }
    addTurnover(sum, 2 ** 26, 2 ** 26)
    expect(turnoverOf(sum).toFixed()).toBe((2n ** 53n - 1n).toString())
  })
})
