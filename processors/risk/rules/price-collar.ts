/** Keeps a limit price near mid, on both sides: far through the book it is a slip, far away from it a stale thought. */
import { quotient, ZERO } from '@tideway/domain'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const priceCollar: RiskRule = ({ order, limits, mid }) => {
  if (order.limitPrice === null) return pass
  const distance = order.limitPrice.minus(mid).abs()
  if (distance.lte(limits.priceCollar.times(mid))) return pass
  return refuse('priceCollar', quotient(distance, mid, 'half-even'), limits.priceCollar, ZERO)
}
