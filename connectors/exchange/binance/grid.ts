/** Decimal text to whole ticks or lots, exactly and without floats or a decimal per level.
 *
 *  A grid step such as 0.05 is kept as 5 units of 10^-2. Text is read digit by digit into an integer number of those
 *  units and divided by the step.
 *
 *  H1  The answer is exact or it is a failure below zero: an integer past 2^53 is refused, never rounded.
 *  H2  Zeros behind the grid's last decimal are allowed (Binance pads to eight), any other digit is off the grid.
 *
 *  Hot: called for every price and size of every message, so failures are numbers and become errors in the caller. */
import type { Decimal } from '@tideway/schemas'

export interface Grid {
  readonly decimals: number
  /** The step in units of 10^-decimals. */
  readonly step: number
  /** As people write it. */
  readonly text: string
}

export const NOT_A_NUMBER = -1
export const NEGATIVE = -2
export const OFF_GRID = -3
export const TOO_LARGE = -4

const MAX_DECIMALS = 18
const powers = Array.from({ length: MAX_DECIMALS + 1 }, (_, exponent) => 10 ** exponent)

/** The grid of a tick or lot size. Throws RangeError for a step that is not above zero or too fine to count. */
export function gridOf(step: Decimal): Grid {
  const decimals = step.decimalPlaces()
  const units = step.times(powers[decimals] ?? Number.NaN).toNumber()
  if (!step.gt(0) || !Number.isSafeInteger(units)) {
    throw new RangeError(`${step} is no tick or lot size: it must be above zero, with at most ${MAX_DECIMALS} decimals`)
  }
  return { decimals, step: units, text: step.toString() }
}

/** Whole steps of `text`, or one of the failures above. */
export function stepsOf(text: string, grid: Grid): number {
  const { length } = text
  const { decimals } = grid
  let units = 0
  let i = 0
  for (; i < length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) break
    units = units * 10 + digit
  }
  if (i === 0) return isNegative(text) ? NEGATIVE : NOT_A_NUMBER
  let missing = decimals
  if (i < length) {
    if (text.charCodeAt(i) !== 46 || i + 1 === length) return NOT_A_NUMBER
    let off = false
    for (i++; i < length; i++) {
      const digit = text.charCodeAt(i) - 48
      if (digit < 0 || digit > 9) return NOT_A_NUMBER
      if (missing > 0) {
        units = units * 10 + digit
        missing--
      } else if (digit !== 0) off = true
    }
    if (off) return OFF_GRID // H2
  }
  if (missing > 0) units *= powers[missing] ?? Number.NaN
  if (units > Number.MAX_SAFE_INTEGER) return TOO_LARGE // H1
  if (grid.step === 1) return units
  return units % grid.step === 0 ? units / grid.step : OFF_GRID
}

function isNegative(text: string): boolean {
  return /^-\d+(\.\d+)?$/.test(text)
}
