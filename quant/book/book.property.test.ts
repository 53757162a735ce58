import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Book } from './book.ts'
import type { DepthMessage, QuoteMessage, SnapshotMessage } from './messages.ts'
import { loadBook, saveBook } from './saved-book.ts'
import { aDepth, aQuote, aSnapshot } from './testing/messages.ts'
import { PlainBook } from './testing/plain-book.ts'

/** Messages around a venue's update id that moves on, now and then late, repeated, lost or numbered anew. */
type Step =
  | { readonly quote: QuoteMessage }
  | { readonly depth: DepthMessage }
  | { readonly snapshot: SnapshotMessage }
  | { readonly reload: true }

const price = fc.integer({ min: 1, max: 30 })
const size = fc.integer({ min: 0, max: 3 })
const side = fc.array(fc.tuple(price, size), { maxLength: 5 })
const sides = fc.record({ bids: side, asks: side })
const drift = fc.integer({ min: -8, max: 4 })
const lost = fc.integer({ min: -10, max: 2 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('quote'), drift, bid: price, ask: price, size }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('depth'), changes: fc.integer({ min: 1, max: 6 }), lost, sides }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('snapshot'), drift, sides }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload') }) },
)
type Drawn = typeof step extends fc.Arbitrary<infer T> ? T : never

/** `sometimes`: every third message comes without ids. */
type Numbering = 'changes' | 'messages' | 'none' | 'sometimes'

function messages(drawn: readonly Drawn[], numbering: Numbering): Step[] {
  let id = 100
  return drawn.map((each, i) => {
    const without = numbering === 'none' || (numbering === 'sometimes' && i % 3 === 2)
    const numbered = (value: number) => (without ? -1 : value)
    if (each.kind === 'reload') return { reload: true }
    if (each.kind === 'snapshot') return { snapshot: aSnapshot(numbered(id + each.drift), each.sides) }
    if (each.kind === 'quote') {
      // Now and then a side is empty, or the quote crosses itself.
      const bid = each.bid > 25 ? 0 : each.bid
      const ask = each.ask > 28 ? 0 : each.ask + 8
      return { quote: aQuote(numbered(id + each.drift), [bid, each.size], [ask, each.size]) }
    }
    const first = id + 1 + Math.max(0, each.lost)
    id = first + each.changes - 1
    const previous = numbering === 'messages' ? first - 1 : -1
    return { depth: aDepth([numbered(first), numbered(id), previous], each.sides) }
  })
}

const numberings: readonly Numbering[] = ['changes', 'messages', 'none', 'sometimes']

describe.each(numberings)('any messages of a venue that numbers %s', numbering => {
  it('leave the book that plain Maps leave, never crossed, also through a save', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), drawn => {
        let book = new Book()
        const plain = new PlainBook()
        for (const each of messages(drawn, numbering)) {
          if ('quote' in each) {
            book.takeQuote(each.quote)
            plain.takeQuote(each.quote)
          } else if ('depth' in each) {
            book.takeDepth(each.depth)
            plain.takeDepth(each.depth)
          } else if ('snapshot' in each) {
            book.takeSnapshot(each.snapshot)
            plain.takeSnapshot(each.snapshot)
          } else {
            const saved = structuredClone(saveBook(book))
            book = loadBook(saved)
            expect(saveBook(book)).toEqual(saved)
          }
          for (const side of ['bid', 'ask'] as const) {
            expect(book.best(side)).toBe(plain.best(side))
            expect(book.bestLots(side)).toBe(plain.lotsAt(side, plain.best(side)))
            const ladder = side === 'bid' ? book.bids : book.asks
            expect([...ladder.prices()]).toEqual(plain.prices(side))
            for (const ticks of plain.prices(side)) expect(book.lotsAt(side, ticks)).toBe(plain.lotsAt(side, ticks))
          }
          expect([book.partial, book.gaps]).toEqual([plain.partial, plain.gaps])
          const [bid, ask] = [book.best('bid'), book.best('ask')]
          if (bid !== 0 && ask !== 0) expect(bid).toBeLessThan(ask)
        }
      }),
      { numRuns: 400 },
    )
  })
})
