import { describe, expect, it } from 'vitest'
import { emptyEngine, isIdle, onBook, submit } from './index.ts'
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
