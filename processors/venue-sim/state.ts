/** What venue-sim remembers of one portfolio: plain data, amounts as decimal text (G3). */
import type { Engine } from '@tideway/domain/matching'
import type { Identity, OrderType, Side, TimeInForce } from '@tideway/schemas'
import type { Answer } from './answer.ts'

/** Something on its way to the venue. */
export type Request =
  | {
      readonly kind: 'submit'
      readonly order: Identity
      readonly symbol: string
      readonly side: Side
      readonly orderType: OrderType
      readonly timeInForce: TimeInForce
      readonly quantity: string
      readonly limitPrice: string | null
    }
  | { readonly kind: 'cancel'; readonly order: Identity; readonly reason: string }

/** Answers on their way back. */
export interface Sent {
  /** When the venue gave them; UTC microseconds. */
  readonly at: number
  readonly answers: readonly Answer[]
}

export interface OpenOrder {
  readonly order: Identity
  readonly symbol: string
  readonly venueOrderId: string
}

export interface VenueSimState {
  /** Venue order ids given so far, trade ids, and messages sent in either direction. */
  orders: number
  trades: number
  messages: number
  /** By number of the message. */
  readonly requests: Map<number, Request>
  readonly sent: Map<number, Sent>
  /** By the text of the intent's identity, which names the order in the engines too. */
  readonly open: Map<string, OpenOrder>
  /** By symbol; idle ones are left out. */
  readonly engines: Map<string, Engine>
}

export function emptyVenueSim(): VenueSimState {
  return {
    orders: 0,
    trades: 0,
    messages: 0,
    requests: new Map(),
    sent: new Map(),
    open: new Map(),
    engines: new Map(),
  }
}
