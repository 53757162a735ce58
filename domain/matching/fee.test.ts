import { Decimal } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { amount, anInstrument } from '../testing/index.ts'
import { feeOf } from './index.ts'

describe('a fee', () => {
  it('is notional times the rate of maker or taker, to the last digit', () => {
    const instrument = anInstrument({ makerFee: amount('0.00075'), takerFee: amount('0.001') })
    const fee = (liquidity: 'maker' | 'taker') =>
      feeOf(instrument, amount('61685.99'), amount('0.00017'), liquidity).fee
    expect(fee('maker')).toEqual(amount('0.007864963725'))
    expect(fee('taker')).toEqual(amount('0.0104866183'))
  })

  it('is paid in the quote asset on spot and in the settlement asset of a linear contract', () => {
    const asset = (kind: 'spot' | 'linear') =>
      feeOf(anInstrument({ kind, quote: 'USD', settle: 'USDT' }), amount(1), amount(1), 'taker').feeAsset
    expect(asset('spot')).toBe('USD')
    expect(asset('linear')).toBe('USDT')
  })

  it('is rounded against who pays where it has more than 18 decimals, and a rebate likewise', () => {
    const tiny = { price: amount('0.00000001'), quantity: amount('0.00000001') }
    const fee = (rate: string) =>
      feeOf(anInstrument({ makerFee: amount(rate) }), tiny.price, tiny.quantity, 'maker').fee
    expect(fee('0.001')).toEqual(new Decimal('1e-18'))
    expect(fee('-0.001').isZero()).toBe(true)
  })
})
