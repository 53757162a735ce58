/** The invariants of engine.ts over any sequence of orders, cancels, prints and books, crossed and partial ones too. */
import type { Side } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BookSide,
  cancel,
  type Engine,
  emptyEngine,
  type NewOrder,
  type Outcome,
  onBook,
  onTrade,
  submit,
} from './index.ts'
import { levelBook } from './testing/index.ts'

type Step =
  | { readonly do: 'level'; readonly side: BookSide; readonly ticks: number; readonly lots: number }
  | { readonly do: 'print'; readonly aggressor: Side; readonly ticks: number; readonly lots: number }
  | { readonly do: 'submit'; readonly order: Omit<NewOrder, 'id'> }
  | { readonly do: 'cancel'; readonly number: number }
  | { readonly do: 'wait'; readonly micros: number }
  | { readonly do: 'know'; readonly partial: boolean }

const side = fc.constantFrom<Side>('buy', 'sell')
const ticks = fc.integer({ min: 96, max: 104 })
const lots = fc.integer({ min: 1, max: 12 })
const limit = fc.record({
  side,
  orderType: fc.constant('limit' as const),
  timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const, 'postOnly' as const),
  limitTicks: ticks,
  lots,
})
const market = fc.record({
  side,
  orderType: fc.constant('market' as const),
  timeInForce: fc.constant('gtc' as const),
  limitTicks: fc.constant(0),
  lots,
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('level' as const),
      side: fc.constantFrom<BookSide>('bid', 'ask'),
      ticks,
      lots: fc.integer({ min: 0, max: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('print' as const), aggressor: side, ticks, lots }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const), order: fc.oneof(limit, limit, market) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), number: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), micros: fc.nat(200_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('know' as const), partial: fc.boolean() }) },
)
const steps = fc.array(step, { maxLength: 60 })

interface Moment {
  readonly step: Step
  readonly outcomes: readonly Outcome[]
  /** The state after it. */
  readonly engine: Engine
}

/** Plays the steps; `swap` may put another state in the place of the engine's before each. */
function play(script: readonly Step[], swap: (engine: Engine) => Engine = engine => engine) {
  const book = levelBook()
  const orders = new Map<string, NewOrder>()
  const moments: Moment[] = []
  let engine = emptyEngine()
  let time = 1_000_000
  for (const each of script) {
    engine = swap(engine)
    const outcomes = act(each)
    moments.push({ step: each, outcomes, engine: structuredClone(engine) })
  }
  return { orders, moments }

  function act(each: Step): readonly Outcome[] {
    if (each.do === 'wait') time += each.micros
    if (each.do === 'know') book.partial = each.partial
    if (each.do === 'level') {
      book.set(each.side, each.ticks, each.lots)
      return onBook(engine, book, time)
    }
    if (each.do === 'print') return onTrade(engine, each.aggressor, each.ticks, each.lots, time)
    if (each.do === 'cancel') return cancel(engine, `${each.number}`)
    if (each.do === 'submit') {
      const order = { id: `${orders.size}`, ...each.order }
      orders.set(order.id, order)
      return submit(engine, order, book)
    }
    return []
  }
}

type Fill = Extract<Outcome, { kind: 'filled' }>
const fillsIn = (outcomes: readonly Outcome[]) => outcomes.filter((each): each is Fill => each.kind === 'filled')
const lotsOf = (fills: readonly Fill[]) => fills.reduce((total, fill) => total + fill.lots, 0)
const always = (property: (script: readonly Step[]) => void) =>
  fc.assert(fc.property(steps, property), { numRuns: 1000 })

describe('any sequence of orders, prints and books', () => {
  it('fills no more than was asked, and loses no lot (M1)', () => {
    always(script => {
      const { orders, moments } = play(script)
      const left = new Map<string, number>()
      for (const { outcomes } of moments) {
        for (const outcome of outcomes) {
          const { id, kind } = outcome
          if (kind === 'accepted') left.set(id, orders.get(id)?.lots ?? Number.NaN)
          if (kind === 'filled') {
            expect(outcome.lots).toBeGreaterThan(0)
            left.set(id, (left.get(id) ?? Number.NaN) - outcome.lots)
            expect(outcome.leavesLots).toBe(left.get(id))
            expect(outcome.leavesLots).toBeGreaterThanOrEqual(0)
          }
          if (kind === 'expired' || kind === 'cancelled') expect(outcome.leavesLots).toBe(left.get(id))
          if (kind === 'expired' || kind === 'cancelled' || left.get(id) === 0) left.delete(id)
        }
      }
      const open = moments.at(-1)?.engine ?? emptyEngine()
      expect(new Map([...open.buys, ...open.sells].map(order => [order.id, order.leavesLots]))).toEqual(left)
    })
  })

  it('fills no worse than the limit, and a maker at its limit (M2)', () => {
    always(script => {
      const { orders, moments } = play(script)
      for (const fill of moments.flatMap(({ outcomes }) => fillsIn(outcomes))) {
        const order = orders.get(fill.id)
        if (order?.orderType !== 'limit') continue
        if (fill.liquidity === 'maker') expect(fill.priceTicks).toBe(order.limitTicks)
        else if (order.side === 'buy') expect(fill.priceTicks).toBeLessThanOrEqual(order.limitTicks)
        else expect(fill.priceTicks).toBeGreaterThanOrEqual(order.limitTicks)
      }
    })
  })

  it('fills own orders by price, then by arrival (M3)', () => {
    always(script => {
      const { orders, moments } = play(script)
      const arrival = new Map([...orders.keys()].map((id, n) => [id, n]))
      for (const { outcomes, engine } of moments) {
        for (const fill of fillsIn(outcomes)) {
          if (fill.liquidity !== 'maker') continue
          const side = orders.get(fill.id)?.side
          for (const open of side === 'buy' ? engine.buys : engine.sells) {
            const better = side === 'buy' ? open.limitTicks > fill.priceTicks : open.limitTicks < fill.priceTicks
            const earlier = (arrival.get(open.id) ?? 0) < (arrival.get(fill.id) ?? 0)
            expect(better || (open.limitTicks === fill.priceTicks && earlier), `${open.id} before ${fill.id}`).toBe(
              false,
            )
          }
        }
      }
    })
  })

  it('gives own orders no more lots than a print had (M4)', () => {
    always(script => {
      for (const { step, outcomes } of play(script).moments)
        if (step.do === 'print') expect(lotsOf(fillsIn(outcomes))).toBeLessThanOrEqual(step.lots)
    })
  })

  it('takes from a level no more than it held and what arrived (M5)', () => {
    always(script => {
      const { orders, moments } = play(script)
      const shown = new Map<string, number>()
      const arrived = new Map<string, number>()
      const taken = new Map<string, number>()
      const add = (to: Map<string, number>, key: string, lots: number) => to.set(key, (to.get(key) ?? 0) + lots)
      const total = (of: Map<string, number>, side: BookSide) =>
        [...of].reduce((sum, [key, lots]) => (key.startsWith(side) ? sum + lots : sum), 0)
      for (const { step, outcomes } of moments) {
        if (step.do === 'level') {
          const key = `${step.side}${step.ticks}`
          add(arrived, key, Math.max(0, step.lots - (shown.get(key) ?? 0)))
          shown.set(key, step.lots)
        }
        if (step.do === 'print') continue
        for (const fill of fillsIn(outcomes)) {
          const from = orders.get(fill.id)?.side === 'buy' ? 'ask' : 'bid'
          // Which level came to a maker is not told: it counts in the total of its side only.
          add(taken, fill.liquidity === 'taker' ? `${from}${fill.priceTicks}` : `${from} maker`, fill.lots)
          if (fill.liquidity === 'taker')
            expect(taken.get(`${from}${fill.priceTicks}`)).toBeLessThanOrEqual(
              arrived.get(`${from}${fill.priceTicks}`) ?? 0,
            )
        }
        for (const from of ['bid', 'ask'] as const) expect(total(taken, from)).toBeLessThanOrEqual(total(arrived, from))
      }
    })
  })

  it('never lets a post-only order take, nor a market or immediate order rest (M6)', () => {
    always(script => {
      const { orders, moments } = play(script)
      for (const { outcomes, engine } of moments) {
        for (const fill of fillsIn(outcomes))
          if (orders.get(fill.id)?.timeInForce === 'postOnly') expect(fill.liquidity).toBe('maker')
        for (const open of [...engine.buys, ...engine.sells])
          expect(orders.get(open.id)).toMatchObject({ orderType: 'limit', timeInForce: /gtc|postOnly/ })
      }
    })
  })

  it('gives the same outcomes for the same calls, and from a clone of the state (M8)', () => {
    always(script => {
      const { moments } = play(script)
      expect(play(script).moments).toEqual(moments)
      expect(play(script, engine => structuredClone(engine)).moments).toEqual(moments)
    })
  })

  it('keeps the queue in order and within the level (Q1, Q3), and the taken levels in order (T2)', () => {
    always(script => {
      const shown = new Map<string, number>()
      const whole = script.filter(each => each.do !== 'know')
      for (const { step, engine } of play(whole).moments) {
        if (step.do === 'level') shown.set(`${step.side}${step.ticks}`, step.lots)
        for (const [orders, at] of [
          [engine.buys, 'bid'],
          [engine.sells, 'ask'],
        ] as const)
          for (const [n, order] of orders.entries()) {
            const next = orders[n + 1]
            expect(order.aheadLots).toBeGreaterThanOrEqual(0)
            expect(order.aheadLots).toBeLessThanOrEqual(shown.get(`${at}${order.limitTicks}`) ?? 0)
            if (next?.limitTicks === order.limitTicks) expect(order.aheadLots).toBeLessThanOrEqual(next.aheadLots)
          }
        const prices = (taken: readonly { readonly ticks: number }[]) => taken.map(level => level.ticks)
        expect(prices(engine.takenAsks)).toEqual([...new Set(prices(engine.takenAsks))].sort((a, b) => a - b))
        expect(prices(engine.takenBids)).toEqual([...new Set(prices(engine.takenBids))].sort((a, b) => b - a))
      }
    })
  })
})

describe('a level that only trades and grows', () => {
  it('fills a resting order by exactly what came past the queue, whichever of print and shrinkage is told first (Q2)', () => {
    const events = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('trade' as const), lots, printFirst: fc.boolean() }),
        fc.record({ do: fc.constant('grow' as const), lots }),
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(fc.nat(30), lots, events, (ahead, asked, script) => {
        const engine = emptyEngine()
        const book = levelBook({ bid: { 100: ahead } })
        submit(
          engine,
          { id: 'a', side: 'buy', orderType: 'limit', timeInForce: 'gtc', limitTicks: 100, lots: asked },
          book,
        )
        let level = ahead
        let behind = 0
        let queue = ahead
        let filled = 0
        let shouldHave = 0
        for (const each of script) {
          if (each.do === 'grow') {
            level += each.lots
            behind += each.lots
            book.set('bid', 100, level)
            filled += lotsOf(fillsIn(onBook(engine, book, 1)))
            continue
          }
          // A recorded taker finds only recorded lots, so its print is no larger than the level.
          const traded = Math.min(each.lots, level)
          if (traded === 0) continue
          const fromQueue = Math.min(queue, traded)
          queue -= fromQueue
          behind -= traded - fromQueue
          level -= traded
          shouldHave = Math.min(asked, shouldHave + traded - fromQueue)
          book.set('bid', 100, level)
          const print = () => onTrade(engine, 'sell', 100, traded, 1)
          const shrink = () => onBook(engine, book, 1)
          for (const tell of each.printFirst ? [print, shrink] : [shrink, print]) filled += lotsOf(fillsIn(tell()))
          expect(filled).toBe(shouldHave)
        }
        expect(behind + queue).toBe(level)
      }),
      { numRuns: 1000 },
    )
  })
})
