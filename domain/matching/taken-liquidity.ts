/** What our own orders took from the levels of a recording, which knows nothing of it.
 *
 *  The recorded lots of a level minus what we took from it are there for the next order. The inference from a level that
 *  changes is the risk-averse one of the queue (queue-position.ts): lots that vanish are presumed to be lots that we
 *  had left, and only lots that arrive are new to us. A level keeps being counted until it is seen empty, so that the
 *  flicker of a busy level does not hand out the same lots again.
 *
 *  T1  Over any time, no more is taken from a level than it held at first plus what was seen to arrive.
 *  T2  Levels stand best price first, each once; at most `TAKEN_LEVELS_MAX` a side, the worst price is forgotten first.
 *  T3  Levels better than the best, and the best itself, are compared with every book; a deeper one when an order
 *      reaches it, so that a book costs the same however many levels are remembered. What happened unseen can only
 *      leave too much counted as taken, never too little. */
import { type BookSide, isBetter } from './recorded-book.ts'

export const TAKEN_LEVELS_MAX = 1024

export interface TakenLevel {
  readonly ticks: number
  lots: number
}

/** Lots of a level that are left for us, of the `recordedLots` that it shows. */
export function availableLots(taken: readonly TakenLevel[], ticks: number, recordedLots: number): number {
  for (const level of taken) {
    if (level.ticks !== ticks) continue
    level.lots = Math.min(level.lots, recordedLots) // T1
    return recordedLots - level.lots
  }
  return recordedLots
}

/** Remembers lots taken from a level. */
export function rememberTaken(taken: TakenLevel[], side: BookSide, ticks: number, lots: number): void {
  let at = 0
  for (; at < taken.length; at++) {
    const level = taken[at]
    if (level === undefined || !isBetter(side, level.ticks, ticks)) break
  }
  const level = taken[at]
  if (level?.ticks === ticks) level.lots += lots
  else taken.splice(at, 0, { ticks, lots })
  if (taken.length > TAKEN_LEVELS_MAX) taken.pop()
}

/** Forgets what the best level of a new book contradicts. `bestTicks` is 0 for a side that is known to be empty. */
export function settleTaken(taken: TakenLevel[], side: BookSide, bestTicks: number, bestLots: number): void {
  for (let first = taken[0]; first !== undefined; first = taken[0]) {
    if (bestTicks !== 0 && !isBetter(side, first.ticks, bestTicks)) {
      if (first.ticks === bestTicks) first.lots = Math.min(first.lots, bestLots)
      return
    }
    taken.shift()
  }
}
