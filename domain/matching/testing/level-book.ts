/** A recorded book whose levels a test sets one by one. */
import type { BookSide, RecordedBook } from '../recorded-book.ts'

export interface LevelBook extends RecordedBook {
  partial: boolean
  /** Sets the lots at a price; 0 removes the level. */
  set(side: BookSide, ticks: number, lots: number): void
}

/** `levelBook({ bid: { 100: 5 }, ask: { 101: 3 } })` */
export function levelBook(
  levels: { readonly bid?: Record<number, number>; readonly ask?: Record<number, number> } = {},
): LevelBook {
  const sides = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  const book: LevelBook = {
    partial: false,
    set(side, ticks, lots) {
      if (lots === 0) sides[side].delete(ticks)
      else sides[side].set(ticks, lots)
    },
    best: side => (side === 'bid' ? most([...sides.bid.keys()]) : least([...sides.ask.keys()])),
    lotsAt: (side, ticks) => sides[side].get(ticks) ?? 0,
    next: (side, ticks) =>
      side === 'bid'
        ? most([...sides.bid.keys()].filter(price => price < ticks))
        : least([...sides.ask.keys()].filter(price => price > ticks)),
  }
  for (const side of ['bid', 'ask'] as const)
    for (const [ticks, lots] of Object.entries(levels[side] ?? {})) book.set(side, Number(ticks), lots)
  return book
}

const most = (prices: readonly number[]) => (prices.length === 0 ? 0 : Math.max(...prices))
const least = (prices: readonly number[]) => (prices.length === 0 ? 0 : Math.min(...prices))
