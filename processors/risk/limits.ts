/** Limits: set whole by configuration, changed in part by command. */
import type { Decimal, LimitsSet, SetLimits } from '@tideway/schemas'
import { RiskError } from './errors.ts'

/** The limits themselves, if they can be kept. Throws RiskError. */
export function checkedLimits(limits: LimitsSet): LimitsSet {
  for (const [name, value] of Object.entries(limits) as [string, Decimal | number][]) {
    const isLimit = typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : value.gte(0)
    if (!isLimit) throw new RiskError(`${name} is ${value}: a limit is zero or more`)
  }
  return limits
}

/** The limits with what the command names. Throws RiskError where there are none to change and it does not name all. */
export function changedLimits(limits: LimitsSet | null, command: SetLimits): LimitsSet {
  const changed = {
    maxPositionNotional: command.maxPositionNotional ?? limits?.maxPositionNotional,
    maxOrderNotional: command.maxOrderNotional ?? limits?.maxOrderNotional,
    priceCollar: command.priceCollar ?? limits?.priceCollar,
    maxDailyLoss: command.maxDailyLoss ?? limits?.maxDailyLoss,
    maxOpenOrders: command.maxOpenOrders ?? limits?.maxOpenOrders,
  }
  const missing = Object.entries(changed).filter(([, value]) => value === undefined)
  if (missing.length > 0) throw new RiskError(`no limits are set yet: name ${missing.map(([name]) => name).join(', ')}`)
  return checkedLimits(changed as LimitsSet)
}
