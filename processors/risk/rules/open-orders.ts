/** Caps how many orders are open at once: a loop that has gone wrong shows first as many orders. */
import { ZERO } from '@tideway/domain'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const openOrders: RiskRule = ({ openOrders: open, limits }) =>
  open < limits.maxOpenOrders ? pass : refuse('openOrders', String(open + 1), String(limits.maxOpenOrders), ZERO)
