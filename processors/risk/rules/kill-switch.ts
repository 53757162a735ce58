/** While halted: no new risk. What the halt itself sends and a person who closes get through. */
import { ZERO } from '@tideway/domain'
import { passesHalt, reducible } from '../reducing.ts'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const killSwitch: RiskRule = question => {
  const { halt, order } = question
  if (halt === null || passesHalt(question)) return pass
  const wouldPass = order.origin === 'manual' ? reducible(question) : ZERO
  return refuse('killSwitch', halt.cause, halt.reason, wouldPass)
}
