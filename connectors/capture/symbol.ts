/** A venue's symbol as base and quote, where only the symbol itself is known. */

/** Assets that others are priced in, longest first where one ends another. */
const quoteAssets = 'FDUSD USDT USDC BUSD TUSD USDP DAI USD BTC ETH BNB EUR GBP TRY BRL JPY AUD TRX XRP'.split(' ')

export interface SymbolParts {
  readonly base: string
  readonly quote: string
  /** `BASE/QUOTE`, with the delivery date of a dated future: `BTC/USD-240927`. */
  readonly symbol: string
}

const UNKNOWN = 'UNKNOWN'

/** Takes a venue's symbol apart: `BTCUSDT` is BTC/USDT, the perpetual `BTCUSD_PERP` is BTC/USD. */
export function splitSymbol(venueSymbol: string): SymbolParts {
  const [pair = '', delivery = ''] = venueSymbol.split('_')
  const suffix = delivery === '' || delivery === 'PERP' ? '' : `-${delivery}`
  const quote = quoteAssets.find(asset => pair.endsWith(asset) && pair.length > asset.length)
  const base = quote ? pair.slice(0, -quote.length) : pair
  return { base, quote: quote ?? UNKNOWN, symbol: `${base}/${quote ?? UNKNOWN}${suffix}` }
}
