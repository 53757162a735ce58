import { describe, expect, it } from 'vitest'
import {
  cancel,
  emptyEngine,
  isIdle,
  MatchingError,
  nothing,
  OPEN_ORDERS_MAX,
  onBook,
  onTrade,
  PRINT_DELAY_MICROS,
  submit,
} from './index.ts'
import { aMarketOrder, anOrder, levelBook, told } from './testing/index.ts'

const T = 1_000_000

describe('an order that takes', () => {
  it('walks the levels, best price first, and pays each its price', () => {
    const book = levelBook({ ask: { 101: 3, 102: 4, 105: 9 } })
    expect(told(submit(emptyEngine(), aMarketOrder({ lots: 9 }), book))).toEqual([
      'a accepted',
      'a 3@101 taker, 6 left',
      'a 4@102 taker, 2 left',
      'a 2@105 taker, 0 left',
    ])
  })

  it('expires with what the book could not give, if it is a market order', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 99: 2 } })
    expect(told(submit(engine, aMarketOrder({ side: 'sell' }), book))).toEqual([
      'a accepted',
      'a 2@99 taker, 3 left',
      'a expired, 3 left',
    ])
    expect(told(submit(engine, aMarketOrder(), book))).toEqual(['a accepted', 'a expired, 5 left'])
  })

  it('stops at its limit and rests there, if it is good till cancelled', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 99: 7 }, ask: { 100: 2, 101: 8 } })
    expect(told(submit(engine, anOrder(), book))).toEqual(['a accepted', 'a 2@100 taker, 3 left'])
    expect(engine.buys).toMatchObject([{ limitTicks: 100, leavesLots: 3, aheadLots: 0 }])
  })

  it('stops at its limit and expires, if it is immediate or cancel', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 100: 2, 101: 8 } })
    expect(told(submit(engine, anOrder({ timeInForce: 'ioc' }), book))).toEqual([
      'a accepted',
      'a 2@100 taker, 3 left',
      'a expired, 3 left',
    ])
    expect(engine.buys).toEqual([])
  })

  it('is rejected, if it is post only; one tick lower it rests', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 100: 2 } })
    expect(told(submit(engine, anOrder({ timeInForce: 'postOnly' }), book))).toEqual(['a rejected: would-take'])
    expect(isIdle(engine)).toBe(true)
    expect(told(submit(engine, anOrder({ timeInForce: 'postOnly', limitTicks: 99 }), book))).toEqual(['a accepted'])
  })
})

describe('lots that were taken', () => {
  it('are not there for the next order', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 101: 3, 102: 4 } })
    submit(engine, aMarketOrder({ id: 'a', lots: 2 }), book)
    expect(told(submit(engine, aMarketOrder({ id: 'b', lots: 3 }), book))).toEqual([
      'b accepted',
      'b 1@101 taker, 2 left',
      'b 2@102 taker, 0 left',
    ])
  })

  it('stay taken while the level flickers: only lots that arrive are new', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 101: 10 } })
    submit(engine, aMarketOrder({ lots: 10 }), book)
    for (const lots of [9, 8]) {
      book.set('ask', 101, lots)
      onBook(engine, book, T)
      expect(told(submit(engine, aMarketOrder({ lots: 1 }), book))).toEqual(['a accepted', 'a expired, 1 left'])
    }
    book.set('ask', 101, 11)
    onBook(engine, book, T)
    expect(told(submit(engine, aMarketOrder({ lots: 5 }), book))).toEqual([
      'a accepted',
      'a 3@101 taker, 2 left',
      'a expired, 2 left',
    ])
  })

  it('are forgotten when the level is seen empty', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 101: 10, 102: 1 } })
    submit(engine, aMarketOrder({ lots: 10 }), book)
    book.set('ask', 101, 0)
    onBook(engine, book, T)
    expect(isIdle(engine)).toBe(true)
    book.set('ask', 101, 10)
    expect(told(submit(engine, aMarketOrder({ lots: 10 }), book))).toEqual(['a accepted', 'a 10@101 taker, 0 left'])
  })

  it('do not make a post-only order one that would take', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 100: 2, 101: 1 } })
    submit(engine, aMarketOrder({ lots: 2 }), book)
    expect(told(submit(engine, anOrder({ timeInForce: 'postOnly' }), book))).toEqual(['a accepted'])
  })
})

describe('an order that rests', () => {
  it('waits until prints have used up the lots that were there before it', () => {
    const engine = emptyEngine()
    submit(engine, anOrder({ lots: 5 }), levelBook({ bid: { 100: 10 } }))
    expect(onTrade(engine, 'sell', 100, 10, T)).toBe(nothing)
    expect(told(onTrade(engine, 'sell', 100, 2, T))).toEqual(['a 2@100 maker, 3 left'])
    expect(told(onTrade(engine, 'sell', 100, 9, T))).toEqual(['a 3@100 maker, 0 left'])
    expect(isIdle(engine)).toBe(true)
  })

  it('is filled by the part of a print that comes past the queue', () => {
    const engine = emptyEngine()
    submit(engine, anOrder({ lots: 5 }), levelBook({ bid: { 100: 10 } }))
    expect(told(onTrade(engine, 'sell', 100, 13, T))).toEqual(['a 3@100 maker, 2 left'])
  })

  it('ignores prints of takers on its own side, and prints that do not reach it', () => {
    const engine = emptyEngine()
    submit(engine, anOrder({ side: 'sell', limitTicks: 101 }), levelBook())
    expect(onTrade(engine, 'sell', 101, 9, T)).toBe(nothing)
    expect(onTrade(engine, 'buy', 100, 9, T)).toBe(nothing)
    expect(told(onTrade(engine, 'buy', 101, 9, T))).toEqual(['a 5@101 maker, 0 left'])
  })

  it('moves up when the level holds fewer lots than are ahead, not when lots leave that may have stood behind', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 10 } })
    submit(engine, anOrder(), book)
    book.set('bid', 100, 30)
    onBook(engine, book, T)
    book.set('bid', 100, 12)
    onBook(engine, book, T)
    expect(engine.buys).toMatchObject([{ aheadLots: 10 }])
    book.set('bid', 100, 4)
    onBook(engine, book, T)
    expect(engine.buys).toMatchObject([{ aheadLots: 4 }])
  })

  it('is filled at its own price by a print through it, up to the lots of the print', () => {
    const engine = emptyEngine()
    submit(engine, anOrder({ lots: 5 }), levelBook({ bid: { 100: 10 } }))
    expect(told(onTrade(engine, 'sell', 98, 3, T))).toEqual(['a 3@100 maker, 2 left'])
    expect(engine.buys).toMatchObject([{ aheadLots: 0 }])
  })

  it('is filled at its own price by lots that arrive on the other side, once each', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 101: 7 } })
    submit(engine, anOrder({ lots: 9 }), book)
    book.set('ask', 99, 4)
    expect(told(onBook(engine, book, T))).toEqual(['a 4@100 maker, 5 left'])
    expect(onBook(engine, book, T)).toBe(nothing)
    book.set('ask', 100, 2)
    expect(told(onBook(engine, book, T))).toEqual(['a 2@100 maker, 3 left'])
    expect(told(submit(engine, aMarketOrder({ id: 'b', lots: 3 }), book))).toEqual([
      'b accepted',
      'b 3@101 taker, 0 left',
    ])
  })

  it('waits for recorded lots ahead of it even if the book shows the other side at its price', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 10 } })
    submit(engine, anOrder(), book)
    book.set('ask', 100, 5)
    expect(onBook(engine, book, T)).toBe(nothing)
  })

  it('is not filled by the rest of the level that it took from', () => {
    const engine = emptyEngine()
    const book = levelBook({ ask: { 100: 5 } })
    submit(engine, anOrder({ lots: 50 }), book)
    for (const lots of [4, 3, 2]) {
      book.set('ask', 100, lots)
      expect(onBook(engine, book, T)).toBe(nothing)
    }
    book.set('ask', 100, 6)
    expect(told(onBook(engine, book, T))).toEqual(['a 4@100 maker, 41 left'])
  })
})

describe('a trade that is told twice, by its print and by the level that shrank', () => {
  const aheadAfter = (steps: readonly ('print' | 'shrink')[], delay = 500) => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 10 } })
    submit(engine, anOrder(), book)
    let time = T
    const outcomes = steps.flatMap(step => {
      time += delay
      if (step === 'print') return onTrade(engine, 'sell', 100, 4, time)
      book.set('bid', 100, 6)
      return onBook(engine, book, time)
    })
    expect(outcomes).toEqual([])
    return engine.buys[0]?.aheadLots
  }

  it('moves the queue once, in either order', () => {
    expect(aheadAfter(['print', 'shrink'])).toBe(6)
    expect(aheadAfter(['shrink', 'print'])).toBe(6)
  })

  it('does not fill the order whose queue it used up', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 4 } })
    submit(engine, anOrder(), book)
    book.set('bid', 100, 0)
    onBook(engine, book, T)
    expect(onTrade(engine, 'sell', 100, 4, T + 500)).toBe(nothing)
    expect(told(onTrade(engine, 'sell', 100, 1, T + 600))).toEqual(['a 1@100 maker, 4 left'])
  })

  it('is two events when too much time lies between', () => {
    expect(aheadAfter(['shrink', 'print'], PRINT_DELAY_MICROS)).toBe(6)
    expect(aheadAfter(['shrink', 'print'], PRINT_DELAY_MICROS + 1)).toBe(2)
  })
})

describe('a partial book', () => {
  it('hides how long a queue is until it names the level', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 102: 5 } })
    book.partial = true
    submit(engine, anOrder(), book)
    expect(onTrade(engine, 'sell', 100, 999, T)).toBe(nothing)
    book.set('bid', 100, 7)
    onBook(engine, book, T)
    expect(told(onTrade(engine, 'sell', 100, 8, T))).toEqual(['a 1@100 maker, 4 left'])
  })

  it('lets prints through the price past a queue of unknown length', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 102: 5 } })
    book.partial = true
    submit(engine, anOrder(), book)
    expect(told(onTrade(engine, 'sell', 99, 2, T))).toEqual(['a 2@100 maker, 3 left'])
  })

  it('has nothing at a price better than its best', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 99: 5 } })
    book.partial = true
    submit(engine, anOrder(), book)
    expect(told(onTrade(engine, 'sell', 100, 1, T))).toEqual(['a 1@100 maker, 4 left'])
  })

  it('moves no queue and forgets nothing taken when it loses its levels in a gap', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 10 }, ask: { 101: 3 } })
    submit(engine, anOrder({ id: 'rests' }), book)
    submit(engine, aMarketOrder({ id: 'takes', lots: 3 }), book)
    book.partial = true
    book.set('bid', 100, 0)
    book.set('ask', 101, 0)
    onBook(engine, book, T)
    expect(engine.buys).toMatchObject([{ aheadLots: 10 }])
    expect(engine.takenAsks).toEqual([{ ticks: 101, lots: 3 }])
  })
})

describe('several orders of ours', () => {
  it('fill by price, then by arrival, and share a print', () => {
    const engine = emptyEngine()
    const book = levelBook()
    submit(engine, anOrder({ id: 'late', limitTicks: 100, lots: 2 }), book)
    submit(engine, anOrder({ id: 'later', limitTicks: 100, lots: 2 }), book)
    submit(engine, anOrder({ id: 'best', limitTicks: 101, lots: 3 }), book)
    expect(told(onTrade(engine, 'sell', 100, 6, T))).toEqual([
      'best 3@101 maker, 0 left',
      'late 2@100 maker, 0 left',
      'later 1@100 maker, 1 left',
    ])
  })

  it('stand in one queue: what rested before each is ahead of it, with the orders of ours before', () => {
    const engine = emptyEngine()
    const book = levelBook({ bid: { 100: 4 } })
    submit(engine, anOrder({ id: 'a', lots: 2 }), book)
    book.set('bid', 100, 7)
    onBook(engine, book, T)
    submit(engine, anOrder({ id: 'b', lots: 2 }), book)
    expect(told(onTrade(engine, 'sell', 100, 8, T))).toEqual(['a 2@100 maker, 0 left'])
    expect(told(onTrade(engine, 'sell', 100, 2, T))).toEqual(['b 1@100 maker, 1 left'])
  })

  it('never trade with each other', () => {
    const engine = emptyEngine()
    const book = levelBook()
    submit(engine, anOrder({ id: 'buy', limitTicks: 100 }), book)
    expect(told(submit(engine, anOrder({ id: 'sell', side: 'sell', limitTicks: 100 }), book))).toEqual([
      'sell accepted',
    ])
    expect(onBook(engine, book, T)).toBe(nothing)
  })

  it('are bounded in number', () => {
    const engine = emptyEngine()
    const book = levelBook()
    for (let n = 0; n < OPEN_ORDERS_MAX; n++) submit(engine, anOrder({ id: `${n}` }), book)
    expect(told(submit(engine, anOrder(), book))).toEqual(['a rejected: too-many-open'])
    expect(told(submit(engine, aMarketOrder(), book))).toEqual(['a accepted', 'a expired, 5 left'])
  })
})

describe('a cancel', () => {
  it('ends an open order with what it has left, and is refused for any other', () => {
    const engine = emptyEngine()
    submit(engine, anOrder(), levelBook())
    onTrade(engine, 'sell', 100, 2, T)
    expect(told(cancel(engine, 'a'))).toEqual(['a cancelled, 3 left'])
    expect(told(cancel(engine, 'a'))).toEqual(['a cancelRejected: not-open'])
    expect(isIdle(engine)).toBe(true)
  })
})

describe('a call that no venue would understand', () => {
  it.each([
    ['no lots', anOrder({ lots: 0 })],
    ['half a lot', anOrder({ lots: 0.5 })],
    ['a limit order without a limit', anOrder({ limitTicks: 0 })],
  ])('is refused: %s', (_what, order) => {
    expect(() => submit(emptyEngine(), order, levelBook())).toThrow(MatchingError)
  })

  it('is refused: an id that is open', () => {
    const engine = emptyEngine()
    submit(engine, anOrder(), levelBook())
    expect(() => submit(engine, anOrder({ side: 'sell' }), levelBook())).toThrow(/open already/)
  })
})
