/** What a strategy can want. Returned by its handlers; nothing happens until risk has had its say. */

export type Move = 'long' | 'short' | 'exit' | 'buy' | 'sell'

export interface Decision {
  readonly move: Move
  /** Size in the quote currency; an exit takes the whole holding and ignores it. */
  readonly notional: number
  /** Whole ticks; null asks for a market order. */
  readonly limitTicks: number | null
  /** How strongly, by the strategy's own measure; for people and models, not for sizing. */
  readonly strength: number
  /** One line for people. */
  readonly because: string
}

export interface DecisionDetails {
  readonly limitTicks?: number
  readonly strength?: number
}

function decide(move: Move, notional: number, because: string, details: DecisionDetails): Decision {
  return { move, notional, because, limitTicks: details.limitTicks ?? null, strength: details.strength ?? 1 }
}

/** Wants to be long: buys when flat; a short holding is given up first. */
export function goLong(notional: number, because: string, details: DecisionDetails = {}): Decision {
  return decide('long', notional, because, details)
}

/** Wants to be short: sells when flat; a long holding is given up first. */
export function goShort(notional: number, because: string, details: DecisionDetails = {}): Decision {
  return decide('short', notional, because, details)
}

/** Wants to hold nothing. */
export function exit(because: string, details: DecisionDetails = {}): Decision {
  return decide('exit', 0, because, details)
}

/** Buys whatever is held already: for ladders and grids. */
export function buy(notional: number, because: string, details: DecisionDetails = {}): Decision {
  return decide('buy', notional, because, details)
}

/** Sells whatever is held already: for ladders and grids. */
export function sell(notional: number, because: string, details: DecisionDetails = {}): Decision {
  return decide('sell', notional, because, details)
}
