import { describe, expect, it } from 'vitest'
import { type CaptureName, captureNames, capturesThere, recordedMessages } from '../testing/captures.ts'
import { Book } from './book.ts'
import { loadBook, saveBook } from './saved-book.ts'
import { PlainBook } from './testing/plain-book.ts'

/** The book and its plain twin over a whole capture. */
function replay(name: CaptureName) {
  let book = new Book()
  const plain = new PlainBook()
  const seen = { quotes: 0, disagreeing: 0, afterSnapshot: 0, disagreeingAfterSnapshot: 0, crossed: 0, different: 0 }
  for (const [i, { type, data }] of recordedMessages(name).entries()) {
    if (type === 'DepthChanged') {
      book.takeDepth(data)
      plain.takeDepth(data)
    } else if (type === 'BookSnapshotted') {
      book.takeSnapshot(data)
      plain.takeSnapshot(data)
    } else if (type === 'QuoteChanged') {
      book.takeQuote(data)
      plain.takeQuote(data)
      const agrees = book.best('bid') === data.bidTicks && book.best('ask') === data.askTicks
      seen.quotes++
      if (!agrees) seen.disagreeing++
      if (!book.partial) seen.afterSnapshot++
      if (!book.partial && !agrees) seen.disagreeingAfterSnapshot++
    }
    const [bid, ask] = [book.best('bid'), book.best('ask')]
    if (bid !== 0 && ask !== 0 && bid >= ask) seen.crossed++
    if (i % 997 === 0) {
      if (bid !== plain.best('bid') || ask !== plain.best('ask')) seen.different++
      book = loadBook(structuredClone(saveBook(book)))
    }
  }
  return { book, plain, seen }
}

describe.skipIf(!capturesThere)('recorded markets (skipped where the captures of ../shared/data are missing)', () => {
  it.each(captureNames)('%s: one unbroken run, never crossed, at one with its quotes and with plain Maps', name => {
    const { book, plain, seen } = replay(name)
    expect(seen.quotes).toBeGreaterThan(10_000)
    expect({ gaps: book.gaps, removed: book.crossed, crossed: seen.crossed, different: seen.different }).toEqual({
      ...{ gaps: 0, removed: 0, crossed: 0, different: 0 },
    })
    // Quotes that disagree are older than the depth that overtook them.
    expect(seen.disagreeing).toBeLessThan(seen.quotes * 0.005)
    expect(seen.disagreeing).toBeLessThanOrEqual(book.ignored)
    expect(seen.disagreeingAfterSnapshot).toBe(seen.disagreeing)
    expect([...book.bids.prices()]).toEqual(plain.prices('bid'))
    expect([...book.asks.prices()]).toEqual(plain.prices('ask'))
    for (const side of ['bid', 'ask'] as const) {
      expect(plain.prices(side).map(ticks => book.lotsAt(side, ticks))).toEqual(
        plain.prices(side).map(ticks => plain.lotsAt(side, ticks)),
      )
    }
    // Spot was recorded without a snapshot.
    expect(book.partial).toBe(name.startsWith('spot'))
    expect(seen.afterSnapshot > 0).toBe(!book.partial)
  })
})
