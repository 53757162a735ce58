import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Side, SimulatedBook } from './book.ts'

const aBook = () =>
  new SimulatedBook({
    bid: { ticks: [100, 98], lots: [5, 5] },
    ask: { ticks: [103, 105], lots: [5, 5] },
    changed: { bid: [], ask: [] },
    updateId: 10,
  })

describe('the simulated book', () => {
  it('moves a price that would cross to the tick before the other side', () => {
    const book = aBook()
    book.add('bid', 200, 1)
    book.add('ask', 1, 1)
    expect([book.best('bid'), book.best('ask')]).toEqual([102, 103])
    expect(book.bestLots('ask')).toBe(6)
  })

  it('fills a market order level by level, not past its worst price, and leaves the last level', () => {
    expect(aBook().take('ask', 7, 999)).toEqual([
      { ticks: 103, lots: 5 },
      { ticks: 105, lots: 2 },
    ])
    expect(aBook().take('ask', 7, 104)).toEqual([{ ticks: 103, lots: 5 }])
    expect(aBook().take('bid', 99, 1)).toEqual([
      { ticks: 100, lots: 5 },
      { ticks: 98, lots: 4 },
    ])
  })

  it('notes each changed level once, with what rests there now; best first (P2)', () => {
    const book = aBook()
    book.add('bid', 99, 3)
    book.add('bid', 99, 4)
    book.cancel('bid', 0, 99)
    book.take('ask', 5, 999)
    expect(book.hasChanges).toBe(true)
    expect(book.takeChanges()).toEqual({ bid: { ticks: [100, 99], lots: [0, 7] }, ask: { ticks: [103], lots: [0] } })
    expect(book.hasChanges).toBe(false)
    expect(book.updateId).toBe(14)
  })

  it('is sorted, uncrossed and not empty after anything (P1)', () => {
    const side = fc.constantFrom<Side>('bid', 'ask')
    const operation = fc.tuple(
      fc.constantFrom('add', 'cancel', 'take'),
      side,
      fc.nat(210),
      fc.integer({ min: 1, max: 20 }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), operations => {
        const book = aBook()
        for (const [what, of, at, lots] of operations) {
          if (what === 'add') book.add(of, at, lots)
          else if (what === 'cancel') book.cancel(of, at % 5, lots)
          else book.take(of, lots, of === 'bid' ? 1 : 9999)
          expect(book.bid.ticks).toEqual([...new Set(book.bid.ticks)].sort((a, b) => b - a))
          expect(book.ask.ticks).toEqual([...new Set(book.ask.ticks)].sort((a, b) => a - b))
          expect(book.best('bid')).toBeGreaterThan(0)
          expect(book.best('bid')).toBeLessThan(book.best('ask'))
          expect(Math.min(...book.bid.lots, ...book.ask.lots)).toBeGreaterThan(0)
          expect(new SimulatedBook(book.save()).save()).toEqual(book.save())
        }
      }),
    )
  })
})
