import { Decimal } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MoneyError, product, quotient, sum } from '../index.ts'
import { amount } from '../testing/index.ts'

/** Amounts as the wire keeps them, with up to 18 decimals and some digits before the point. */
const amounts = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([units, decimals]) => new Decimal(units.toString()).div(new Decimal(10).pow(decimals)))
  .filter(value => value.abs().lt(new Decimal(10).pow(19)))

describe('a sum', () => {
  it('is zero of nothing', () => expect(sum([]).eq(0)).toBe(true))

  it('is exact where floats are not', () => expect(sum([amount('0.1'), amount('0.2')]).toString()).toBe('0.3'))

  it('does not depend on the order, to the last digit (M1)', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 8 }), list => sum(list).eq(sum(list.toReversed()))),
      { numRuns: 200 },
    )
  })

  it('agrees with whole numbers of the smallest unit (M1)', () => {
    const unit = new Decimal(10).pow(18)
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 8 }), list => {
        const units = list.reduce((total, value) => total + BigInt(value.times(unit).toFixed(0)), 0n)
        return sum(list).times(unit).toFixed(0) === units.toString()
      }),
    )
  })

  it('refuses what the wire cannot keep (M1)', () => {
    const most = new Decimal(10).pow(20).minus(new Decimal(10).pow(-18))
    expect(sum([most]).eq(most)).toBe(true)
    expect(() => sum([most, amount('0.000000000000000001')])).toThrow(MoneyError)
    expect(() => sum([new Decimal(Number.NaN)])).toThrow(/no amount/)
  })
})

describe('a product', () => {
  it('is exact', () => expect(product(amount('60000.01'), amount('0.00001')).toString()).toBe('0.6000001'))

  it('refuses more decimals than the wire keeps, instead of rounding them away (M1)', () => {
    expect(() => product(amount('0.0000000001'), amount('0.0000000001'))).toThrow(/more than 18 decimals/)
    expect(() => product(amount('1'.repeat(30)), amount('3'.repeat(30)))).toThrow(/more digits than can be kept/)
  })
})

describe('a quotient', () => {
  it.each([
    ['floor', '0.666666666666666666', '-0.666666666666666667'],
    ['ceil', '0.666666666666666667', '-0.666666666666666666'],
    ['half-even', '0.666666666666666667', '-0.666666666666666667'],
  ] as const)('rounds by %s at 18 decimals (M2)', (rounding, positive, negative) => {
    expect(quotient(amount(2), amount(3), rounding).toString()).toBe(positive)
    expect(quotient(amount(-2), amount(3), rounding).toString()).toBe(negative)
  })

  it('rounds ties to even by half-even (M2)', () => {
    expect(quotient(amount('0.000000000000000005'), amount(10), 'half-even').toString()).toBe('0')
    expect(quotient(amount('0.000000000000000015'), amount(10), 'half-even').toString()).toBe('0.000000000000000002')
  })

  it('refuses to divide by zero', () => expect(() => quotient(amount(1), amount(0), 'floor')).toThrow(MoneyError))
})
