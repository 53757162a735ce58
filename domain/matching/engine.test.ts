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
  submit,
} from './index.ts'
import { aMarketOrder, anOrder, levelBook, told } from './testing/index.ts'

const T = 1_000_000

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
