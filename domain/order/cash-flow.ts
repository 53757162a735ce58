/** What a fill does to cash: a buyer pays, a seller receives, both pay the fee (negative where the venue gives a
 *  rebate). So for spot, and for linear contracts whose holding is valued at its full price. Exact. */
import type { Decimal, FillRecorded } from '@tideway/schemas'
import { product } from '../money/exact.ts'
import { directionOf } from './side.ts'

export function cashFlow({
  side,
  price,
  quantity,
  fee,
}: Pick<FillRecorded, 'side' | 'price' | 'quantity' | 'fee'>): Decimal {
  return product(price, quantity).times(-directionOf(side)).minus(fee)
}
