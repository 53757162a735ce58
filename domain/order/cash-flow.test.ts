import { expect, it } from 'vitest'
import { cashFlow, directionOf, MoneyError } from '../index.ts'
import { amount } from '../testing/index.ts'

it('a buyer pays and a seller receives, and both pay the fee', () => {
  const fill = { price: amount(60_000), quantity: amount('0.1'), fee: amount('6.1') }
  expect(cashFlow({ ...fill, side: 'buy' }).toString()).toBe('-6006.1')
  expect(cashFlow({ ...fill, side: 'sell' }).toString()).toBe('5993.9')
  expect(cashFlow({ ...fill, side: 'sell', fee: amount('-1') }).toString()).toBe('6001')
})

it('is exact, or refused', () => {
  const dust = { side: 'buy', price: amount('0.0000000001'), quantity: amount('0.0000000001'), fee: amount(0) } as const
  expect(() => cashFlow(dust)).toThrow(MoneyError)
})

it('a side has a sign', () => expect([directionOf('buy'), directionOf('sell')]).toEqual([1, -1]))
