/** Arithmetic on amounts that loses nothing in silence.
 *
 *  M1  A sum or product is exact and fits the wire (18 decimals, 38 digits), or it throws MoneyError.
 *  M2  A quotient is rounded to 18 decimals; its caller names the rounding. */
import { Decimal, MONEY_SCALE } from '@tideway/schemas'
import { modes, type RoundingMode } from './from-number.ts'

export const ZERO = new Decimal(0)

/** Digits before and after the point that the wire keeps: Avro `decimal(38, 18)`. */
const MONEY_LIMIT = new Decimal(10).pow(38 - MONEY_SCALE)

export class MoneyError extends Error {
  override readonly name = 'MoneyError'
}

/** The sum; zero of nothing. Exact (M1). */
export function sum(amounts: Iterable<Decimal>): Decimal {
  let total = ZERO
  for (const amount of amounts) total = total.plus(amount)
  return fitting(total, 'sum')
}

/** Price times quantity, rate times notional. Exact (M1). */
export function product(a: Decimal, b: Decimal): Decimal {
  if (a.precision() + b.precision() > Decimal.precision) {
    throw new MoneyError(`${a} times ${b} has more digits than can be kept`)
  }
  return fitting(a.times(b), `${a} times ${b}`)
}

/** `a / b` to 18 decimals (M2). Throws MoneyError when `b` is zero. */
export function quotient(a: Decimal, b: Decimal, rounding: RoundingMode): Decimal {
  if (b.isZero()) throw new MoneyError(`${a} divided by zero`)
  return a.div(b).toDecimalPlaces(MONEY_SCALE, modes[rounding])
}

/** The amount itself if the wire can keep it, else a MoneyError (M1). */
export function fitting(amount: Decimal, what: string): Decimal {
  if (!amount.isFinite()) throw new MoneyError(`${what} is ${amount}: no amount`)
  if (amount.decimalPlaces() > MONEY_SCALE) throw new MoneyError(`${what} is ${amount}: more than 18 decimals`)
  if (amount.abs().gte(MONEY_LIMIT)) throw new MoneyError(`${what} is ${amount}: more than 20 digits before the point`)
  return amount
}
