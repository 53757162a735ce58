import { describe, expect, it } from 'vitest'
import { fromNumber } from '../index.ts'

describe('the door from floats', () => {
  it('rounds as its caller says', () => {
    expect(fromNumber(0.125, 2, 'half-even').toString()).toBe('0.12')
    expect(fromNumber(0.125, 2, 'ceil').toString()).toBe('0.13')
    expect(fromNumber(-0.125, 2, 'floor').toString()).toBe('-0.13')
    expect(fromNumber(0.1 + 0.2, 8, 'half-even').toString()).toBe('0.3')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', value => {
    expect(() => fromNumber(value, 2, 'floor')).toThrow(RangeError)
  })
})
