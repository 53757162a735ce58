/** Lets nothing new through once the day has lost its limit. The stage halts the portfolio as well: the loss of the day
 *  is forgotten at 00:00 UTC, the halt is not. */
import { ZERO } from '@tideway/domain'
import type { Decimal, LimitsSet } from '@tideway/schemas'
import { passesHalt, reducible } from '../reducing.ts'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const dailyLoss: RiskRule = question => {
  const { limits, dayLoss, order } = question
  if (!isLost(dayLoss, limits) || passesHalt(question)) return pass
  const wouldPass = order.origin === 'manual' ? reducible(question) : ZERO
  return refuse('dailyLoss', dayLoss, limits.maxDailyLoss, wouldPass)
}

export function isLost(dayLoss: Decimal, limits: LimitsSet): boolean {
  return dayLoss.gt(0) && dayLoss.gte(limits.maxDailyLoss)
}
