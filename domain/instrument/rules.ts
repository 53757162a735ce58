/** What a venue checks before it takes an order: tick, quantity step, smallest and largest quantity, smallest notional.
 *  A refusal names the rule, what was asked, the limit, and the largest quantity up to the asked one that would pass. */
import type { Decimal } from '@tideway/schemas'
import { ZERO } from '../money/exact.ts'
import { type Instrument, roundQuantity } from './instrument.ts'

export type InstrumentRule = 'tick' | 'quantityStep' | 'minQuantity' | 'maxQuantity' | 'minNotional'

export interface RuleRefusal {
  readonly rule: InstrumentRule
  readonly value: Decimal
  readonly limit: Decimal
  /** 0 where no smaller quantity would pass. */
  readonly wouldPass: Decimal
}

export interface SizedOrder {
  readonly quantity: Decimal
  /** Null for a market order. */
  readonly limitPrice: Decimal | null
  /** Values a market order; quote units. */
  readonly referencePrice: Decimal
}

/** The first rule that the order breaks; undefined where the venue would take it. */
export function brokenRule(instrument: Instrument, order: SizedOrder): RuleRefusal | undefined {
  const { quantity, limitPrice, referencePrice } = order
  const { tickSize, quantityStep, minQuantity, maxQuantity, minNotional } = instrument
  const price = limitPrice ?? referencePrice
  const passing = (candidate: Decimal): Decimal =>
    candidate.lt(minQuantity) || candidate.times(price).lt(minNotional) ? ZERO : candidate

  if (limitPrice !== null && (!limitPrice.gt(0) || !limitPrice.mod(tickSize).isZero())) {
    return { rule: 'tick', value: limitPrice, limit: tickSize, wouldPass: ZERO }
  }
  if (!quantity.gt(0) || quantity.lt(minQuantity)) {
    return { rule: 'minQuantity', value: quantity, limit: minQuantity, wouldPass: ZERO }
  }
  if (quantity.gt(maxQuantity)) {
    const wouldPass = passing(roundQuantity(instrument, maxQuantity, 'floor'))
    return { rule: 'maxQuantity', value: quantity, limit: maxQuantity, wouldPass }
  }
  if (!quantity.mod(quantityStep).isZero()) {
    const wouldPass = passing(roundQuantity(instrument, quantity, 'floor'))
    return { rule: 'quantityStep', value: quantity, limit: quantityStep, wouldPass }
  }
  const notional = quantity.times(price)
  if (notional.lt(minNotional)) return { rule: 'minNotional', value: notional, limit: minNotional, wouldPass: ZERO }
  return undefined
}
