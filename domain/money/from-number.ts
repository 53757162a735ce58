/** The one door from float64 into money. The caller names the rounding, because a float has no exact decimal. */
import { Decimal } from '@tideway/schemas'

export type RoundingMode = 'floor' | 'ceil' | 'half-even'

/** Rounds to `decimals` places. Throws RangeError for NaN and infinities: they are no amount of money. */
export function fromNumber(value: number, decimals: number, rounding: RoundingMode): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no amount: check the calculation that made it`)
  return new Decimal(value).toDecimalPlaces(decimals, modes[rounding])
}

export const modes = {
  floor: Decimal.ROUND_FLOOR,
  ceil: Decimal.ROUND_CEIL,
  'half-even': Decimal.ROUND_HALF_EVEN,
} as const
