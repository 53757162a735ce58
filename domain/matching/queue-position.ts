/** Where an order of ours stands in the queue at its price.
 *
 *  A recording shows how many lots rest at a price, not whose. The model is the risk-averse one of hftbacktest
 *  (`RiskAdverseQueueModel`: join behind all that rests; a print at the price and nothing else moves the queue, and
 *  never are more lots ahead than the level holds), so lots that are cancelled are presumed to have stood behind us
 *  as long as that can be true.
 *
 *  One thing is added. A trade is told twice, by its print and by the level that shrank, in either order: on a recorded
 *  spot stream the quote came first for three trades of four, 0.5 ms before the print (median; 34 ms at the 99th
 *  percentile). Where the shrinkage came first and moved the queue, its print must not move it again: otherwise the very
 *  trade that used up the queue ahead would also fill us.
 *
 *  A book that is partial shows nothing at a level that it was not told of. That is not an empty level: such a queue is of
 *  unknown length until the level is named, and only prints through the price get past it.
 *
 *  Q1  `aheadLots` only falls, and is never above the lots that the recording names at the price.
 *  Q2  A trade and the shrinkage that it caused move the queue once, whichever is told first, if no more than
 *      `PRINT_DELAY_MICROS` lie between them.
 *  Q3  At one price an earlier order of ours has no more lots ahead than a later one, in a book that is whole. */
import type { Side } from '@tideway/schemas'
import { type BookSide, isBetter, type RecordedBook } from './recorded-book.ts'

/** How long a shrinkage waits for its print. */
export const PRINT_DELAY_MICROS = 100_000

/** More than any level holds and any print trades. */
export const UNKNOWN_LOTS = Number.MAX_SAFE_INTEGER

export interface RestingOrder {
  readonly id: string
  readonly side: Side
  readonly limitTicks: number
  leavesLots: number
  /** Recorded lots that trade before it does. */
  aheadLots: number
  /** Lots by which a shrinking level moved the queue and whose print may still come. */
  unprintedLots: number
  /** When the level last moved the queue; UTC microseconds. */
  shrunkAt: number
}

/** Lots that a book shows at a price; `UNKNOWN_LOTS` where it cannot know. A price better than the best is empty. */
export function levelLots(book: RecordedBook, side: BookSide, ticks: number): number {
  const lots = book.lotsAt(side, ticks)
  if (lots > 0 || book.partial !== true) return lots
  const best = book.best(side)
  return best !== 0 && isBetter(side, ticks, best) ? 0 : UNKNOWN_LOTS
}

/** An order that comes to rest behind the lots at its price. */
export function joinQueue(
  id: string,
  side: Side,
  limitTicks: number,
  leavesLots: number,
  levelLots: number,
): RestingOrder {
  return { id, side, limitTicks, leavesLots, aheadLots: levelLots, unprintedLots: 0, shrunkAt: 0 }
}

/** The recording now shows `levelLots` at the order's price. */
export function shrinkQueue(order: RestingOrder, levelLots: number, time: number): void {
  const gone = order.aheadLots - levelLots
  if (gone <= 0) return
  if (order.aheadLots === UNKNOWN_LOTS) {
    order.aheadLots = levelLots
    return
  }
  if (time - order.shrunkAt > PRINT_DELAY_MICROS) order.unprintedLots = 0
  order.unprintedLots += gone
  order.shrunkAt = time
  order.aheadLots = levelLots // Q1
}

/** Lots of a print at the order's price that come past the queue; `usedLots` of it went to orders of ours before. */
export function advanceQueue(order: RestingOrder, printLots: number, usedLots: number, time: number): number {
  if (order.aheadLots === UNKNOWN_LOTS) return 0
  if (time - order.shrunkAt > PRINT_DELAY_MICROS) order.unprintedLots = 0
  const told = Math.min(order.unprintedLots, printLots) // Q2
  order.unprintedLots -= told
  const reach = Math.max(0, printLots - usedLots - told)
  const past = Math.max(0, reach - order.aheadLots)
  order.aheadLots = Math.max(0, order.aheadLots - reach)
  return past
}

/** A print beyond the order's price: what was ahead is gone. */
export function clearQueue(order: RestingOrder): void {
  order.aheadLots = 0
  order.unprintedLots = 0
}
