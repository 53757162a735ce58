/** Book: the top of a symbol's book, conflated.
 *
 *  In     ticks
 *  Out    books (BookConflated) at whole multiples of 100 ms of stamp time, where something has changed
 *  State  per symbol: the book, and the extremes of the open interval
 *  B1  One event tells the whole interval: last best prices, the highest bid, the lowest ask, the trades' range.
 *  B2  An interval in which nothing came emits nothing and wakes nobody. */
import { nextInterval } from '@tideway/domain'
import { Book, loadBook, type SavedBook, saveBook } from '@tideway/quant'
import { stage, type Turn } from '@tideway/schemas'
import { listed, type MarketViews } from '../market-views.ts'

export const BOOK_MICROS = 100_000

interface BookState {
  book: Book
  /** Of the open interval; 0 where there was none. */
  highBidTicks: number
  lowAskTicks: number
  highTradeTicks: number
  lowTradeTicks: number
  updates: number
}

export const bookStage = stage<BookState, MarketViews>({
  name: 'book',
  version: 1,
  reads: ['ticks'],
  writes: ['books'],
  empty: () => ({ book: new Book(), ...openInterval }),
  save: ({ book, ...interval }) => ({ book: saveBook(book), ...interval }),
  load(saved) {
    const { book, ...interval } = saved as Omit<BookState, 'book'> & { book: SavedBook }
    return { book: loadBook(book), ...interval }
  },
  on: {
    QuoteChanged(state, { data }, turn) {
      state.book.takeQuote(data)
      noteTouch(state, turn)
    },
    DepthChanged(state, { data }, turn) {
      state.book.takeDepth(data)
      noteTouch(state, turn)
    },
    BookSnapshotted(state, { data }, turn) {
      state.book.takeSnapshot(data)
      noteTouch(state, turn)
    },
    TradePrinted(state, { data: { priceTicks } }, turn) {
      if (priceTicks > state.highTradeTicks) state.highTradeTicks = priceTicks
      if (state.lowTradeTicks === 0 || priceTicks < state.lowTradeTicks) state.lowTradeTicks = priceTicks
      noteUpdate(state, turn)
    },
  },
  wake(state, _tag, turn) {
    const { book, ...interval } = state
    turn.emit('books', 'BookConflated', {
      bidTicks: book.best('bid'),
      bidLots: book.bestLots('bid'),
      askTicks: book.best('ask'),
      askLots: book.bestLots('ask'),
      ...interval,
      partial: book.partial,
    })
    Object.assign(state, openInterval)
  },
})

const openInterval = { highBidTicks: 0, lowAskTicks: 0, highTradeTicks: 0, lowTradeTicks: 0, updates: 0 }

function noteTouch(state: BookState, turn: Turn<MarketViews>): void {
  const bid = state.book.best('bid')
  const ask = state.book.best('ask')
  if (bid > state.highBidTicks) state.highBidTicks = bid
  if (ask > 0 && (state.lowAskTicks === 0 || ask < state.lowAskTicks)) state.lowAskTicks = ask
  noteUpdate(state, turn)
}

function noteUpdate(state: BookState, turn: Turn<MarketViews>): void {
  if (state.updates++ > 0) return
  listed(turn)
  turn.wakeAt(nextInterval(turn.time, BOOK_MICROS), 'interval')
}
