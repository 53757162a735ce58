/** Features of the book as it stands. Arguments in ticks and lots; NaN where a side is missing. */
import type { Book } from '../book/book.ts'

/** Levels a side that the imbalance counts. */
export const IMBALANCE_LEVELS = 5

export function midOf(bidTicks: number, askTicks: number): number {
  return bidTicks > 0 && askTicks > 0 ? (bidTicks + askTicks) / 2 : Number.NaN
}

/** (ask - bid) / mid */
export function spreadOf(bidTicks: number, askTicks: number): number {
  return (askTicks - bidTicks) / midOf(bidTicks, askTicks)
}

/** (bids - asks) / (bids + asks), in [-1, 1]: above 0 where more is bid than offered. */
export function imbalanceOf(book: Book, levels: number): number {
  const bids = book.bids.lotsOfBest(levels)
  const asks = book.asks.lotsOfBest(levels)
  return (bids - asks) / (bids + asks)
}

/** How far the microprice lies from mid, as a fraction of mid. The microprice weights each best price by the size on
 *  the other side (Gatheral, Oomen, Finance and Stochastics 14, 2010): it leans to the side that will be used up first. */
export function micropriceOf(bidTicks: number, bidLots: number, askTicks: number, askLots: number): number {
  const mid = midOf(bidTicks, askTicks)
  const microprice = (bidTicks * askLots + askTicks * bidLots) / (bidLots + askLots)
  return (microprice - mid) / mid
}
