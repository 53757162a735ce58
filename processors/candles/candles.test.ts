import { anInstrument, aTrade, BTC, START } from '@tideway/domain/testing'
import { type CandleClosed, Decimal, type Event } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnlistedError } from '../market-views.ts'
import { drive, marketWorld } from '../testing/index.ts'
import { CANDLE_MICROS, candleStage, LATENESS_MICROS, MOST_AHEAD_MICROS, VenueTimeError } from './candles.ts'

const SECOND = 1_000_000

function aDriver() {
  return drive({ stages: [candleStage], key: BTC, ...marketWorld(anInstrument()), setAside: true })
}

interface Print {
  /** From START, by the venue's clock. */
  readonly at: number
  /** How much later it is received; below 0 where the venue's clock is ahead. */
  readonly delay?: number
  readonly price?: number
  readonly lots?: number
  readonly aggressor?: 'buy' | 'sell'
}

function aPrint({ at, delay = 0, price = 100, lots = 1, aggressor = 'buy' }: Print): Event {
  return aTrade({ priceTicks: price, sizeLots: lots, aggressor }, { eventTime: START + at, time: START + at + delay })
}

function candles(events: readonly Event[], intervalMicros = SECOND): CandleClosed[] {
  return events.map(event => event.data as CandleClosed).filter(each => each.intervalMicros === intervalMicros)
}

/** openTime from START, trades, late trades. */
function bars(events: readonly Event[], intervalMicros = SECOND): number[][] {
  return candles(events, intervalMicros).map(each => [each.openTime - START, each.trades, each.lateTrades])
}

describe('a candle', () => {
  it('has open, high, low, close, volumes, turnover and trades of its bar, and closes at the first trade of a later one', () => {
    const driver = aDriver()
    driver.give(
      aPrint({ at: 100, price: 100, lots: 2 }),
      aPrint({ at: 200, price: 104, lots: 3, aggressor: 'sell' }),
      aPrint({ at: 300, price: 97, lots: 5 }),
      aPrint({ at: 999_999, price: 101, lots: 7, aggressor: 'sell' }),
    )
    expect(driver.emitted).toEqual([])
    const [event] = driver.give(aPrint({ at: SECOND }))
    expect(event).toMatchObject({ topic: 'candles', ingestTime: START + SECOND, eventTime: START + SECOND })
    expect(event?.data).toEqual({
      intervalMicros: SECOND,
      openTime: START,
      openTicks: 100,
      highTicks: 104,
      lowTicks: 97,
      closeTicks: 101,
      volumeLots: 17,
      buyLots: 7,
      turnover: new Decimal(200 + 312 + 485 + 707),
      trades: 4,
      lateTrades: 0,
    })
  })

  it('is told for each interval on its own, and not at all where nothing was traded', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: 0 }), aPrint({ at: 59 * SECOND }), aPrint({ at: 60 * SECOND }))
    driver.advanceTo(START + 200 * SECOND)
    expect(bars(driver.emitted)).toEqual([
      [0, 1, 0],
      [59 * SECOND, 1, 0],
      [60 * SECOND, 1, 0],
    ])
    expect(bars(driver.emitted, 60 * SECOND)).toEqual([
      [0, 2, 0],
      [60 * SECOND, 1, 0],
    ])
  })
})

describe('a saved state', () => {
  it('is not changed by later trades', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: 0 }))
    const saved = driver.saved('candles')
    const copy = structuredClone(saved)
    driver.give(aPrint({ at: 10 }), aPrint({ at: 2 * SECOND }))
    expect(saved).toEqual(copy)
  })
})

describe('the timer of a bar', () => {
  it.each([
    ['in step with ours', 0],
    ['a second and a quarter ahead', -1_270_000],
    ['five seconds behind', 5_000_000],
  ])('is due at its end by the venue clock and the lateness, with that clock %s (C3)', (_, delay) => {
    const driver = aDriver()
    driver.give(aPrint({ at: 400_000, delay }))
    const end = START + SECOND + delay + LATENESS_MICROS
    expect(driver.pending()[0]?.due).toBe(end)
    expect(driver.advanceTo(end - 1)).toEqual([])
    expect(bars(driver.advanceTo(end))).toEqual([[0, 1, 0]])
  })

  it('closes no bar that came after the one that it was asked for', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: 0 }), aPrint({ at: 1_900_000 }))
    expect(bars(driver.emitted)).toEqual([[0, 1, 0]])
    driver.advanceTo(START + 2_900_000)
    expect(bars(driver.emitted)).toEqual([[0, 1, 0]])
    driver.advanceTo(START + 3_000_000)
    expect(bars(driver.emitted)).toHaveLength(2)
  })
})

describe('a late trade (C4)', () => {
  it('joins the open bar', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: 0 }), aPrint({ at: SECOND }), aPrint({ at: 999_000, delay: 2_000, price: 90 }))
    driver.give(aPrint({ at: 2 * SECOND }))
    expect(bars(driver.emitted)).toEqual([
      [0, 1, 0],
      [SECOND, 2, 1],
    ])
    expect(candles(driver.emitted)[1]).toMatchObject({ lowTicks: 90, closeTicks: 90 })
  })

  it('opens the bar after the last closed one where none is open, for one interval at most', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: 0 }))
    driver.advanceTo(START + SECOND + LATENESS_MICROS)
    driver.give(aPrint({ at: 0, delay: 10 * SECOND }))
    expect(driver.pending()[0]?.due).toBe(START + 10 * SECOND + SECOND + LATENESS_MICROS)
    driver.advanceTo(START + 12 * SECOND)
    expect(bars(driver.emitted)).toEqual([
      [0, 1, 0],
      [SECOND, 1, 1],
    ])
  })
})

describe('a trade that is refused', () => {
  it('has a venue time that cannot be (C5)', () => {
    const driver = aDriver()
    driver.give(aPrint({ at: MOST_AHEAD_MICROS, delay: -MOST_AHEAD_MICROS }))
    driver.give(aPrint({ at: MOST_AHEAD_MICROS + 1, delay: -MOST_AHEAD_MICROS - 1 }))
    expect(driver.refused.map(({ error }) => error)).toEqual([expect.any(VenueTimeError)])
  })

  it('is of a symbol that is not listed', () => {
    const driver = drive({ stages: [candleStage], key: BTC, ...marketWorld(), setAside: true })
    driver.give(aPrint({ at: 0 }))
    expect(driver.refused.map(({ error }) => error)).toEqual([expect.any(UnlistedError)])
  })
})

describe('the candles of any trades', () => {
  it('go forward, and have together the trades, volumes and turnover of the trades (C4)', () => {
    const print = fc.record({
      after: fc.integer({ min: 0, max: 3 * SECOND }),
      delay: fc.integer({ min: -2 * SECOND, max: 4 * SECOND }),
      price: fc.integer({ min: 1, max: 2 ** 40 }),
      lots: fc.integer({ min: 1, max: 2 ** 20 }),
      aggressor: fc.constantFrom('buy', 'sell'),
    })
    fc.assert(
      fc.property(fc.array(print, { minLength: 1, maxLength: 40 }), prints => {
        const driver = aDriver()
        let received = 10 * SECOND
        for (const { after, delay, ...print } of prints) {
          received += after
          driver.give(aPrint({ ...print, at: received - delay, delay }))
        }
        driver.advanceTo(START + received + 200 * SECOND)
        expect(driver.pending()).toEqual([])
        for (const interval of CANDLE_MICROS) {
          const closed = candles(driver.emitted, interval)
          const sum = (of: (each: CandleClosed) => number) => closed.reduce((total, each) => total + of(each), 0)
          expect(sum(each => each.trades)).toBe(prints.length)
          expect(sum(each => each.volumeLots)).toBe(prints.reduce((total, { lots }) => total + lots, 0))
          const bought = prints.filter(({ aggressor }) => aggressor === 'buy')
          expect(sum(each => each.buyLots)).toBe(bought.reduce((total, { lots }) => total + lots, 0))
          const turnover = closed.reduce((total, each) => total.plus(each.turnover), new Decimal(0))
          const exact = prints.reduce((total, { price, lots }) => total + BigInt(price) * BigInt(lots), 0n)
          expect(turnover.toFixed()).toBe(exact.toString())
          const openTimes = closed.map(each => each.openTime)
          expect(openTimes).toEqual([...new Set(openTimes)].sort((a, b) => a - b))
          expect(openTimes.every(time => time % interval === 0)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })
})
