/** The book that an engine matches against, as a market recorded it. `quant/book` is one. */

export type BookSide = 'bid' | 'ask'

/** Whether `a` is a better price than `b` for who takes from that side. */
export function isBetter(side: BookSide, a: number, b: number): boolean {
  return side === 'ask' ? a < b : a > b
}

export interface RecordedBook {
  /** Whether levels may rest that no message has named yet; absent means no. */
  readonly partial?: boolean
  /** Best price in ticks; 0 where the side is empty. */
  best(side: BookSide): number
  /** Lots resting at a price; 0 where there is no such level. */
  lotsAt(side: BookSide, ticks: number): number
  /** The next worse price after `ticks` on that side (lower for bids, higher for asks); 0 where there is none. */
  next(side: BookSide, ticks: number): number
}
