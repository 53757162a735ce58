import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binanceDecoder, type DecodedTick } from '../exchange/binance/decode.ts'
import { characters } from './character.ts'
import { SIMULATED_VENUE, simulatedInstruments } from './instruments.ts'
import { type SavedMarket, type SimulatedMarketSettings, type SimulatedMessage, simulatedMarket } from './market.ts'

const START = 1_700_000_000_000_000
const SECOND = 1_000_000
const aMarket = (change: Partial<SimulatedMarketSettings> = {}, saved?: SavedMarket) =>
  simulatedMarket({ seed: 7, startMicros: START, ...change }, saved)
const run = (seconds: number, change: Partial<SimulatedMarketSettings> = {}): SimulatedMessage[] => [
  ...aMarket(change).until(START + seconds * SECOND),
]

const decoders = new Map(
  characters.map(({ venueSymbol }) => [
    venueSymbol,
    binanceDecoder({ venue: SIMULATED_VENUE, instruments: simulatedInstruments(), symbol: venueSymbol }),
  ]),
)
function decode({ venueSymbol, raw, time }: SimulatedMessage): DecodedTick {
  const decoder = decoders.get(venueSymbol)
  if (!decoder) throw new Error(`no decoder for ${venueSymbol}`)
  return decoder(raw, time)
}
const ofType = <K extends DecodedTick['type']>(ticks: readonly DecodedTick[], type: K) =>
  ticks.filter((tick): tick is Extract<DecodedTick, { type: K }> => tick.type === type)

describe('the simulated market', () => {
  it('says the same for the same seed, and something else for another', () => {
    expect(run(5)).toEqual(run(5))
    expect(run(5, { seed: 8 }).map(({ raw }) => raw)).not.toEqual(run(5).map(({ raw }) => raw))
  })

  it('sends what the decoder of Binance reads: trades, quotes, depth each 100 ms, and first a snapshot (V1)', () => {
    for (const { venueSymbol } of characters) {
      const ticks = run(20, { symbols: [venueSymbol] }).map(decode)
      expect(ticks[0]?.type).toBe('BookSnapshotted')
      expect(ofType(ticks, 'BookSnapshotted')).toHaveLength(1)
      expect(ofType(ticks, 'TradePrinted').length).toBeGreaterThan(100)
      expect(ofType(ticks, 'QuoteChanged').length).toBeGreaterThan(300)
      const depth = ofType(ticks, 'DepthChanged').length
      expect(depth).toBeGreaterThan(180)
      expect(depth).toBeLessThanOrEqual(200)
    }
  })

  it('never lets time go back (V3)', () => {
    let last = 0
    for (const { time } of run(10)) {
      expect(time).toBeGreaterThanOrEqual(last)
      last = time
    }
  })

  it('has symbols that do not disturb each other', () => {
    const alone = run(5, { symbols: ['ETHUSDT'] })
    expect(run(5).filter(({ venueSymbol }) => venueSymbol === 'ETHUSDT')).toEqual(alone)
  })

  it('has a book that depth and quotes agree on: ids without a gap, never crossed, never empty', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...characters.map(each => each.venueSymbol)), (seed, venueSymbol) => {
        const bids = new Map<number, number>()
        const asks = new Map<number, number>()
        let lastId = -1
        let quote = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0, updateId: 0 }
        for (const tick of run(8, { seed, symbols: [venueSymbol] }).map(decode)) {
          if (tick.type === 'QuoteChanged') {
            quote = tick.data
            expect(quote.bidTicks).toBeGreaterThan(0)
            expect(quote.bidTicks).toBeLessThan(quote.askTicks)
            expect(Math.min(quote.bidLots, quote.askLots)).toBeGreaterThan(0)
          }
          if (tick.type !== 'DepthChanged' && tick.type !== 'BookSnapshotted') continue
          if (tick.type === 'DepthChanged' && lastId >= 0) expect(tick.data.firstUpdateId).toBe(lastId + 1)
          lastId = tick.data.lastUpdateId
          apply(bids, tick.data.bidTicks, tick.data.bidLots)
          apply(asks, tick.data.askTicks, tick.data.askLots)
          if (tick.type !== 'DepthChanged' || quote.updateId === 0) continue
          const bidTicks = Math.max(...bids.keys())
          const askTicks = Math.min(...asks.keys())
          expect({ bidTicks, bidLots: bids.get(bidTicks), askTicks, askLots: asks.get(askTicks) }).toEqual({
            bidTicks: quote.bidTicks,
            bidLots: quote.bidLots,
            askTicks: quote.askTicks,
            askLots: quote.askLots,
          })
        }
      }),
      { numRuns: 15 },
    )
  })

  it('trades at prices that were quoted on the side that the taker took', () => {
    let bid = 0
    let ask = Number.POSITIVE_INFINITY
    let first = true
    for (const tick of run(20, { symbols: ['BTCUSDT'] }).map(decode)) {
      if (tick.type === 'QuoteChanged') {
        bid = tick.data.bidTicks
        ask = tick.data.askTicks
        first = true
      }
      if (tick.type !== 'TradePrinted' || bid === 0) continue
      const { aggressor, priceTicks } = tick.data
      if (first) expect(priceTicks).toBe(aggressor === 'buy' ? ask : bid)
      else if (aggressor === 'buy') expect(priceTicks).toBeGreaterThanOrEqual(ask)
      else expect(priceTicks).toBeLessThanOrEqual(bid)
      first = false
    }
  })

  it('goes on after saving and loading as if nothing had been (V2)', () => {
    fc.assert(
      fc.property(fc.nat(5000), count => {
        const whole = aMarket()
        const begun = aMarket()
        for (let i = 0; i < count; i++) {
          whole.next()
          begun.next()
        }
        const saved = JSON.parse(JSON.stringify(begun.save()))
        const resumed = aMarket({}, saved)
        for (let i = 0; i < 300; i++) expect(resumed.next()).toEqual(whole.next())
      }),
      { numRuns: 10 },
    )
  })

  it('starts after a pause with a snapshot, and with ids above all that came before (V1)', () => {
    const market = aMarket({ symbols: ['BTCUSDT'] })
    const before = [...market.until(START + 5 * SECOND)].map(decode)
    const lastId = Math.max(...ofType(before, 'DepthChanged').map(({ data }) => data.lastUpdateId))
    const lastTrade = Math.max(...ofType(before, 'TradePrinted').map(({ data }) => data.tradeId))
    const resumed = START + 3600 * SECOND
    for (const saved of [market.save(), undefined]) {
      const messages = [...aMarket({ symbols: ['BTCUSDT'], startMicros: resumed }, saved).until(resumed + 5 * SECOND)]
      expect(Math.min(...messages.map(({ time }) => time))).toBe(resumed)
      const after = messages.map(decode)
      const [snapshot] = after
      if (snapshot?.type !== 'BookSnapshotted') throw new Error('no snapshot')
      expect(snapshot.data.lastUpdateId).toBeGreaterThan(lastId)
      expect(ofType(after, 'DepthChanged')[0]?.data.firstUpdateId).toBe(snapshot.data.lastUpdateId + 1)
      expect(ofType(after, 'TradePrinted')[0]?.data.tradeId).toBeGreaterThan(lastTrade)
    }
  })

  it('keeps its prices over a pause', () => {
    const market = aMarket({ symbols: ['BTCUSDT'] })
    const quotes = ofType([...market.until(START + 60 * SECOND)].map(decode), 'QuoteChanged')
    const resumed = aMarket({ symbols: ['BTCUSDT'], startMicros: START + 7200 * SECOND }, market.save())
    const snapshot = decode(resumed.next())
    if (snapshot.type !== 'BookSnapshotted') throw new Error('no snapshot')
    expect(Math.abs((snapshot.data.bidTicks[0] ?? 0) - (quotes.at(-1)?.data.bidTicks ?? 0))).toBeLessThan(1000)
  })

  it('opens a symbol anew that the saved market did not have', () => {
    const saved = aMarket({ symbols: ['BTCUSDT'] }).save()
    const market = aMarket({ symbols: ['BTCUSDT', 'SOLUSDT'] }, saved)
    expect([market.next(), market.next()].map(message => [message.venueSymbol, decode(message).type])).toEqual([
      ['BTCUSDT', 'BookSnapshotted'],
      ['SOLUSDT', 'BookSnapshotted'],
    ])
  })

  it.each([50, 100, 500])('sends about %d messages a second and symbol', messagesPerSecond => {
    const perSecond = run(30, { messagesPerSecond }).length / 30 / characters.length
    expect(perSecond).toBeGreaterThan(messagesPerSecond * 0.7)
    expect(perSecond).toBeLessThan(messagesPerSecond * 1.4)
  })

  it('moves enough for a strategy to find trends and returns within seconds', () => {
    const mids: number[] = []
    for (const tick of run(600, { symbols: ['BTCUSDT'], messagesPerSecond: 50 }).map(decode)) {
      const second = Math.floor((tick.eventTime - START) / SECOND)
      if (tick.type === 'QuoteChanged') mids[second] = (tick.data.bidTicks + tick.data.askTicks) / 2
    }
    const moves = mids.slice(10).map((mid, i) => Math.abs(mid / (mids[i] ?? mid) - 1) * 1e4)
    const strong = moves.filter(bps => bps > 10).length / moves.length
    expect(strong).toBeGreaterThan(0.1) // a tenth of all ten-second moves exceed 10 basis points
    const away = mids.map(mid => Math.abs(mid / 6_000_000 - 1))
    expect(Math.max(...away)).toBeLessThan(0.05) // and none of it runs away
  })

  it('says which symbols there are', () => {
    expect(() => aMarket({ symbols: ['DOGEUSDT'] })).toThrow('BTCUSDT, ETHUSDT, SOLUSDT')
  })
})

function apply(side: Map<number, number>, ticks: readonly number[], lots: readonly number[]): void {
  for (const [i, price] of ticks.entries()) {
    if (lots[i] === 0) side.delete(price)
    else side.set(price, lots[i] ?? 0)
  }
}
