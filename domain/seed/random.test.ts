import { describe, expect, it } from 'vitest'
import { randomOf, seededRandom } from '../index.ts'

const id = { topic: 'orders', key: 'alpha', source: 'execution', seq: 7 }
const draws = (random: { uint32(): number }, count: number) => Array.from({ length: count }, () => random.uint32())

describe('seeded chance', () => {
  it('repeats to the last bit (S1)', () => {
    expect(draws(seededRandom('tideway'), 3)).toMatchInlineSnapshot(`
      [
        997621530,
        3147099358,
        1970253636,
      ]
    `)
    expect(draws(randomOf(id, 'latency'), 50)).toEqual(draws(randomOf({ ...id }, 'latency'), 50))
  })

  it('is unrelated for another purpose or event (S2)', () => {
    const latency = draws(randomOf(id, 'latency'), 200)
    for (const other of [randomOf(id, 'queue'), randomOf({ ...id, seq: 8 }, 'latency')]) {
      expect(latency.filter(value => draws(other, 200).includes(value))).toEqual([])
    }
  })

  it('stays within [0, 1) and spreads evenly over it', () => {
    const random = seededRandom('spread')
    const buckets = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) {
      const value = random.next()
      expect(value >= 0 && value < 1).toBe(true)
      buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1
    }
    // Chi-squared with 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds; this seed is fixed.
    const chiSquared = buckets.reduce((total, seen) => total + (seen - 10_000) ** 2 / 10_000, 0)
    expect(chiSquared).toBeLessThan(27.9)
  })

  it('draws below a bound without bias, and refuses bounds that are none', () => {
    const random = seededRandom('dice')
    const seen = new Array<number>(6).fill(0)
    for (let i = 0; i < 60_000; i++) {
      const face = random.below(6)
      seen[face] = (seen[face] ?? 0) + 1
    }
    expect(seen).toHaveLength(6)
    for (const times of seen) expect(Math.abs(times - 10_000)).toBeLessThan(400)
    expect(random.below(1)).toBe(0)
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 33]) expect(() => random.below(bound)).toThrow(RangeError)
  })
})
