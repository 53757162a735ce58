/** Spot is paid for: a buy may cost at most the cash that open buys leave, taker fee included. A market order is valued
 *  at mid, so a thin book can still take cash a little below zero; contracts have no such rule, they are not paid for. */
import { quotient, ZERO } from '@tideway/domain'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const buyingPower: RiskRule = ({ order, instrument, mid, freeCash }) => {
  if (instrument.kind !== 'spot' || order.side === 'sell') return pass
  const each = (order.limitPrice ?? mid).times(instrument.takerFee.plus(1))
  const cost = order.quantity.times(each)
  if (cost.lte(freeCash)) return pass
  return refuse('buyingPower', cost, freeCash, freeCash.gt(0) ? quotient(freeCash, each, 'floor') : ZERO)
}
