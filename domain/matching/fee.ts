/** What a venue takes for a fill. */
import { Decimal, type Liquidity, MONEY_SCALE } from '@tideway/schemas'
import type { Instrument } from '../instrument/instrument.ts'

export interface Fee {
  readonly fee: Decimal
  /** The quote asset on spot, the settlement asset of a linear contract. */
  readonly feeAsset: string
}

/** Notional times the maker or taker rate; below zero where the venue pays makers. Exact, and where the wire's 18
 *  decimals do not hold it, rounded against who pays. Not for inverse contracts, whose notional is no price times size. */
export function feeOf(instrument: Instrument, price: Decimal, quantity: Decimal, liquidity: Liquidity): Fee {
  const { kind, quote, settle, makerFee, takerFee } = instrument
  const rate = liquidity === 'maker' ? makerFee : takerFee
  const fee = price.times(quantity).times(rate).toDecimalPlaces(MONEY_SCALE, Decimal.ROUND_CEIL)
  return { fee, feeAsset: kind === 'spot' ? quote : settle }
}
