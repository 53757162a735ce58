import { Decimal } from '@tideway/schemas'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal } from './messages.ts'

it.each([
  [0, 2, '0.00000000'],
  [5, 2, '0.05000000'],
  [6_000_000, 2, '60000.00000000'],
  [123, 5, '0.00123000'],
  [7, 0, '7.00000000'],
])('writes %d units of 10^-%d as %s', (units, decimals, text) => {
  expect(decimal(units, decimals)).toBe(text)
})

it('writes any whole units exactly', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(8), (units, decimals) => {
      expect(new Decimal(decimal(units, decimals)).eq(new Decimal(units).div(new Decimal(10).pow(decimals)))).toBe(true)
    }),
  )
})
