import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  exactLots,
  exactTicks,
  InstrumentError,
  instrumentKey,
  priceOf,
  quantityOf,
  roundPrice,
  roundQuantity,
} from '../index.ts'
import { amount, anInstrument, BTC } from '../testing/index.ts'

describe('an instrument', () => {
  const btc = anInstrument()

  it('is known by venue and symbol', () => {
    expect(btc.key).toBe(BTC)
    expect(instrumentKey('binance', 'BTC/USDT')).toBe(BTC)
  })

  it('cannot have a tick or lot of nothing', () => {
    expect(() => anInstrument({ tickSize: amount(0) })).toThrow(InstrumentError)
    expect(() => anInstrument({ lotSize: amount(-1) })).toThrow(/tick and lot size must be above zero/)
  })

  it.each(['0', '-0.00001', '0.000015', '0.000005', 'NaN'])(
    'cannot take orders in steps of %s where its lot is 0.00001',
    step => {
      expect(() => anInstrument({ quantityStep: amount(step) })).toThrow(
        new InstrumentError(
          `binance:BTC/USDT: the quantity step ${amount(step)} is no whole multiple of the lot 0.00001`,
        ),
      )
    },
  )

  it('may take orders in larger steps than it counts sizes in', () => {
    const coarse = anInstrument({ quantityStep: amount('0.001') })
    expect(exactLots(coarse, amount('0.00001'))).toBe(1)
    expect(roundQuantity(coarse, amount('0.123456'), 'floor').toString()).toBe('0.123')
  })

  it('turns ticks and lots into prices and quantities and back, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), units => {
        expect(exactTicks(btc, priceOf(btc, units))).toBe(units)
        expect(exactLots(btc, quantityOf(btc, units))).toBe(units)
      }),
    )
  })

  it('refuses a price or quantity off the grid (I1)', () => {
    expect(() => exactTicks(btc, amount('60000.005'))).toThrow('binance:BTC/USDT: price 60000.005 is no multiple')
    expect(() => exactLots(btc, amount('0.000015'))).toThrow('quantity 0.000015 is no multiple of the lot 0.00001')
  })

  it('refuses more ticks than a float counts exactly (I2)', () => {
    expect(exactTicks(btc, priceOf(btc, Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => exactTicks(btc, amount('90071992547409.92'))).toThrow(InstrumentError)
  })

  it('rounds to the grid as its caller says', () => {
    expect(roundPrice(btc, amount('60000.016'), 'floor').toString()).toBe('60000.01')
    expect(roundPrice(btc, amount('60000.016'), 'ceil').toString()).toBe('60000.02')
    expect(roundPrice(btc, amount('60000.015'), 'half-even').toString()).toBe('60000.02')
    expect(roundQuantity(btc, amount('0.123456'), 'floor').toString()).toBe('0.12345')
  })
})
