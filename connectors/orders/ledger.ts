/** What the order connector knows of each order that it was asked to send; committed with every report, and before
 *  every send. Plain data: decimals stand as text. */
import {
  Decimal,
  type Identity,
  type OrderSubmitted,
  type OrderType,
  type Side,
  type TimeInForce,
} from '@tideway/schemas'
import type { VenueOrder } from './venue.ts'

/** wanted: written down, not yet sent. sent: sent, no answer recorded. open: the venue has it. ended: it is final. */
export type SentState = 'wanted' | 'sent' | 'open' | 'ended'

export interface SentOrder {
  readonly clientId: string
  readonly portfolio: string
  readonly order: Identity
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly quantity: string
  readonly limitPrice: string | null
  state: SentState
  /** When it was last sent, or last asked for; UTC microseconds. */
  touched: number
  accepted: boolean
  silent: boolean
  cancelWanted: boolean
  filled: string
  /** Trade ids that were reported. */
  readonly trades: string[]
}

/** Ended orders kept so that late and repeated reports are known for what they are. */
const ENDED_KEPT = 1_000

export class Ledger {
  readonly #orders: Map<string, SentOrder>

  constructor(orders: readonly SentOrder[] = []) {
    this.#orders = new Map(orders.map(order => [order.clientId, { ...order, trades: [...order.trades] }]))
  }

  get(clientId: string): SentOrder | undefined {
    return this.#orders.get(clientId)
  }

  /** Orders that are not ended, in the order in which they were wanted. */
  pending(): SentOrder[] {
    return [...this.#orders.values()].filter(({ state }) => state !== 'ended')
  }

  want(clientId: string, portfolio: string, { order, ...terms }: OrderSubmitted): void {
    if (this.#orders.has(clientId)) return
    this.#orders.set(clientId, {
      clientId,
      portfolio,
      order: { topic: order.topic, key: order.key, source: order.source, seq: order.seq },
      symbol: terms.symbol,
      side: terms.side,
      orderType: terms.orderType,
      timeInForce: terms.timeInForce,
      quantity: terms.quantity.toFixed(),
      limitPrice: terms.limitPrice?.toFixed() ?? null,
      state: 'wanted',
      touched: 0,
      accepted: false,
      silent: false,
      cancelWanted: false,
      filled: '0',
      trades: [],
    })
  }

  wantCancel(clientId: string): void {
    const order = this.#orders.get(clientId)
    if (order && order.state !== 'ended') order.cancelWanted = true
  }

  save(): SentOrder[] {
    const ended = [...this.#orders.values()].filter(({ state }) => state === 'ended')
    for (const { clientId } of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.#orders.delete(clientId)
    return [...this.#orders.values()]
  }
}

export function venueOrderOf({
  clientId,
  symbol,
  side,
  orderType,
  timeInForce,
  quantity,
  limitPrice,
}: SentOrder): VenueOrder {
  return {
    clientId,
    symbol,
    side,
    orderType,
    timeInForce,
    quantity: new Decimal(quantity),
    limitPrice: limitPrice === null ? null : new Decimal(limitPrice),
  }
}
