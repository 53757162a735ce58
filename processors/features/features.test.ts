import { anInstrument, aQuote, aTrade, BTC, START } from '@tideway/domain/testing'
import { featureNames } from '@tideway/quant'
import type { Event, FeaturesComputed } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnlistedError } from '../market-views.ts'
import { drive, marketWorld } from '../testing/index.ts'
import { type FeatureOptions, featureStage } from './features.ts'

const STEP = 100_000

function aDriver(options: FeatureOptions = {}) {
  return drive({ stages: [featureStage(options)], key: BTC, ...marketWorld(anInstrument()) })
}

function aTouch(updateId: number, bidTicks: number, time: number): Event {
  return aQuote({ updateId, bidTicks, bidLots: 5, askTicks: bidTicks + 2, askLots: 15 }, { time })
}

function vector(event: Event | undefined): readonly number[] {
  return (event?.data as FeaturesComputed | undefined)?.values ?? []
}

function feature(event: Event | undefined, name: (typeof featureNames)[number]): number | undefined {
  return vector(event)[featureNames.indexOf(name)]
}

describe('the feature stage', () => {
  it('emits one vector at the end of each 100 ms in which a tick came (F2)', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, START + 1), aTouch(2, 101, START + 2), aTrade({}, { time: START + 3 }))
    expect(driver.emitted).toEqual([])
    expect(driver.pending().map(({ due }) => due)).toEqual([START + STEP])
    driver.give(aTouch(3, 102, START + 5 * STEP))
    driver.advanceTo(START + 100 * STEP)
    expect(driver.emitted.map(({ ingestTime }) => ingestTime)).toEqual([START + STEP, START + 6 * STEP])
    expect(driver.pending()).toEqual([])
    expect(driver.emitted[0]).toMatchObject({ topic: 'features', type: 'FeaturesComputed' })
    expect(vector(driver.emitted[0])).toHaveLength(featureNames.length)
    expect(feature(driver.emitted[0], 'spread')).toBe(2 / 102)
    expect(feature(driver.emitted[0], 'imbalance')).toBe((5 + 5 - 15) / (5 + 5 + 15))
    expect(feature(driver.emitted[0], 'return1s')).toBeNaN()
  })

  it('emits at other whole multiples where it is told so', () => {
    const driver = aDriver({ everyMicros: 250_000 })
    driver.give(aTouch(1, 100, START + 1), aTouch(2, 101, START + 260_000))
    driver.advanceTo(START + 100 * STEP)
    expect(driver.emitted.map(({ ingestTime }) => ingestTime)).toEqual([START + 250_000, START + 500_000])
  })

  it('emits on every tick where it is told so, and wakes for none', () => {
    const driver = aDriver({ everyTick: true })
    driver.give(aTouch(1, 100, START + 1), aTrade({}, { time: START + 2, eventTime: START }))
    expect(driver.emitted.map(({ ingestTime, eventTime }) => [ingestTime, eventTime])).toEqual([
      [START + 1, START + 1],
      [START + 2, START],
    ])
    expect(driver.pending()).toEqual([])
  })

  it.each([{}, { everyTick: true }])('refuses ticks of a symbol that is not listed (%o)', options => {
    const stages = [featureStage(options)]
    const driver = drive({ stages, key: BTC, ...marketWorld(), setAside: true })
    driver.give(aTouch(1, 100, START), aTouch(2, 100, START + 1))
    expect(driver.refused.map(({ error }) => error)).toEqual([expect.any(UnlistedError), expect.any(UnlistedError)])
    expect(driver.emitted).toEqual([])
  })

  it('hands out a saved state that later ticks do not change', () => {
    const driver = aDriver()
    driver.give(aTouch(1, 100, START), aTrade({}, { time: START + 1 }))
    const saved = driver.saved('features')
    const copy = structuredClone(saved)
    driver.give(aTouch(2, 101, START + 3 * STEP), aTrade({}, { time: START + 4 * STEP }))
    expect(saved).toEqual(copy)
  })

  it('computes the same whatever it emits when (F3)', () => {
    const tick = fc.record({
      after: fc.integer({ min: 0, max: 400_000 }),
      bid: fc.integer({ min: 90, max: 110 }),
      trade: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 60 }), ticks => {
        let time = START
        const events = ticks.map(({ after, bid, trade }, i) => {
          time += after
          return trade ? aTrade({ priceTicks: bid, sizeLots: 3 }, { time }) : aTouch(i + 1, bid, time)
        })
        // A last tick on a whole multiple of all: there the vectors must agree.
        const end = START + Math.ceil((time - START + 1) / 500_000) * 500_000
        const last = (options: FeatureOptions) => {
          const driver = drive({
            stages: [featureStage(options)],
            key: BTC,
            ...marketWorld(anInstrument()),
            twice: false,
          })
          driver.give(...events, aTrade({ priceTicks: 1, sizeLots: 1 }, { time: end - 1 }))
          driver.advanceTo(end)
          return vector(driver.emitted.at(-1))
        }
        expect(last({ everyMicros: 500_000 })).toEqual(last({}))
      }),
    )
  })
})
