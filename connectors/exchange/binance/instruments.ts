/** Instruments that Binance lists, so that a capture can be read without asking the venue.
 *
 *  A venue changes tick and lot sizes over the years: these rows hold for 2024 and after. A live feed lists what the
 *  venue's own `exchangeInfo` says; a value off the grid is a DecodeError, never a rounded price.
 *  On spot, remainders of orders from before a change still rest in the finer lots of then (BTC 0.000001, ETH 0.00001,
 *  while new orders move in steps of 0.00001 and 0.0001), so the lot here is the one that divides every size seen, and the step of new orders is named apart.
 *  Fees are the first tier's, as fractions of notional. A contract of COIN-M is a lot: 100 USD for BTC, 10 USD else. */
import { Decimal, type InstrumentKind, type InstrumentListed } from '@tideway/schemas'

/** Symbol, tick size, lot size, smallest and largest quantity, smallest notional; the step of an order's quantity where
 *  it is coarser than the lot. */
type Row = readonly [
  symbol: string,
  tick: string,
  lot: string,
  min: string,
  max: string,
  minNotional: string,
  step?: string,
]

interface VenueTable {
  readonly kind: InstrumentKind
  readonly makerFee: string
  readonly takerFee: string
  readonly rows: readonly Row[]
}

const tables: Readonly<Record<string, VenueTable>> = {
  binance: {
    kind: 'spot',
    makerFee: '0.001',
    takerFee: '0.001',
    rows: [
      ['BTC/USDT', '0.01', '0.000001', '0.00001', '9000', '5', '0.00001'],
      ['ETH/USDT', '0.01', '0.00001', '0.0001', '9000', '5', '0.0001'],
      ['BNB/USDT', '0.01', '0.001', '0.001', '900000', '5'],
      ['SOL/USDT', '0.01', '0.001', '0.001', '90000', '5'],
      ['XRP/USDT', '0.0001', '0.1', '0.1', '9222449', '5'],
      ['ADA/USDT', '0.0001', '0.1', '0.1', '900000', '5'],
      ['DOGE/USDT', '0.00001', '1', '1', '9000000', '5'],
      ['AVAX/USDT', '0.01', '0.01', '0.01', '90000', '5'],
      ['LINK/USDT', '0.01', '0.01', '0.01', '90000', '5'],
      ['DOT/USDT', '0.001', '0.01', '0.01', '90000', '5'],
      ['LTC/USDT', '0.01', '0.001', '0.001', '90000', '5'],
      ['BCH/USDT', '0.1', '0.001', '0.001', '90000', '5'],
      ['TRX/USDT', '0.0001', '0.1', '0.1', '9000000', '5'],
      ['NEAR/USDT', '0.001', '0.1', '0.1', '900000', '5'],
      ['ATOM/USDT', '0.001', '0.01', '0.01', '90000', '5'],
      ['UNI/USDT', '0.001', '0.01', '0.01', '90000', '5'],
    ],
  },
  'binance-usdm': {
    kind: 'linear',
    makerFee: '0.0002',
    takerFee: '0.0005',
    rows: [
      ['BTC/USDT', '0.1', '0.001', '0.001', '1000', '100'],
      ['ETH/USDT', '0.01', '0.001', '0.001', '10000', '20'],
      ['BNB/USDT', '0.01', '0.01', '0.01', '100000', '5'],
      ['SOL/USDT', '0.01', '0.01', '0.01', '1000000', '5'],
      ['XRP/USDT', '0.0001', '0.1', '0.1', '10000000', '5'],
      ['ADA/USDT', '0.0001', '1', '1', '10000000', '5'],
      ['DOGE/USDT', '0.00001', '1', '1', '50000000', '5'],
      ['AVAX/USDT', '0.001', '1', '1', '10000000', '5'],
      ['LINK/USDT', '0.001', '0.01', '0.01', '1000000', '20'],
      ['DOT/USDT', '0.001', '0.1', '0.1', '1000000', '5'],
      ['LTC/USDT', '0.01', '0.001', '0.001', '10000', '20'],
      ['BCH/USDT', '0.01', '0.001', '0.001', '10000', '20'],
      ['TRX/USDT', '0.00001', '1', '1', '10000000', '5'],
      ['NEAR/USDT', '0.001', '1', '1', '10000000', '5'],
      ['ATOM/USDT', '0.001', '0.01', '0.01', '1000000', '5'],
      ['UNI/USDT', '0.001', '1', '1', '10000000', '5'],
    ],
  },
  'binance-coinm': {
    kind: 'inverse',
    makerFee: '0.0002',
    takerFee: '0.0005',
    rows: [
      ['BTC/USD', '0.1', '1', '1', '1000000', '0'],
      ['ETH/USD', '0.01', '1', '1', '1000000', '0'],
    ],
  },
}

/** The instruments of a venue's table; none for a venue without one. */
export function knownInstruments(venue: string): readonly InstrumentListed[] {
  const table = tables[venue]
  return table ? table.rows.map(row => listed(venue, table, row)) : []
}

/** What a venue that speaks Binance trades and charges; undefined for another venue. */
export function termsOf(venue: string): Pick<InstrumentListed, 'kind' | 'makerFee' | 'takerFee'> | undefined {
  const table = tables[venue]
  if (!table) return undefined
  return { kind: table.kind, makerFee: new Decimal(table.makerFee), takerFee: new Decimal(table.takerFee) }
}

function listed(venue: string, table: VenueTable, row: Row): InstrumentListed {
  const [symbol, tick, lot, min, max, minNotional, step = lot] = row
  const [base = '', quote = ''] = symbol.split('/')
  return {
    venue,
    symbol,
    venueSymbol: table.kind === 'inverse' ? `${base}${quote}_PERP` : `${base}${quote}`,
    base,
    quote,
    settle: table.kind === 'inverse' ? base : quote,
    kind: table.kind,
    tickSize: new Decimal(tick),
    lotSize: new Decimal(lot),
    quantityStep: new Decimal(step),
    minQuantity: new Decimal(min),
    maxQuantity: new Decimal(max),
    minNotional: new Decimal(minNotional),
    makerFee: new Decimal(table.makerFee),
    takerFee: new Decimal(table.takerFee),
  }
}
