/** What an engine is asked and what it answers, in whole ticks and lots. */
import type { Liquidity, OrderType, Side, TimeInForce } from '@tideway/schemas'

export interface NewOrder {
  /** Unique among the orders that are open in the engine. */
  readonly id: string
  readonly side: Side
  readonly orderType: OrderType
  /** Of a limit order; a market order takes what it can and expires. */
  readonly timeInForce: TimeInForce
  /** 0 for a market order. */
  readonly limitTicks: number
  readonly lots: number
}

/** `leavesLots` is what is open after it; for an end, what was never filled. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly id: string }
  | {
      readonly kind: 'filled'
      readonly id: string
      readonly priceTicks: number
      readonly lots: number
      readonly leavesLots: number
      readonly liquidity: Liquidity
    }
  | { readonly kind: 'expired'; readonly id: string; readonly leavesLots: number }
  | { readonly kind: 'cancelled'; readonly id: string; readonly leavesLots: number }
  | { readonly kind: 'rejected'; readonly id: string; readonly reason: 'would-take' | 'too-many-open' }
  | { readonly kind: 'cancelRejected'; readonly id: string; readonly reason: 'not-open' }

/** A call that no venue would understand: fix the caller. */
export class MatchingError extends Error {
  override readonly name = 'MatchingError'
}

/** Throws MatchingError unless lots, and the limit of a limit order, are whole and above zero. */
export function assertOrder(order: NewOrder): void {
  if (!(Number.isSafeInteger(order.lots) && order.lots > 0))
    throw new MatchingError(`order ${order.id}: ${order.lots} is no number of lots`)
  if (order.orderType === 'limit' && !(Number.isSafeInteger(order.limitTicks) && order.limitTicks > 0))
    throw new MatchingError(`order ${order.id}: ${order.limitTicks} is no limit in ticks`)
}
