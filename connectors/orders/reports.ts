/** A fill of the venue as a report of ours. */
import { type DataOf, Decimal } from '@tideway/schemas'
import type { SentOrder } from './ledger.ts'
import type { VenueFill } from './venue.ts'

type FillReport =
  | { readonly type: 'OrderFilled'; readonly data: DataOf['reports/OrderFilled']; readonly filled: string }
  | {
      readonly type: 'OrderPartiallyFilled'
      readonly data: DataOf['reports/OrderPartiallyFilled']
      readonly filled: string
    }

/** Whether it was the last one follows from what was filled before, never from what the venue says is left. */
export function reportsOfFill(order: SentOrder, venueOrderId: string, fill: VenueFill): FillReport {
  const total = new Decimal(order.filled).plus(fill.quantity)
  const leaves = new Decimal(order.quantity).minus(total)
  const { tradeId, price, quantity, fee, feeAsset, liquidity } = fill
  const common = { order: order.order, venueOrderId, tradeId, price, quantity, fee, feeAsset, liquidity }
  const filled = total.toFixed()
  if (leaves.lte(0)) return { type: 'OrderFilled', data: common, filled }
  return { type: 'OrderPartiallyFilled', data: { ...common, leaves }, filled }
}
