import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SourceWatermarks } from './source-watermarks.ts'

describe('the watermark of a partition', () => {
  it('never goes back, and stands at the least source once that is past it', () => {
    const step = fc.record({
      source: fc.constantFrom('a', 'b', 'c'),
      time: fc.option(fc.nat({ max: 100 }), { nil: null, freq: 4 }),
    })
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 4 })), commits => {
        const watermarks = new SourceWatermarks()
        for (const steps of commits) {
          const before = watermarks.time
          for (const { source, time } of steps) watermarks.set(source, time)
          watermarks.settle()
          const least = Math.min(...watermarks.sources.values())
          expect(watermarks.time).toBe(watermarks.sources.size === 0 ? before : Math.max(before, least))
        }
      }),
    )
  })

  it('is copied, not shared', () => {
    const one = new SourceWatermarks()
    one.set('a', 5)
    one.settle()
    const two = one.copy()
    two.set('a', 9)
    two.settle()
    expect([one.time, two.time]).toEqual([5, 9])
  })
})
