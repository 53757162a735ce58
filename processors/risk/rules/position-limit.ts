/** Caps the notional of |position| per symbol, open orders of the order's side included. An order that reduces always
 *  has room. */
import { quotient } from '@tideway/domain'
import { ahead } from '../reducing.ts'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const positionLimit: RiskRule = question => {
  const { order, limits, mid } = question
  const before = ahead(question)
  const after = before.plus(order.quantity)
  const notional = after.times(mid)
  if (after.lte(0) || notional.lte(limits.maxPositionNotional)) return pass
  const room = quotient(limits.maxPositionNotional, mid, 'floor').minus(before)
  return refuse('positionLimit', notional, limits.maxPositionNotional, room)
}
