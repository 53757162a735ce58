/** A book as plain data. `loadBook(saveBook(book))` goes on as `book` would, to the last lot; the saved data is a copy. */
import { Book } from './book.ts'
import type { Ladder } from './ladder.ts'
import type { SavedRecentDepth } from './recent-depth.ts'

/** Levels from the best to the worst. */
export interface SavedLadder {
  readonly ticks: Float64Array
  readonly lots: Float64Array
}

export interface SavedBook {
  readonly bids: SavedLadder
  readonly asks: SavedLadder
  readonly partial: boolean
  readonly touchKnown: boolean
  readonly gaps: number
  readonly ignored: number
  readonly crossed: number
  readonly depthId: number
  readonly quoteId: number
  readonly quoteNewer: boolean
  readonly quoteBidTicks: number
  readonly quoteBidLots: number
  readonly quoteAskTicks: number
  readonly quoteAskLots: number
  readonly recent: SavedRecentDepth
}

export function saveBook(book: Book): SavedBook {
  return {
    bids: saveLadder(book.bids),
    asks: saveLadder(book.asks),
    partial: book.partial,
    touchKnown: book.touchKnown,
    gaps: book.gaps,
    ignored: book.ignored,
    crossed: book.crossed,
    depthId: book.depthId,
    quoteId: book.quoteId,
    quoteNewer: book.quoteNewer,
    quoteBidTicks: book.quoteBidTicks,
    quoteBidLots: book.quoteBidLots,
    quoteAskTicks: book.quoteAskTicks,
    quoteAskLots: book.quoteAskLots,
    recent: book.recent.save(),
  }
}

export function loadBook(saved: SavedBook): Book {
  const book = new Book()
  loadLadder(book.bids, saved.bids)
  loadLadder(book.asks, saved.asks)
  book.partial = saved.partial
  book.touchKnown = saved.touchKnown
  book.gaps = saved.gaps
  book.ignored = saved.ignored
  book.crossed = saved.crossed
  book.depthId = saved.depthId
  book.quoteId = saved.quoteId
  book.quoteNewer = saved.quoteNewer
  book.quoteBidTicks = saved.quoteBidTicks
  book.quoteBidLots = saved.quoteBidLots
  book.quoteAskTicks = saved.quoteAskTicks
  book.quoteAskLots = saved.quoteAskLots
  book.recent.load(saved.recent)
  return book
}

function saveLadder(ladder: Ladder): SavedLadder {
  const ticks = ladder.prices()
  return { ticks, lots: ticks.map(price => ladder.lotsAt(price)) }
}

function loadLadder(ladder: Ladder, saved: SavedLadder): void {
  for (let i = 0; i < saved.ticks.length; i++) ladder.set(saved.ticks[i] as number, saved.lots[i] as number)
}
