import type { RecordedBook } from '@tideway/domain'
import { anEvent, aQuote, aTrade, BTC, START } from '@tideway/domain/testing'
import type { Event } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { assertPlain } from '../testing/index.ts'
import { books } from './books.ts'

const ETH = 'binance:ETH/USDT'

const snapshot = anEvent(
  'ticks',
  'BookSnapshotted',
  { lastUpdateId: 1, bidTicks: [100, 99], bidLots: [5, 6], askTicks: [101, 102], askLots: [7, 8] },
  { key: BTC, time: START },
)
const depth = anEvent(
  'ticks',
  'DepthChanged',
  {
    ...{ firstUpdateId: 2, lastUpdateId: 2, previousUpdateId: -1 },
    ...{ bidTicks: [100], bidLots: [0], askTicks: [102], askLots: [9] },
  },
  { key: BTC, time: START + 1 },
)
const quote = aQuote({ updateId: 7, bidTicks: 50, bidLots: 1, askTicks: 52, askLots: 2 }, { key: ETH })

/** Folds the events, saving and loading after each. */
function folded(...events: readonly Event[]): ReadonlyMap<string, RecordedBook> {
  let state = books.empty()
  for (const event of events) {
    books.fold(state, event)
    const saved = books.save(state)
    assertPlain(saved)
    state = books.load(structuredClone(saved))
    expect(books.save(state)).toEqual(saved)
  }
  return state
}

describe('the books of all symbols', () => {
  it('are one of each symbol, as its ticks made it, also through a save', () => {
    const known = folded(snapshot, quote, depth, aTrade())
    const btc = known.get(BTC)
    const eth = known.get(ETH)
    expect([btc?.best('bid'), btc?.best('ask'), btc?.next('ask', 101), btc?.lotsAt('ask', 102)]).toEqual([
      ...[99, 101, 102, 9],
    ])
    expect(btc?.next('bid', 99)).toBe(0)
    expect(btc?.partial).toBe(false)
    expect([eth?.best('bid'), eth?.best('ask'), eth?.partial]).toEqual([50, 52, true])
  })

  it('are made by market data of the book alone', () => expect(folded(aTrade()).size).toBe(0))
})
