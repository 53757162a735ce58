/** A venue as the order connector sees it: three questions and a stream of reports.
 *
 *  U1  An answer may come late, twice or never; a call that throws VenueSilence has an unknown outcome.
 *  U2  A client id names at most one order that is open; `query` tells what the venue knows of it.
 *  U3  Reports of one order may overtake each other and may be lost or repeated; `query` has every fill. */
import type { Decimal, Liquidity, OrderType, Side, TimeInForce } from '@tideway/schemas'

export interface VenueOrder {
  readonly clientId: string
  /** `venue:symbol` */
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly quantity: Decimal
  readonly limitPrice: Decimal | null
}

export interface VenueFill {
  readonly tradeId: string
  readonly price: Decimal
  readonly quantity: Decimal
  readonly fee: Decimal
  readonly feeAsset: string
  readonly liquidity: Liquidity
}

export type SubmitAnswer =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  | { readonly kind: 'rejected'; readonly reason: string }

export type CancelAnswer = { readonly kind: 'cancelled' } | { readonly kind: 'refused'; readonly reason: string }

export interface OrderStatus {
  readonly venueOrderId: string
  readonly state: 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected'
  readonly fills: readonly VenueFill[]
  readonly reason: string
}

export type VenueReport = {
  readonly clientId: string
  readonly venueOrderId: string
} & (
  | { readonly kind: 'accepted' }
  | { readonly kind: 'filled'; readonly fill: VenueFill; readonly leaves: Decimal }
  | { readonly kind: 'cancelled' | 'expired' | 'rejected'; readonly reason: string }
)

/** No answer came: what happened is unknown until it is asked for. */
export class VenueSilence extends Error {
  override readonly name = 'VenueSilence'
}

export interface Venue {
  submit(order: VenueOrder): Promise<SubmitAnswer>
  cancel(clientId: string): Promise<CancelAnswer>
  query(clientId: string): Promise<OrderStatus | 'not-found'>
  /** Calls back for each report from now on; gives what ends it. */
  reports(onReport: (report: VenueReport) => void): () => void
  /** Microseconds after which a request that was sent can no longer take effect. */
  readonly receiveWindow: number
}
