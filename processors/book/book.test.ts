import { anEvent, anInstrument, aQuote, aTrade, BTC, START } from '@tideway/domain/testing'
import type { BookConflated, BookSnapshotted, DepthChanged, Event } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnlistedError } from '../market-views.ts'
import { drive, marketWorld } from '../testing/index.ts'
import { BOOK_MICROS, bookStage } from './book.ts'

function aDriver() {
  return drive({ stages: [bookStage], key: BTC, ...marketWorld(anInstrument()) })
}

const noLevels = { bidTicks: [], bidLots: [], askTicks: [], askLots: [] }

function aDepth(data: Partial<DepthChanged>, time: number): Event {
  const ids = { firstUpdateId: 2, lastUpdateId: 2, previousUpdateId: -1 }
  return anEvent('ticks', 'DepthChanged', { ...ids, ...noLevels, ...data }, { key: BTC, time })
}

function aSnapshot(data: Partial<BookSnapshotted>, time: number): Event {
  return anEvent('ticks', 'BookSnapshotted', { lastUpdateId: 1, ...noLevels, ...data }, { key: BTC, time })
}

function aTouch(updateId: number, bidTicks: number, askTicks: number, time: number): Event {
  return aQuote({ updateId, bidTicks, bidLots: 7, askTicks, askLots: 8 }, { time })
}

function told(events: readonly Event[]): BookConflated[] {
  return events.map(event => event.data as BookConflated)
}

describe('the conflated book', () => {
  it('tells the last best prices and the extremes of the interval at its end (B1)', () => {
    const driver = aDriver()
    driver.give(
      aTouch(1, 100, 102, START + 5),
      aTouch(2, 104, 106, START + 10),
      aTrade({ priceTicks: 103 }, { time: START + 20 }),
      aTrade({ priceTicks: 101 }, { time: START + 30 }),
      aTouch(3, 99, 101, START + 40),
    )
    expect(driver.emitted).toEqual([])
    const [event] = driver.advanceTo(START + BOOK_MICROS)
    expect(event).toMatchObject({ topic: 'books', ingestTime: START + BOOK_MICROS, eventTime: START + BOOK_MICROS })
    expect(event?.data).toEqual({
      bidTicks: 99,
      bidLots: 7,
      askTicks: 101,
      askLots: 8,
      highBidTicks: 104,
      lowAskTicks: 101,
      highTradeTicks: 103,
      lowTradeTicks: 101,
      updates: 5,
      partial: true,
    })
  })

  it('counts the prices that stood at the start of the interval among its extremes (B1)', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, 102, START))
    driver.give(aTouch(2, 90, 110, START + BOOK_MICROS))
    const [, second] = told([...driver.emitted, ...driver.advanceTo(START + 2 * BOOK_MICROS)])
    expect(second).toMatchObject({ bidTicks: 90, askTicks: 110, highBidTicks: 100, lowAskTicks: 102, updates: 1 })
    expect(second).toMatchObject({ highTradeTicks: 0, lowTradeTicks: 0 })
  })

  it('is woken once an interval, by the first tick in it, and never without one (B3)', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, 102, START), aTouch(2, 100, 103, START + 1))
    expect(driver.pending().map(({ due }) => due)).toEqual([START + BOOK_MICROS])
    driver.advanceTo(START + 10 * BOOK_MICROS)
    expect(driver.emitted).toHaveLength(1)
    expect(driver.pending()).toEqual([])
  })

  it('says nothing where nothing changed at the top, and counts what came into the next one (B2)', () => {
    const driver = aDriver()
    driver.give(
      aSnapshot({ bidTicks: [100, 90], bidLots: [7, 1], askTicks: [102], askLots: [8] }, START),
      aDepth({ bidTicks: [90], bidLots: [3] }, START + BOOK_MICROS + 1),
      aTrade({ priceTicks: 102 }, { time: START + 2 * BOOK_MICROS }),
    )
    driver.advanceTo(START + 3 * BOOK_MICROS)
    expect(told(driver.emitted).map(({ updates, partial }) => [updates, partial])).toEqual([
      [1, false],
      [2, false],
    ])
    expect(driver.emitted.map(({ ingestTime }) => ingestTime)).toEqual([START + BOOK_MICROS, START + 3 * BOOK_MICROS])
  })

  it('says nothing until both sides have a best price, and again while a gap hides them (B2)', () => {
    const driver = aDriver()
    driver.give(aDepth({ bidTicks: [100], bidLots: [1], askTicks: [102], askLots: [1] }, START))
    expect(driver.advanceTo(START + BOOK_MICROS)).toEqual([])
    driver.give(aTouch(3, 100, 102, START + BOOK_MICROS))
    expect(told(driver.advanceTo(START + 2 * BOOK_MICROS))[0]).toMatchObject({ updates: 2, bidTicks: 100 })
    driver.give(aDepth({ firstUpdateId: 9, lastUpdateId: 9, bidTicks: [99], bidLots: [1] }, START + 3 * BOOK_MICROS))
    expect(driver.advanceTo(START + 4 * BOOK_MICROS)).toEqual([])
  })

  it('tells when the book has become whole', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, 102, START))
    const levels = { bidTicks: [100], bidLots: [7], askTicks: [102], askLots: [8] }
    driver.give(aSnapshot({ lastUpdateId: 2, ...levels }, START + BOOK_MICROS))
    driver.advanceTo(START + 2 * BOOK_MICROS)
    expect(told(driver.emitted).map(({ partial }) => partial)).toEqual([true, false])
  })

  it('refuses ticks of a symbol that is not listed, each of them', () => {
    const driver = drive({ stages: [bookStage], key: BTC, ...marketWorld(), setAside: true })
    driver.give(aTouch(1, 100, 102, START), aTrade({}, { time: START + 1 }))
    expect(driver.refused.map(({ error }) => error)).toEqual([expect.any(UnlistedError), expect.any(UnlistedError)])
    expect(driver.pending()).toEqual([])
  })

  it('hands out a saved state that later ticks do not change', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, 102, START))
    const saved = driver.saved('book')
    const copy = structuredClone(saved)
    driver.give(aTouch(2, 90, 110, START + BOOK_MICROS), aTrade({}, { time: START + BOOK_MICROS }))
    expect(saved).toEqual(copy)
  })

  it('keeps every best price between its extremes, whatever comes', () => {
    const tick = fc.record({ after: fc.integer({ min: 0, max: 60_000 }), bid: fc.integer({ min: 90, max: 110 }) })
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 40 }), ticks => {
        const driver = aDriver()
        let time = START
        for (const [i, { after, bid }] of ticks.entries()) {
          time += after
          driver.give(aTouch(i + 1, bid, bid + 3, time))
        }
        driver.advanceTo(time + BOOK_MICROS)
        const books = told(driver.emitted)
        for (const { bidTicks, askTicks, highBidTicks, lowAskTicks } of books) {
          expect(highBidTicks).toBeGreaterThanOrEqual(bidTicks)
          expect(lowAskTicks).toBeLessThanOrEqual(askTicks)
        }
        expect(Math.max(...books.map(each => each.highBidTicks))).toBe(Math.max(...ticks.map(({ bid }) => bid)))
        expect(Math.min(...books.map(each => each.lowAskTicks))).toBe(Math.min(...ticks.map(({ bid }) => bid + 3)))
        const unchanged = ticks.length - books.reduce((sum, { updates }) => sum + updates, 0)
        expect(unchanged).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 25 },
    )
  })
})
