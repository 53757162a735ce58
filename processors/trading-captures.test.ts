/** The whole chain over recorded markets: what the market stages make of them, and a portfolio that trades it on paper. */
import {
  aClockTick,
  aListing,
  amount,
  anEvent,
  anInstrument,
  aPortfolio,
  BTC,
  PORTFOLIO,
  someLimits,
} from '@tideway/domain/testing'
import { type CaptureName, capturesThere, type RecordedMessage, recordedMessages } from '@tideway/quant/testing'
import {
  compareStamps,
  Decimal,
  type Event,
  formatIdentity,
  type InstrumentListed,
  type TradePrinted,
} from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { bookStage } from './book/book.ts'
import { candleStage } from './candles/candles.ts'
import { execution } from './execution/execution.ts'
import { featureStage } from './features/features.ts'
import { portfolio } from './portfolio/portfolio.ts'
import { risk } from './risk/risk.ts'
import { defineStrategy, exit, goLong, goShort } from './strategy/index.ts'
import { strategyStage } from './strategy/strategy.ts'
import { drive, marketWorld, tradingWorld } from './testing/index.ts'
import { ranks } from './topology.ts'
import { books } from './values/books.ts'
import { venueSim } from './venue-sim/venue-sim.ts'

const MESSAGES = 40_000
const SECOND = 1_000_000
const CLOCK = 100_000
const OPENING_CASH = 100_000

/** Follows every move of a second at market, as often as it may: it is here for its orders, not for its profit. */
const chaser = defineStrategy({
  ...{ name: 'chaser', version: 1, about: 'For tests' },
  reads: ['features'],
  features: ['return1s'],
  ...{ parameters: {}, empty: () => ({}), cooldownSeconds: () => 1 },
  on: {
    features({ holding }, { return1s }) {
      if (holding.quantity !== 0) return holding.quantity * return1s < 0 ? exit('it turned') : undefined
      return return1s > 0 ? goLong(2_000, 'up') : return1s < 0 ? goShort(2_000, 'down') : undefined
    },
  },
})

/** Rests at the touch and leaves after the next candle. */
const rester = defineStrategy({
  ...{ name: 'rester', version: 1, about: 'For tests' },
  reads: ['candles'],
  ...{ parameters: {}, empty: () => ({}), cooldownSeconds: () => 1 },
  on: {
    candles({ holding, bidTicks, askTicks }, { intervalMicros, openTicks, closeTicks }) {
      if (intervalMicros !== SECOND) return undefined
      if (holding.quantity !== 0)
        return exit('a second is over', { limitTicks: holding.quantity > 0 ? askTicks : bidTicks })
      return closeTicks < openTicks ? goLong(3_000, 'it fell', { limitTicks: bidTicks }) : undefined
    },
  },
})

const recorded = {
  'spot btcusdt': { lotSize: amount('0.00001'), quantityStep: amount('0.0001') },
  'usdm btcusdt': {
    kind: 'linear',
    tickSize: amount('0.1'),
    lotSize: amount('0.001'),
    quantityStep: amount('0.001'),
    minQuantity: amount('0.001'),
  },
} as const satisfies Partial<Record<CaptureName, Partial<InstrumentListed>>>

/** Listing, portfolio, ticks, clock, and what the market stages emit, in the order of all events. */
function inputOf(messages: readonly RecordedMessage[], changes: Partial<InstrumentListed>): Event[] {
  const ticks = messages.map(({ type, time, eventTime, data }, seq) => {
    // A recorded message has the data of its type; the compiler cannot follow that through the builder.
    return anEvent('ticks', type, data as TradePrinted, { key: BTC, seq, time, eventTime }) as Event
  })
  const stages = [bookStage, candleStage, featureStage()]
  const market = drive({ stages, key: BTC, rank: ranks.book, ...marketWorld(anInstrument(changes)), twice: false })
  market.give(...ticks)
  const begins = (messages[0]?.time ?? 0) - SECOND
  const ends = (messages.at(-1)?.time ?? 0) + 60 * SECOND
  market.advanceTo(ends)
  const clock: Event[] = []
  for (let time = Math.ceil(begins / CLOCK) * CLOCK; time <= ends; time += CLOCK) clock.push(aClockTick({}, { time }))
  const at = { time: begins }
  const strategies = [chaser, rester].map(({ name }) => ({ name, symbols: [BTC], parameters: {} }))
  const opening = [
    aListing(changes, at),
    aPortfolio({ cash: amount(OPENING_CASH), latencyMicros: 5_000, strategies }, at),
    someLimits({}, at),
  ]
  return [...opening, ...clock, ...ticks, ...market.emitted].sort((a, b) => compareStamps(a.stamp, b.stamp))
}

function emittedBy(input: readonly Event[]): readonly Event[] {
  const world = tradingWorld()
  const folded = books.empty()
  const driver = drive({
    stages: [strategyStage([chaser, rester]), risk, execution, portfolio, venueSim],
    key: PORTFOLIO,
    rank: ranks.trading,
    views: { ...world.views, books: folded },
    fold(event) {
      world.fold(event)
      if (event.topic === 'ticks') books.fold(folded, event)
    },
    twice: false,
  })
  driver.give(...input)
  expect(driver.pending().filter(({ stage }) => stage === 'venue-sim')).toEqual([])
  return driver.emitted
}

const names = Object.keys(recorded) as (keyof typeof recorded)[]

describe.skipIf(!capturesThere)('recorded markets (skipped where the captures of ../shared/data are missing)', () => {
  describe.each(names)('%s, traded on paper', name => {
    const messages = capturesThere ? recordedMessages(name, MESSAGES) : []
    const input = capturesThere ? inputOf(messages, recorded[name]) : []
    const emitted = capturesThere ? emittedBy(input) : []
    const all = <K extends Event['type']>(type: K) =>
      emitted.filter((event): event is Extract<Event, { type: K }> => event.type === type)

    it('lets nothing reach the venue that was not approved, and leaves no order without an end', () => {
      const approved = new Set(all('OrderApproved').map(({ data }) => formatIdentity(data.order)))
      const submitted = all('OrderSubmitted').map(({ data }) => formatIdentity(data.order))
      expect(submitted.length).toBeGreaterThan(20)
      expect(submitted.filter(order => !approved.has(order))).toEqual([])
      const last = new Map(all('OrderStateChanged').map(({ data }) => [formatIdentity(data.order), data.to]))
      const ends = new Set(last.values())
      expect([...ends].filter(state => !['filled', 'expired', 'cancelled', 'rejected'].includes(state))).toEqual([])
      expect(ends.has('filled')).toBe(true)
    })

    it('fills at prices that the market has seen, as taker and as maker', () => {
      const prices = messages.flatMap(({ type, data }) => {
        if (type === 'QuoteChanged') return [data.bidTicks, data.askTicks]
        return type === 'TradePrinted' ? [data.priceTicks] : []
      })
      const { tickSize } = anInstrument(recorded[name])
      const lowest = tickSize.times(prices.reduce((a, b) => Math.min(a, b)))
      const highest = tickSize.times(prices.reduce((a, b) => Math.max(a, b)))
      const fills = all('FillRecorded')
      expect(fills.filter(({ data }) => data.price.lt(lowest) || data.price.gt(highest))).toEqual([])
      expect(new Set(fills.map(({ data }) => data.liquidity))).toEqual(new Set(['taker', 'maker']))
    })

    it('accounts for the fills to the last digit, and risk measures the same equity in each second', () => {
      let cash = new Decimal(OPENING_CASH)
      let held = new Decimal(0)
      const positions = all('PositionChanged')
      const fills = all('FillRecorded')
      expect(positions).toHaveLength(fills.length)
      for (const [n, { data }] of fills.entries()) {
        const change = data.side === 'buy' ? data.quantity : data.quantity.neg()
        held = held.plus(change)
        cash = cash.minus(change.times(data.price)).minus(data.fee)
        expect([positions[n]?.data.quantity.eq(held), positions[n]?.data.cash.eq(cash)]).toEqual([true, true])
        if (name === 'spot btcusdt') expect(held.isNegative()).toBe(false)
      }
      const bySecond = (of: readonly { ingestTime: number; data: { equity: Decimal } }[]) =>
        of
          .filter(({ ingestTime }) => ingestTime % SECOND === 0)
          .map(({ ingestTime, data }) => `${ingestTime} ${data.equity}`)
      const marks = bySecond(all('EquityMarked'))
      expect(marks.length).toBeGreaterThan(90)
      expect(bySecond(all('ExposureMeasured'))).toEqual(marks)
    })

    it('does all of it the same a second time', () => expect(emittedBy(input)).toEqual(emitted))
  })
})
