/** The market stages over recorded markets, beside plain computations from the same messages. */
import { anEvent, anInstrument, BTC } from '@tideway/domain/testing'
import { featureNames } from '@tideway/quant'
import {
  type CaptureName,
  capturesThere,
  PlainBook,
  PlainFeatures,
  type RecordedMessage,
  recordedMessages,
} from '@tideway/quant/testing'
import type { BookConflated, CandleClosed, Event, FeaturesComputed, TradePrinted } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { bookStage } from './book/book.ts'
import { candleStage } from './candles/candles.ts'
import { featureStage } from './features/features.ts'
import { drive, marketWorld } from './testing/index.ts'

const MESSAGES = 15_000
const STEP = 100_000
const SECOND = 1_000_000
const MINUTE = 60 * SECOND

function anEventOf({ type, time, eventTime, data }: RecordedMessage, seq: number): Event {
  // A recorded message has the data of its type; the compiler cannot follow that through the builder.
  return anEvent('ticks', type, data as TradePrinted, { key: BTC, seq, time, eventTime }) as Event
}

/** What the three stages emit, chained as one segment. */
function emittedBy(messages: readonly RecordedMessage[]): readonly Event[] {
  const stages = [bookStage, candleStage, featureStage()]
  // Each state is large: the driver's own check of saved states runs in the stages' tests, on small ones.
  const driver = drive({ stages, key: BTC, ...marketWorld(anInstrument()), twice: false })
  for (const [seq, message] of messages.entries()) driver.give(anEventOf(message, seq))
  driver.advanceTo((messages.at(-1)?.time ?? 0) + 2 * MINUTE)
  expect(driver.pending()).toEqual([])
  return driver.emitted
}

interface PlainTouch {
  readonly time: number
  readonly bid: number
  readonly ask: number
}

/** Best prices after each message, from the plain book. */
function touchesOf(messages: readonly RecordedMessage[], each: (touch: PlainTouch, book: PlainBook) => void): void {
  const book = new PlainBook()
  for (const { type, time, data } of messages) {
    if (type === 'QuoteChanged') book.takeQuote(data)
    else if (type === 'DepthChanged') book.takeDepth(data)
    else if (type === 'BookSnapshotted') book.takeSnapshot(data)
    else continue
    each({ time, bid: book.best('bid'), ask: book.best('ask') }, book)
  }
}

function plainCandles(messages: readonly RecordedMessage[], interval: number): unknown[] {
  const bars = new Map<number, (RecordedMessage & { type: 'TradePrinted' })[]>()
  let newest = 0
  let late = 0
  for (const message of messages) {
    if (message.type !== 'TradePrinted') continue
    const own = Math.floor(message.eventTime / interval) * interval
    if (own < newest) late++
    newest = Math.max(newest, own)
    bars.set(newest, [...(bars.get(newest) ?? []), message])
  }
  expect(late).toBe(0)
  return [...bars].map(([openTime, trades]) => {
    const prices = trades.map(({ data }) => data.priceTicks)
    const sum = (of: readonly (typeof trades)[number][]) => of.reduce((total, { data }) => total + data.sizeLots, 0)
    return {
      intervalMicros: interval,
      openTime,
      openTicks: prices[0],
      highTicks: Math.max(...prices),
      lowTicks: Math.min(...prices),
      closeTicks: prices.at(-1),
      volumeLots: sum(trades),
      buyLots: sum(trades.filter(({ data }) => data.aggressor === 'buy')),
      turnover: trades
        .reduce((total, { data }) => total + BigInt(data.priceTicks) * BigInt(data.sizeLots), 0n)
        .toString(),
      trades: trades.length,
      lateTrades: 0,
    }
  })
}

const names: CaptureName[] = ['spot btcusdt', 'usdm btcusdt']

describe.skipIf(!capturesThere)('recorded markets (skipped where the captures of ../shared/data are missing)', () => {
  describe.each(names)('%s', name => {
    const messages = capturesThere ? recordedMessages(name, MESSAGES) : []
    const emitted = capturesThere ? emittedBy(messages) : []

    it('has the candles of its trades, by the venue clock, which is more than a second ahead', () => {
      for (const interval of [SECOND, MINUTE]) {
        const candles = emitted
          .flatMap(event => (event.type === 'CandleClosed' ? [event.data as CandleClosed] : []))
          .filter(({ intervalMicros }) => intervalMicros === interval)
          .map(candle => ({ ...candle, turnover: candle.turnover.toFixed() }))
        expect(candles.length).toBeGreaterThan(interval === SECOND ? 40 : 0)
        expect(candles).toEqual(plainCandles(messages, interval))
      }
    })

    it('has conflated books with the last prices of each interval and its extremes', () => {
      const touches: PlainTouch[] = []
      touchesOf(messages, touch => touches.push(touch))
      const books = emitted.flatMap(event => (event.type === 'BookConflated' ? [event] : []))
      expect(books.length).toBeGreaterThan(400)
      let from = 0
      const wrong = books.filter(event => {
        const book = event.data as BookConflated
        const last = touches.findLast(({ time }) => time < event.ingestTime)
        const standing = touches.findLast(({ time, bid, ask }) => time < from && bid > 0 && ask > 0)
        const inside = touches.filter(({ time }) => time >= from && time < event.ingestTime)
        const known = [...(standing ? [standing] : []), ...inside].filter(({ bid, ask }) => bid > 0 && ask > 0)
        const traded = messages.flatMap(each =>
          each.type === 'TradePrinted' && each.time >= from && each.time < event.ingestTime
            ? [each.data.priceTicks]
            : [],
        )
        from = event.ingestTime
        return (
          event.ingestTime % STEP !== 0 ||
          book.bidTicks !== last?.bid ||
          book.askTicks !== last.ask ||
          book.highBidTicks !== Math.max(...known.map(({ bid }) => bid)) ||
          book.lowAskTicks !== Math.min(...known.map(({ ask }) => ask)) ||
          book.highTradeTicks !== Math.max(0, ...traded) ||
          book.lowTradeTicks !== (traded.length === 0 ? 0 : Math.min(...traded))
        )
      })
      expect(wrong).toEqual([])
    })

    it('has features that agree with their definitions, computed from all that happened before', () => {
      const vectors = emitted.flatMap(event => (event.type === 'FeaturesComputed' ? [event] : []))
      const sampled = vectors.filter((_, i) => i % 37 === 36)
      expect(sampled.length).toBeGreaterThan(10)
      const plain = new PlainFeatures()
      const book = new PlainBook()
      let next = 0
      const wrong: object[] = []
      const check = (event: Event) => {
        const depths = (side: 'bid' | 'ask') => {
          const prices = book.prices(side).slice(0, 5)
          return prices.map(ticks => book.lotsAt(side, ticks))
        }
        const expected = plain.vector(event.ingestTime, { bids: depths('bid'), asks: depths('ask') })
        const { values } = event.data as FeaturesComputed
        for (const [i, feature] of featureNames.entries()) {
          const [value = 0, other = 0] = [values[i], expected[i]]
          // Of rounding: a return of 1e-6 has lost six of its digits.
          const close = Number.isNaN(other)
            ? Number.isNaN(value)
            : Math.abs(value - other) <= 1e-11 * (1 + Math.abs(other))
          if (!close) wrong.push({ feature, at: event.ingestTime, value, other })
        }
      }
      for (const { type, time, data } of messages) {
        for (let event = sampled[next]; event !== undefined && event.ingestTime <= time; event = sampled[++next])
          check(event)
        if (type === 'TradePrinted') plain.trade(time, data.priceTicks, data.sizeLots)
        else {
          if (type === 'QuoteChanged') book.takeQuote(data)
          else if (type === 'DepthChanged') book.takeDepth(data)
          else book.takeSnapshot(data)
          const [bid, ask] = [book.best('bid'), book.best('ask')]
          plain.touch(time, bid, book.lotsAt('bid', bid), ask, book.lotsAt('ask', ask))
        }
      }
      expect(next).toBeGreaterThan(sampled.length - 2)
      expect(wrong).toEqual([])
      // The last one is warm in every place.
      const last = vectors.at(-1)?.data as FeaturesComputed | undefined
      expect(last?.values.some(Number.isNaN)).toBe(false)
    })
  })
})
