/** Caps what one order is worth: against a slip of the finger, whatever is held. */
import { quotient } from '@tideway/domain'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const orderNotional: RiskRule = ({ order, limits, mid }) => {
  const price = order.limitPrice ?? mid
  const notional = order.quantity.times(price)
  if (notional.lte(limits.maxOrderNotional)) return pass
  return refuse('orderNotional', notional, limits.maxOrderNotional, quotient(limits.maxOrderNotional, price, 'floor'))
}
