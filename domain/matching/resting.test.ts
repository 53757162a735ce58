import { describe, expect, it } from 'vitest'
import { emptyEngine, isIdle, nothing, onBook, onTrade, PRINT_DELAY_MICROS, submit } from './index.ts'
import { aMarketOrder, anOrder, levelBook, told } from './testing/index.ts'

const T = 1_000_000

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
