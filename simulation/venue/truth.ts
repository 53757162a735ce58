/** What really happened at the simulated venue; for checkers, never for the connector. */
import type { VenueFill, VenueOrder } from '@tideway/connectors/orders'

export interface VenueTruth {
  /** Every order that the venue accepted, in the order of acceptance; a client id that was accepted twice stands twice. */
  readonly orders: readonly {
    readonly order: VenueOrder
    readonly state: 'open' | 'filled' | 'cancelled' | 'expired'
    readonly fills: readonly VenueFill[]
  }[]
  /** Client ids that it refused. */
  readonly rejected: readonly string[]
}

/** Fault rates from 0 to 1, drawn per seed. */
export interface VenueFaults {
  /** Chance that a request never arrives. */
  readonly lostRequest: number
  /** Chance that the answer to a request that took effect never arrives. */
  readonly lostAnswer: number
  readonly lostReport: number
  readonly repeatedReport: number
  readonly rejected: number
  /** Longest delay of answers and reports; microseconds. */
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
