/** The instruments of the simulated market. They are modelled on Binance's spot market, coarser in tick and lot, so that
 *  its messages are decoded as those are. */
import { Decimal, type InstrumentListed } from '@tideway/schemas'

export const SIMULATED_VENUE = 'simulated'

const rows = [
  ['BTC/USDT', '0.01', '0.00001', '0.00001', '9000', '5'],
  ['ETH/USDT', '0.01', '0.0001', '0.0001', '9000', '5'],
  ['SOL/USDT', '0.01', '0.001', '0.001', '90000', '5'],
] as const

/** Every instrument that the simulated market can trade. */
export function simulatedInstruments(): readonly InstrumentListed[] {
  return rows.map(([symbol, tick, lot, min, max, minNotional]) => {
    const [base = '', quote = ''] = symbol.split('/')
    return {
      venue: SIMULATED_VENUE,
      symbol,
      venueSymbol: base + quote,
      base,
      quote,
      settle: quote,
      kind: 'spot',
      tickSize: new Decimal(tick),
      lotSize: new Decimal(lot),
      quantityStep: new Decimal(lot),
      minQuantity: new Decimal(min),
      maxQuantity: new Decimal(max),
      minNotional: new Decimal(minNotional),
      makerFee: new Decimal('0.001'),
      takerFee: new Decimal('0.001'),
    }
  })
}
