/** The two faces of a simulated venue: what it does wrong with messages, and what is true all the same. */
import type { OrderStatus, VenueOrder } from '@tideway/connectors/orders'

/** Rates are chances in [0, 1]. */
export interface VenueFaults {
  /** A request never reaches the venue. */
  readonly lostRequest: number
  /** A request took effect, and its sender is not told. */
  readonly lostAnswer: number
  readonly lostReport: number
  readonly repeatedReport: number
  /** A good order is refused. */
  readonly rejected: number
  /** Of a message in either direction; a delay is drawn evenly up to it. */
  readonly maxDelayMicros: number
}

export const noVenueFaults: VenueFaults = {
  lostRequest: 0,
  lostAnswer: 0,
  lostReport: 0,
  repeatedReport: 0,
  rejected: 0,
  maxDelayMicros: 0,
}

/** An order as the venue has it, with every fill. */
export interface TrueOrder extends OrderStatus {
  readonly order: VenueOrder
  /** UTC microseconds. */
  readonly takenAt: number
}

export interface VenueTruth {
  /** Every order that was taken, ended ones too, in the order in which they were taken. A client id that stands here
   *  twice was sent again after its first order had ended. */
  readonly orders: readonly TrueOrder[]
  /** Client ids of orders that were refused, one for each time. */
  readonly rejected: readonly string[]
  /** Of these, client ids that were refused because they were open. */
  readonly duplicates: readonly string[]
}
