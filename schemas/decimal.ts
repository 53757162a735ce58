/** The decimal of every amount of money: 50 significant digits, so that sums and products of amounts with up to
 *  18 decimals stay exact; only a division rounds, and its caller says how. Never built from a float: domain/money. */
import { Decimal as Library } from 'decimal.js'

export const Decimal = Library.clone({ precision: 50, rounding: Library.ROUND_HALF_EVEN, toExpNeg: -40, toExpPos: 40 })
export type Decimal = Library

/** Decimals kept on the wire: Avro `decimal(38, 18)`. */
export const MONEY_SCALE = 18
