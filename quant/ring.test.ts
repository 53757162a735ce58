import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRing, isFull, pushRing, ringAt } from './ring.ts'

describe('a ring', () => {
  it('keeps the last values and hands back the one that it pushes out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.double({ noNaN: true })), (capacity, values) => {
        const ring = createRing(capacity)
        for (const [i, value] of values.entries()) {
          expect(pushRing(ring, value)).toBe(i < capacity ? Number.NaN : values[i - capacity])
          expect(isFull(ring)).toBe(i + 1 >= capacity)
        }
        const kept = values.slice(-capacity).reverse()
        for (let age = 0; age <= capacity; age++) expect(ringAt(ring, age)).toBe(kept[age] ?? Number.NaN)
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('of %d values is refused', capacity => {
    expect(() => createRing(capacity)).toThrow(RangeError)
  })
})
