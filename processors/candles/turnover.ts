/** A sum of price times size, exact: whole ticks times whole lots soon exceed the 2^53 of a float.
 *
 *  Hot code: two floats hold high * 2^52 + low; a product that does not fit takes the slow road of BigInt. */
import { Decimal } from '@tideway/schemas'

export interface Turnover {
  high: number
  /** Below 2^52. */
  low: number
}

const LIMB = 2 ** 52
const LIMB_BITS = 52n
const LIMB_MASK = (1n << LIMB_BITS) - 1n

/** Adds ticks * lots, whole numbers from 0 to 2^50. */
export function addTurnover(sum: Turnover, ticks: number, lots: number): void {
  const product = ticks * lots
  if (product <= LIMB) {
    sum.low += product // at most 2^53: exact
  } else {
    const exact = BigInt(ticks) * BigInt(lots)
    sum.high += Number(exact >> LIMB_BITS)
    sum.low += Number(exact & LIMB_MASK)
  }
  if (sum.low >= LIMB) {
    sum.low -= LIMB
    sum.high++
  }
}

export function turnoverOf(sum: Turnover): Decimal {
  return new Decimal(sum.high).times(LIMB).plus(sum.low)
}
