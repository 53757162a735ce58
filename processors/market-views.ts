/** What the stages of the market segment may read beside their event. */
import type { Instrument } from '@tideway/domain'
import { Book } from '@tideway/quant'
import type { Turn } from '@tideway/schemas'

export interface MarketViews {
  /** By `venue:symbol`. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** By `venue:symbol`, folded from ticks up to and including the event at hand; absent before the first. */
  readonly books: ReadonlyMap<string, Book>
}

/** A tick whose ticks and lots mean nothing, because nobody has said how large they are. */
export class UnlistedError extends Error {
  override readonly name = 'UnlistedError'
  readonly code = 'instrument-not-listed'
}

/** Throws UnlistedError where the turn's symbol is not listed: its ticks and lots would mean nothing. */
export function listed(turn: Turn<MarketViews>): Instrument {
  const instrument = turn.views.instruments.get(turn.key)
  if (!instrument) throw new UnlistedError(`${turn.key} is not listed: put InstrumentListed on config before its ticks`)
  return instrument
}

/** Read where a symbol's first event was a trade; nobody writes to it. */
const unknownBook = new Book()

/** The book of the turn's symbol. */
export function bookOf(turn: Turn<MarketViews>): Book {
  return turn.views.books.get(turn.key) ?? unknownBook
}
