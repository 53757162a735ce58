import { cashFlow, quantityOf } from '@tideway/domain'
import { amount, anInstrument } from '@tideway/domain/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterFill, averagePrice, type Fill, FLAT, unrealised } from './average-cost.ts'

const buy = (quantity: string, price: string, fee = '0'): Fill => fill('buy', quantity, price, fee)
const sell = (quantity: string, price: string, fee = '0'): Fill => fill('sell', quantity, price, fee)

function fill(side: 'buy' | 'sell', quantity: string, price: string, fee = '0'): Fill {
  return { side, quantity: amount(quantity), price: amount(price), fee: amount(fee) }
}

function after(...fills: readonly Fill[]): string {
  const position = fills.reduce(afterFill, FLAT)
  const { quantity, realised, fees } = position
  return `${quantity} at ${averagePrice(position)}, ${realised} realised, ${fees} fees`
}

describe('a holding by average cost', () => {
  it.each([
    ['mixes prices as it grows', [buy('1', '100'), buy('3', '200')], '4 at 175, 0 realised, 0 fees'],
    [
      'keeps its price as it shrinks',
      [buy('1', '100'), buy('3', '200'), sell('2', '275')],
      '2 at 175, 200 realised, 0 fees',
    ],
    ['ends without cost', [buy('1', '100'), sell('1', '90', '0.1')], '0 at 0, -10 realised, 0.1 fees'],
    ['earns from a fall when short', [sell('2', '100'), buy('1', '80')], '-1 at 100, 20 realised, 0 fees'],
    ['goes from long to short in one fill', [buy('1', '100'), sell('3', '110')], '-2 at 110, 10 realised, 0 fees'],
    ['goes from short to long in one fill', [sell('1', '100'), buy('3', '110')], '2 at 110, -10 realised, 0 fees'],
    ['adds up fees and rebates', [buy('1', '100', '0.2'), sell('1', '100', '-0.05')], '0 at 0, 0 realised, 0.15 fees'],
    [
      'starts anew after being flat',
      [buy('1', '100'), sell('1', '90'), buy('1', '50')],
      '1 at 50, -10 realised, 0 fees',
    ],
  ])('%s', (_what, fills, holding) => expect(after(...fills)).toBe(holding))

  it('says what closing would add', () => {
    const position = afterFill(FLAT, sell('2', '100'))
    expect(unrealised(position, amount(110)).toString()).toBe('-20')
  })

  it('balances cash, cost, realised and fees to the last digit, and a flat one has no cost (A1, A2)', () => {
    const instrument = anInstrument({ lotSize: amount('0.00001') })
    const fills = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 1, max: 10_000_000 }).map(ticks => instrument.tickSize.times(ticks)),
      quantity: fc.integer({ min: 1, max: 1_000 }).map(lots => quantityOf(instrument, lots)),
      fee: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 19n }).map(units => amount(units.toString()).div('1e18')),
    })
    fc.assert(
      fc.property(fc.array(fills, { minLength: 1, maxLength: 60 }), story => {
        let position = FLAT
        let cash = amount(0)
        let quantity = amount(0)
        for (const each of story) {
          position = afterFill(position, each)
          cash = cash.plus(cashFlow(each))
          quantity = quantity.plus(each.quantity.times(each.side === 'buy' ? 1 : -1))
          expect(position.quantity.eq(quantity)).toBe(true)
          expect(cash.eq(position.realised.minus(position.cost).minus(position.fees))).toBe(true)
          if (quantity.isZero()) expect(position.cost.isZero()).toBe(true)
          else expect(position.cost.isNegative()).toBe(quantity.isNegative())
        }
      }),
      { numRuns: 300 },
    )
  })
})
