import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Registry } from './registry.ts'
import { boundsMicros, SERIES_MAX, TimingSeries } from './series.ts'

describe('a registry of metrics', () => {
  it('refuses a second meaning of one name', () => {
    const registry = new Registry()
    registry.counter({ name: 'tideway_stage_things_total', help: 'Things', labels: ['stage'] })
    const asGauge = { name: 'tideway_stage_things_total', help: 'Things', labels: ['stage'] } as never
    expect(() => registry.gauge(asGauge)).toThrow('one name, one meaning')
    const otherLabels = { name: 'tideway_stage_things_total', help: 'Things', labels: ['task'] } as const
    expect(() => registry.counter(otherLabels)).toThrow('one name, one meaning')
  })

  it('bounds the series of a name: further label values share one', () => {
    const registry = new Registry()
    const family = registry.counter({ name: 'tideway_stage_things_total', help: 'Things', labels: ['stage'] })
    for (let i = 0; i < SERIES_MAX + 50; i++) family.of({ stage: `s${i}` }).add(1)
    family.of({ stage: 's0' }).add(1)
    const readings = registry.readings()
    expect(readings).toHaveLength(SERIES_MAX + 1)
    expect(readings[0]).toMatchObject({ labels: { stage: 's0' }, value: 2 })
    expect(readings.at(-1)).toMatchObject({ labels: { stage: 'other' }, value: 50 })
  })
})

describe('a timing', () => {
  it('puts each time into the bucket of its bound and estimates quantiles from there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(70_000_000), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (times, q) => {
          const timing = new TimingSeries()
          for (const time of times) timing.record(time)
          expect(timing.count).toBe(times.length)
          const exact = times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * times.length - 1e-9) - 1)] ?? 0
          const upper = boundsMicros.find(bound => exact <= bound) ?? boundsMicros.at(-1) ?? 0
          const lower = boundsMicros.findLast(bound => bound < exact) ?? 0
          const estimate = timing.quantileMicros(q)
          expect(estimate).toBeGreaterThanOrEqual(Math.min(lower, upper))
          expect(estimate).toBeLessThanOrEqual(upper)
        },
      ),
    )
  })

  it('has no quantile without events', () => {
    expect(new TimingSeries().quantileMicros(0.99)).toBe(0)
  })
})
