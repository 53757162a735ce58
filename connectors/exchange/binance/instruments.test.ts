import { brokenRule, exactLots, instrumentOf } from '@tideway/domain'
import { Decimal } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { simulatedInstruments } from '../../simulated-market/instruments.ts'
import { knownInstruments } from './instruments.ts'

const spot = (symbol: string) => {
  const listed = knownInstruments('binance').find(each => each.symbol === symbol)
  if (!listed) throw new Error(`${symbol} is not in the table`)
  return instrumentOf(listed)
}

describe('the tables of instruments', () => {
  const tables = ['binance', 'binance-usdm', 'binance-coinm'].flatMap(venue => knownInstruments(venue))

  it.each([...tables, ...simulatedInstruments()].map(listed => [`${listed.venue}:${listed.symbol}`, listed] as const))(
    'list %s as one whose smallest order is on its own grid',
    (_key, listed) => {
      const instrument = instrumentOf(listed)
      expect(instrument.minQuantity.mod(instrument.quantityStep).isZero()).toBe(true)
    },
  )

  it.each([
    ['BTC/USDT', '0.123456', '0.12345'],
    ['ETH/USDT', '1.23456', '1.2345'],
  ])('tell for %s the sizes that are recorded from those that are ordered', (symbol, size, wouldPass) => {
    const instrument = spot(symbol)
    const quantity = new Decimal(size)
    expect(exactLots(instrument, quantity)).toBe(123_456)
    const broken = brokenRule(instrument, { quantity, limitPrice: null, referencePrice: new Decimal(1_000) })
    expect(broken).toMatchObject({ rule: 'quantityStep', wouldPass: new Decimal(wouldPass) })
  })
})
