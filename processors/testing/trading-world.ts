/** The views of a trading segment, folded from the events that a test gives: instruments, portfolios and the kill
 *  switch as `values/` folds them, and of each book the touch that the last quote said. */
import type { RecordedBook } from '@tideway/domain'
import type { Event, PortfolioOpened, QuoteChanged } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { haltedAll } from '../values/halted-all.ts'
import { instruments } from '../values/instruments.ts'
import { portfolios } from '../values/portfolios.ts'

export interface TradingWorld {
  readonly views: TradingViews
  fold(event: Event): void
}

export function tradingWorld(): TradingWorld {
  const listed = instruments.empty()
  const opened: Map<string, PortfolioOpened> = portfolios.empty()
  const halted = haltedAll.empty()
  const books = new Map<string, RecordedBook>()
  return {
    views: { instruments: listed, portfolios: opened, haltedAll: halted, books },
    fold(event) {
      if (event.topic === 'config') {
        instruments.fold(listed, event)
        portfolios.fold(opened, event)
      } else if (event.topic === 'commands') haltedAll.fold(halted, event)
      else if (event.type === 'QuoteChanged') books.set(event.key, touch(event.data))
    },
  }
}

/** A book of one level a side. */
function touch({ bidTicks, bidLots, askTicks, askLots }: QuoteChanged): RecordedBook {
  const levels = { bid: [bidTicks, bidLots], ask: [askTicks, askLots] } as const
  return {
    best: side => levels[side][0],
    lotsAt: (side, ticks) => (levels[side][0] === ticks ? levels[side][1] : 0),
    next: () => 0,
  }
}
