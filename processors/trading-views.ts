/** What every stage of the trading segment may read besides its own state. Read only. */
import type { Instrument, RecordedBook } from '@tideway/domain'
import type { PortfolioOpened } from '@tideway/schemas'

export interface TradingViews {
  /** By `venue:symbol`. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** By portfolio. */
  readonly portfolios: ReadonlyMap<string, PortfolioOpened>
  /** By `venue:symbol`, folded from `ticks` up to and including the event that is being handled. */
  readonly books: ReadonlyMap<string, RecordedBook>
  /** The kill switch of all portfolios (`HaltTrading` with key `*`), for those opened after it was pulled. */
  readonly haltedAll: HaltedAll
}

export interface HaltedAll {
  readonly halted: boolean
  readonly reason: string
}
