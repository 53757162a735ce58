/** The book that an engine matches against, as a market recorded it. `quant/book` is one. */

export type BookSide = 'bid' | 'ask'

export interface RecordedBook {
  /** Best price in ticks; 0 where the side is empty. */
  best(side: BookSide): number
  /** Lots resting at a price; 0 where there is no such level. */
  lotsAt(side: BookSide, ticks: number): number
  /** The next worse price after `ticks` on that side (lower for bids, higher for asks); 0 where there is none. */
  next(side: BookSide, ticks: number): number
}
