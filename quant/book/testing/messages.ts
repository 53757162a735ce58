/** Builders of book messages: levels as [ticks, lots]. */
import type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from '../messages.ts'

export type Level = readonly [ticks: number, lots: number]

export interface Sides {
  readonly bids?: readonly Level[]
  readonly asks?: readonly Level[]
}

export function aQuote(updateId: number, bid: Level, ask: Level): QuoteMessage {
  return { updateId, bidTicks: bid[0], bidLots: bid[1], askTicks: ask[0], askLots: ask[1] }
}

/** `previous` -1: the venue numbers every change and names no message before. */
export function aDepth([first, last, previous = -1]: readonly number[], sides: Sides): DepthMessage {
  return {
    firstUpdateId: first ?? -1,
    lastUpdateId: last ?? -1,
    previousUpdateId: previous,
    ...levels(sides),
  }
}

export function aSnapshot(lastUpdateId: number, sides: Sides): SnapshotMessage {
  return { lastUpdateId, ...levels(sides) }
}

function levels({ bids = [], asks = [] }: Sides): LevelsMessage {
  return {
    bidTicks: bids.map(([ticks]) => ticks),
    bidLots: bids.map(([, lots]) => lots),
    askTicks: asks.map(([ticks]) => ticks),
    askLots: asks.map(([, lots]) => lots),
  }
}
