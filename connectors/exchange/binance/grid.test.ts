import { Decimal } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridOf, NEGATIVE, NOT_A_NUMBER, OFF_GRID, stepsOf, TOO_LARGE } from './grid.ts'

const grid = (step: string) => gridOf(new Decimal(step))

describe('decimal text to whole steps', () => {
  it.each([
    ['61685.99000000', '0.01', 6168599],
    ['61685.9', '0.01', 6168590],
    ['61685', '0.01', 6168500],
    ['58710.20', '0.1', 587102],
    ['0.00000000', '0.01', 0],
    ['0.15', '0.05', 3],
    ['120', '10', 12],
    ['1001', '1', 1001],
    ['90071992547409.91', '0.01', Number.MAX_SAFE_INTEGER],
  ])('reads %s on a grid of %s as %d', (text, step, steps) => {
    expect(stepsOf(text, grid(step))).toBe(steps)
  })

  it.each([
    ['61685.995', '0.01', OFF_GRID],
    ['0.12', '0.05', OFF_GRID],
    ['125', '10', OFF_GRID],
    ['0.5', '1', OFF_GRID],
    ['-1', '1', NEGATIVE],
    ['-0.5', '0.1', NEGATIVE],
    ['', '1', NOT_A_NUMBER],
    ['.', '1', NOT_A_NUMBER],
    ['.5', '0.1', NOT_A_NUMBER],
    ['5.', '0.1', NOT_A_NUMBER],
    ['1.2.3', '0.1', NOT_A_NUMBER],
    ['1.00x', '1', NOT_A_NUMBER],
    ['1e3', '1', NOT_A_NUMBER],
    ['+1', '1', NOT_A_NUMBER],
    [' 1', '1', NOT_A_NUMBER],
    ['--1', '1', NOT_A_NUMBER],
    ['NaN', '1', NOT_A_NUMBER],
    ['Infinity', '1', NOT_A_NUMBER],
    ['0x10', '1', NOT_A_NUMBER],
    ['٣', '1', NOT_A_NUMBER],
    ['90071992547409.92', '0.01', TOO_LARGE],
    ['9'.repeat(400), '1', TOO_LARGE],
  ])('refuses %j on a grid of %s', (text, step, failure) => {
    expect(stepsOf(text, grid(step))).toBe(failure)
  })

  it('agrees with exact decimals for any number of steps, however many zeros follow (H1, H2)', () => {
    const step = fc.record({ units: fc.integer({ min: 1, max: 1000 }), decimals: fc.integer({ min: 0, max: 8 }) })
    fc.assert(
      fc.property(step, fc.nat(1_000_000_000), fc.nat(8), ({ units, decimals }, steps, zeros) => {
        const size = new Decimal(units).div(new Decimal(10).pow(decimals))
        const text = size.times(steps).toFixed(decimals + zeros)
        expect(stepsOf(text, gridOf(size))).toBe(steps)
      }),
    )
  })

  it('answers exactly or refuses, for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.stringMatching(/^\d{1,20}(\.\d{1,12})?$/)),
        text => {
          const steps = stepsOf(text, grid('0.01'))
          if (steps >= 0) expect(new Decimal(text).div('0.01').eq(steps)).toBe(true)
          else expect([NOT_A_NUMBER, NEGATIVE, OFF_GRID, TOO_LARGE]).toContain(steps)
        },
      ),
    )
  })

  it.each(['0', '-0.01', '1e-30', 'NaN', 'Infinity'])('takes %s for no tick size', step => {
    expect(() => grid(step)).toThrow(RangeError)
  })
})
