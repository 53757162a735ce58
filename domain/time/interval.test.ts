import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  floorToInterval,
  MICROS_PER_DAY,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  nextInterval,
  utcDayStart,
} from '../index.ts'
import { START } from '../testing/index.ts'

describe('intervals of time', () => {
  it('begin at whole multiples since the epoch', () => {
    expect(floorToInterval(START + 61_500_000, MICROS_PER_MINUTE)).toBe(START + MICROS_PER_MINUTE)
    expect(floorToInterval(START, MICROS_PER_SECOND)).toBe(START)
    expect(nextInterval(START, MICROS_PER_SECOND)).toBe(START + MICROS_PER_SECOND)
    expect(nextInterval(START - 1, MICROS_PER_SECOND)).toBe(START)
  })

  it('go downwards before the epoch, too', () => expect(floorToInterval(-1, 10)).toBe(-10))

  it('hold every time exactly once', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: MICROS_PER_DAY }), (time, interval) => {
        fc.pre(Math.abs(time) < 2 ** 52)
        const start = floorToInterval(time, interval)
        return start <= time && time < start + interval && Math.abs(start % interval) === 0
      }),
    )
  })

  it('know the start of the UTC day', () => {
    expect(utcDayStart(START)).toBe(START)
    expect(utcDayStart(START - 1)).toBe(START - MICROS_PER_DAY)
    expect(new Date(utcDayStart(START + 5 * MICROS_PER_SECOND) / 1000).toISOString()).toBe('2024-08-09T00:00:00.000Z')
  })

  it.each([Number.NaN, 1.5, 2 ** 60])('refuse the time %s', time => {
    expect(() => floorToInterval(time, 10)).toThrow(RangeError)
  })

  it.each([0, -1, 0.5, Number.NaN])('refuse the interval %s', interval => {
    expect(() => floorToInterval(5, interval)).toThrow(RangeError)
  })
})
