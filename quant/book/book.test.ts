import { describe, expect, it } from 'vitest'
import { Book } from './book.ts'
import { aDepth, aQuote, aSnapshot } from './testing/messages.ts'

/** The book's levels, best first. */
function shown(book: Book): { bids: number[][]; asks: number[][] } {
  const side = (name: 'bid' | 'ask') => {
    const levels: number[][] = []
    for (let ticks = book.best(name); ticks !== 0; ticks = book.next(name, ticks)) {
      levels.push([ticks, book.lotsAt(name, ticks)])
    }
    return levels
  }
  return { bids: side('bid'), asks: side('ask') }
}

function aBook(): Book {
  const book = new Book()
  book.takeSnapshot(
    aSnapshot(100, {
      bids: [
        [50, 5],
        [49, 4],
        [48, 3],
      ],
      asks: [
        [51, 5],
        [52, 4],
        [53, 3],
      ],
    }),
  )
  return book
}

describe('who decides the best price', () => {
  it('a newer quote removes the better levels and sets its own (B2)', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [49, 9], [51, 2]))
    expect(shown(book)).toEqual({
      bids: [
        [49, 9],
        [48, 3],
      ],
      asks: [
        [51, 2],
        [52, 4],
        [53, 3],
      ],
    })
  })

  it('depth older than the quote does not bring back what the quote removed, nor an old size at its price (B3)', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [49, 9], [51, 2]))
    book.takeDepth(
      aDepth([101, 103], {
        bids: [
          [50, 7],
          [49, 1],
          [48, 6],
        ],
        asks: [[51, 8]],
      }),
    )
    expect(shown(book).bids).toEqual([
      [49, 9],
      [48, 6],
    ])
    expect(book.lotsAt('ask', 51)).toBe(2)
  })

  it('depth newer than the quote decides (B1)', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [49, 9], [51, 2]))
    book.takeDepth(aDepth([101, 106], { bids: [[50, 7]], asks: [[51, 0]] }))
    expect([book.best('bid'), book.best('ask')]).toEqual([50, 52])
  })

  it('a quote older than the depth changes nothing (B1)', () => {
    const book = aBook()
    book.takeQuote(aQuote(99, [40, 9], [60, 2]))
    expect([book.best('bid'), book.best('ask'), book.ignored]).toEqual([50, 51, 1])
  })

  it('without ids the later arrival decides (B1)', () => {
    const book = aBook()
    book.takeQuote(aQuote(-1, [49, 9], [51, 2]))
    expect(book.best('bid')).toBe(49)
    book.takeDepth(aDepth([-1, -1], { bids: [[50, 1]] }))
    expect(book.best('bid')).toBe(50)
  })

  it('a quote with an empty side empties that side, until newer depth says otherwise', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [0, 0], [51, 2]))
    book.takeDepth(aDepth([101, 103], { bids: [[48, 6]] }))
    expect([book.best('bid'), book.best('ask')]).toEqual([0, 51])
    book.takeDepth(aDepth([104, 107], { bids: [[47, 6]] }))
    expect(book.best('bid')).toBe(47)
  })
})

describe('how complete a book is', () => {
  it('knows no best price from depth alone, and is partial until a snapshot (B5, B8)', () => {
    const book = new Book()
    book.takeDepth(aDepth([1, 4], { bids: [[40, 1]], asks: [[60, 1]] }))
    expect([book.best('bid'), book.bestLots('bid'), book.lotsAt('bid', 40), book.partial]).toEqual([0, 0, 1, true])
    book.takeQuote(aQuote(6, [49, 9], [51, 2]))
    expect([book.best('bid'), book.best('ask'), book.partial]).toEqual([49, 51, true])
    book.takeSnapshot(aSnapshot(7, { bids: [[48, 1]], asks: [[52, 1]] }))
    expect([book.best('bid'), book.best('ask'), book.partial]).toEqual([48, 52, false])
  })

  it('joins a snapshot that was answered late with the depth that overtook it (B7)', () => {
    const book = new Book()
    book.takeDepth(aDepth([1, 4, 0], { bids: [[50, 9]] }))
    book.takeDepth(aDepth([5, 9, 4], { bids: [[49, 7]], asks: [[51, 0]] }))
    book.takeSnapshot(
      aSnapshot(6, {
        bids: [
          [50, 1],
          [49, 1],
        ],
        asks: [
          [51, 1],
          [52, 1],
        ],
      }),
    )
    expect(shown(book)).toEqual({
      bids: [
        [50, 1],
        [49, 7],
      ],
      asks: [[52, 1]],
    })
    book.takeDepth(aDepth([10, 12, 9], { bids: [[50, 0]] }))
    expect([book.best('bid'), book.gaps, book.partial]).toEqual([49, 0, false])
  })

  it('takes a snapshot of a venue that numbers anew, and forgets what it knew (B7)', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [49, 9], [51, 2]))
    book.takeSnapshot(aSnapshot(3, { bids: [[50, 1]], asks: [[52, 1]] }))
    expect(shown(book)).toEqual({ bids: [[50, 1]], asks: [[52, 1]] })
    book.takeQuote(aQuote(4, [49, 2], [51, 2]))
    book.takeDepth(aDepth([4, 5], { bids: [[48, 3]] }))
    expect(shown(book).bids).toEqual([
      [49, 2],
      [48, 3],
    ])
  })

  it('ignores depth that is wholly older, and takes depth that reaches back (B4)', () => {
    const book = aBook()
    book.takeDepth(aDepth([90, 100, 89], { bids: [[50, 1]] }))
    expect([book.lotsAt('bid', 50), book.ignored]).toEqual([5, 1])
    book.takeDepth(aDepth([95, 110, 94], { bids: [[50, 1]] }))
    expect([book.lotsAt('bid', 50), book.gaps]).toEqual([1, 0])
  })

  it.each([
    ['numbered changes', [102, 110]],
    ['a named predecessor', [101, 110, 101]],
  ])('is emptied and partial again after a gap, told by %s (B6)', (_, ids) => {
    const book = aBook()
    book.takeDepth(aDepth(ids, { bids: [[49, 1]] }))
    expect([book.gaps, book.partial, book.best('bid'), book.lotsAt('bid', 50)]).toEqual([1, true, 0, 0])
    book.takeQuote(aQuote(111, [50, 2], [51, 2]))
    expect(shown(book).bids).toEqual([
      [50, 2],
      [49, 1],
    ])
  })

  it('keeps a quote that is newer than the message after the gap (B6)', () => {
    const book = aBook()
    book.takeQuote(aQuote(120, [49, 2], [52, 2]))
    book.takeDepth(
      aDepth([105, 110], {
        bids: [
          [50, 1],
          [48, 1],
        ],
      }),
    )
    expect(shown(book)).toEqual({
      bids: [
        [49, 2],
        [48, 1],
      ],
      asks: [[52, 2]],
    })
  })
})

describe('a book that would cross (B9)', () => {
  it('removes what the last depth message did not name', () => {
    const book = aBook()
    book.takeDepth(aDepth([101, 101], { bids: [[52, 1]] }))
    expect(shown(book)).toEqual({
      bids: [
        [52, 1],
        [50, 5],
        [49, 4],
        [48, 3],
      ],
      asks: [[53, 3]],
    })
    expect(book.crossed).toBe(2)
  })

  it('removes both levels of a message that crosses itself', () => {
    const book = new Book()
    book.takeSnapshot(
      aSnapshot(1, {
        bids: [
          [52, 1],
          [50, 1],
        ],
        asks: [
          [51, 1],
          [53, 1],
        ],
      }),
    )
    expect(shown(book)).toEqual({ bids: [[50, 1]], asks: [[53, 1]] })
  })

  it('ignores a quote that crosses itself', () => {
    const book = aBook()
    book.takeQuote(aQuote(105, [51, 1], [51, 1]))
    expect([book.best('bid'), book.best('ask'), book.ignored]).toEqual([50, 51, 1])
  })
})
