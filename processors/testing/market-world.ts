/** The views of a market segment, folded from the events that a test gives. */
import type { Instrument } from '@tideway/domain'
import type { Event } from '@tideway/schemas'
import type { MarketViews } from '../market-views.ts'
import { books } from '../values/books.ts'

export interface MarketWorld {
  readonly views: MarketViews
  fold(event: Event): void
}

/** A market in which these instruments are listed. */
export function marketWorld(...listed: readonly Instrument[]): MarketWorld {
  const folded = books.empty()
  return {
    views: { instruments: new Map(listed.map(instrument => [instrument.key, instrument])), books: folded },
    fold(event) {
      if (event.topic === 'ticks') books.fold(folded, event)
    },
  }
}
