/** What the stages of the market segment may read beside their event. */
import type { Instrument } from '@tideway/domain'
import type { Turn } from '@tideway/schemas'

export interface MarketViews {
  /** By `venue:symbol`. */
  readonly instruments: ReadonlyMap<string, Instrument>
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
