/** Book: the top of a symbol's book, conflated.
 *
 *  In     ticks
 *  Out    books (BookConflated) at whole multiples of 100 ms of stamp time, where something has changed
 *  State  per symbol: what happened to the best prices in the open interval; the book is a view
 *
 *  Hot code: a tick costs the book's fold and a few comparisons.
 *  B1  One event tells the whole interval: the last best prices; the highest bid and the lowest ask, those that stood at
 *      its start among them; the range of its trades.
 *  B2  It is emitted where a best price, its size or `partial` has changed or a trade was printed, and both sides have
 *      a best price. What came without that is counted into the next one.
 *  B3  The first tick of an interval asks for its end: an interval without ticks wakes nobody. */
import { nextInterval } from '@tideway/domain'
import { stage, type Turn } from '@tideway/schemas'
import { bookOf, listed, type MarketViews } from '../market-views.ts'

export const BOOK_MICROS = 100_000

interface Interval {
  /** Whether its end has been asked for (B3). */
  asked: boolean
  /** Whether there is something to tell (B2). */
  changed: boolean
  /** Ticks since the last event. */
  updates: number
  /** 0 where there was none. */
  highBidTicks: number
  lowAskTicks: number
  highTradeTicks: number
  lowTradeTicks: number
}

/** Best prices after the last tick; 0 where they are not known. */
interface Touch {
  bidTicks: number
  bidLots: number
  askTicks: number
  askLots: number
  partial: boolean
}

interface BookState {
  readonly touch: Touch
  readonly interval: Interval
}

export const bookStage = stage<BookState, MarketViews>({
  name: 'book',
  version: 1,
  reads: ['ticks'],
  writes: ['books'],
  empty: () => ({
    touch: { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0, partial: true },
    interval: {
      asked: false,
      changed: false,
      updates: 0,
      highBidTicks: 0,
      lowAskTicks: 0,
      highTradeTicks: 0,
      lowTradeTicks: 0,
    },
  }),
  save: ({ touch, interval }) => ({ touch: { ...touch }, interval: { ...interval } }),
  load(saved) {
    const { touch, interval } = saved as BookState
    return { touch: { ...touch }, interval: { ...interval } }
  },
  on: {
    QuoteChanged: (state, _event, turn) => noteTouch(state, turn),
    DepthChanged: (state, _event, turn) => noteTouch(state, turn),
    BookSnapshotted: (state, _event, turn) => noteTouch(state, turn),
    TradePrinted(state, { data: { priceTicks } }, turn) {
      countIn(state, turn)
      const { interval } = state
      interval.changed = true
      if (priceTicks > interval.highTradeTicks) interval.highTradeTicks = priceTicks
      if (interval.lowTradeTicks === 0 || priceTicks < interval.lowTradeTicks) interval.lowTradeTicks = priceTicks
    },
  },
  wake({ touch, interval }, _tag, turn) {
    interval.asked = false
    const { bidTicks, bidLots, askTicks, askLots, partial } = touch
    if (!interval.changed || bidTicks === 0 || askTicks === 0) return // B2
    const { updates, highBidTicks, lowAskTicks, highTradeTicks, lowTradeTicks } = interval
    turn.emit('books', 'BookConflated', {
      bidTicks,
      bidLots,
      askTicks,
      askLots,
      highBidTicks,
      lowAskTicks,
      highTradeTicks,
      lowTradeTicks,
      updates,
      partial,
    })
    interval.changed = false
    interval.updates = 0
    interval.highBidTicks = bidTicks
    interval.lowAskTicks = askTicks
    interval.highTradeTicks = 0
    interval.lowTradeTicks = 0
  },
})

/** A tick has come: the interval will end (B3). */
function countIn({ interval }: BookState, turn: Turn<MarketViews>): void {
  interval.updates++
  if (interval.asked) return
  listed(turn)
  interval.asked = true
  turn.wakeAt(nextInterval(turn.time, BOOK_MICROS), 'end')
}

function noteTouch(state: BookState, turn: Turn<MarketViews>): void {
  countIn(state, turn)
  const { touch, interval } = state
  const book = bookOf(turn)
  const bidTicks = book.best('bid')
  const askTicks = book.best('ask')
  const bidLots = book.bestLots('bid')
  const askLots = book.bestLots('ask')
  const bidSame = bidTicks === touch.bidTicks && bidLots === touch.bidLots
  const askSame = askTicks === touch.askTicks && askLots === touch.askLots
  if (bidSame && askSame && book.partial === touch.partial) return
  touch.bidTicks = bidTicks
  touch.bidLots = bidLots
  touch.askTicks = askTicks
  touch.askLots = askLots
  touch.partial = book.partial
  interval.changed = true
  if (bidTicks > interval.highBidTicks) interval.highBidTicks = bidTicks
  if (askTicks > 0 && (interval.lowAskTicks === 0 || askTicks < interval.lowAskTicks)) interval.lowAskTicks = askTicks
}
