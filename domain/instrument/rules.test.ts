import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenRule } from '../index.ts'
import { amount, anInstrument } from '../testing/index.ts'

const btc = anInstrument({
  lotSize: amount('0.000001'),
  maxQuantity: amount(10),
  minQuantity: amount('0.0001'),
  minNotional: amount(10),
})

function judged(quantity: string, limitPrice: string | null = '60000') {
  const refusal = brokenRule(btc, {
    quantity: amount(quantity),
    limitPrice: limitPrice === null ? null : amount(limitPrice),
    referencePrice: amount(60_000),
  })
  if (refusal === undefined) return 'taken'
  const { rule, value, limit, wouldPass } = refusal
  return `${rule}: ${value} against ${limit}, ${wouldPass} would pass`
}

describe('the rules of an instrument', () => {
  it('take an order on the grid and within the sizes', () => {
    expect(judged('0.1')).toBe('taken')
    expect(judged('0.1', null)).toBe('taken')
  })

  it.each([
    ['0.1', '60000.005', 'tick: 60000.005 against 0.01, 0 would pass'],
    ['0.1', '0', 'tick: 0 against 0.01, 0 would pass'],
    ['0.1', '-60000', 'tick: -60000 against 0.01, 0 would pass'],
    ['0.123456', '60000', 'quantityStep: 0.123456 against 0.00001, 0.12345 would pass'],
    ['0.000175', '60000', 'quantityStep: 0.000175 against 0.00001, 0.00017 would pass'],
    ['0.000169', '60000', 'quantityStep: 0.000169 against 0.00001, 0 would pass'], // 0.00016 is worth less than 10
    ['0.00009', '60000', 'minQuantity: 0.00009 against 0.0001, 0 would pass'],
    ['0', '60000', 'minQuantity: 0 against 0.0001, 0 would pass'],
    ['-1', '60000', 'minQuantity: -1 against 0.0001, 0 would pass'],
    ['10.00001', '60000', 'maxQuantity: 10.00001 against 10, 10 would pass'],
    ['0.0001', '60000', 'minNotional: 6 against 10, 0 would pass'],
    ['0.0001', '120000', 'taken'],
  ])('%s at %s: %s', (quantity, price, verdict) => expect(judged(quantity, price)).toBe(verdict))

  it('value a market order at the reference price', () => {
    expect(judged('0.0001', null)).toBe('minNotional: 6 against 10, 0 would pass')
  })

  it('would take what they say would pass, and nothing larger up to what was asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), thousandthSteps => {
        const quantity = btc.quantityStep.times(thousandthSteps).div(1000)
        const at = (candidate: typeof quantity) =>
          brokenRule(btc, { quantity: candidate, limitPrice: null, referencePrice: amount(60_000) })
        const refusal = at(quantity)
        if (refusal === undefined) return
        expect(refusal.wouldPass.lte(quantity)).toBe(true)
        if (refusal.wouldPass.gt(0)) expect(at(refusal.wouldPass)).toBeUndefined()
        const larger = refusal.wouldPass.plus(btc.quantityStep)
        if (larger.lte(quantity)) expect(at(larger)).toBeDefined()
      }),
    )
  })
})
