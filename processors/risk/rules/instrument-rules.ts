/** What the venue would refuse anyway: tick, quantity step, smallest and largest quantity, smallest notional. */
import { brokenRule } from '@tideway/domain'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const instrumentRules: RiskRule = ({ order, instrument, mid }) => {
  const { quantity, limitPrice } = order
  const broken = brokenRule(instrument, { quantity, limitPrice, referencePrice: mid })
  return broken === undefined ? pass : refuse(broken.rule, broken.value, broken.limit, broken.wouldPass)
}
