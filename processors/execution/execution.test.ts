import {
  aCancellation,
  aCancelRejection,
  aDenial,
  aFinalFill,
  aHalt,
  aManualCancel,
  aManualOrder,
  amount,
  anAcceptance,
  anApproval,
  anEvent,
  anExpiry,
  aPartialFill,
  aPortfolio,
  aRejection,
  aSignal,
  aTimeout,
  START,
} from '@tideway/domain/testing'
import { type Event, type Identity, identityOf } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { type Drive, drive, tradingWorld } from '../testing/index.ts'
import { execution, LIMIT_LIFE_MICROS } from './execution.ts'
import { ENDED_KEPT } from './open-orders.ts'

const idOf = (seq: number): Identity => ({ topic: 'orders', key: 'alpha', source: 'execution', seq })
const first = { order: idOf(0) }

/** What was emitted, in one line each. */
function told(events: readonly Event[]): string[] {
  return events.map(event => {
    if (event.type === 'OrderStateChanged') {
      const { from, to, filledQuantity, reason } = event.data
      return `${from} -> ${to}, ${filledQuantity} filled${reason && `: ${reason}`}`
    }
    if (event.type === 'FillRecorded')
      return `fill ${event.data.tradeId}: ${event.data.quantity} at ${event.data.price}`
    return event.type
  })
}

/** The identity of the last order; submissions and cancels count in the same sequence. */
function lastOrder({ emitted }: Drive): { order: Identity } {
  const intent = emitted.findLast(event => event.type === 'OrderIntended')
  if (intent === undefined) throw new Error('nothing was intended')
  return { order: identityOf(intent) }
}

function scene() {
  const driven = drive({ stages: [execution], key: 'alpha', ...tradingWorld() })
  driven.give(aPortfolio())
  const after = (...events: readonly Event[]) => told(driven.give(...events))
  return { driven, after }
}

/** A limit order of 0.1 that the venue has. */
function open() {
  const { driven, after } = scene()
  after(aSignal({ orderType: 'limit', limitPrice: amount(60_000) }), anApproval(first), anAcceptance(first))
  return { driven, after }
}

const part = (tradeId: string, quantity: string) => aPartialFill({ ...first, tradeId, quantity: amount(quantity) })
const rest = (tradeId: string, quantity: string) => aFinalFill({ ...first, tradeId, quantity: amount(quantity) })

describe('a wish', () => {
  it('of a strategy becomes an intent, whose identity is the order, caused by the signal', () => {
    const { driven, after } = scene()
    expect(after(aSignal())).toEqual(['OrderIntended'])
    const [intent] = driven.emitted
    expect(intent).toMatchObject({ ...idOf(0), causes: [{ topic: 'signals', source: 'test', seq: 0 }] })
    expect(intent?.data).toMatchObject({ origin: 'momentum', orderType: 'market', timeInForce: 'ioc' })
  })

  it('that was not taken becomes nothing', () => expect(scene().after(aSignal({ taken: false }))).toEqual([]))

  it('of a person becomes an intent of manual origin', () => {
    const { driven, after } = scene()
    expect(after(aManualOrder())).toEqual(['OrderIntended'])
    expect(driven.emitted[0]?.data).toMatchObject({ origin: 'manual', timeInForce: 'gtc' })
  })

  it.each([
    ['a limit order without price', aManualOrder({ limitPrice: null })],
    ['a market order with price', aManualOrder({ orderType: 'market' })],
    ['an order for all portfolios', aManualOrder({}, { key: '*' })],
    ['a cancel for all portfolios', aManualCancel({}, { key: '*' })],
  ])('of a person that makes no sense is refused: %s', (_what, command) => {
    expect(() => scene().after(command)).toThrow(expect.objectContaining({ code: 'malformed-command' }))
  })
})

describe('a verdict', () => {
  it('lets the order be submitted (X1)', () => {
    const { driven, after } = scene()
    after(aSignal())
    expect(after(anApproval(first))).toEqual(['OrderSubmitted', 'initialised -> submitted, 0 filled'])
    expect(driven.emitted[1]?.data).toMatchObject({ order: idOf(0), side: 'buy', orderType: 'market' })
  })

  it('denies it: the order ends', () => {
    const { after } = scene()
    after(aSignal())
    expect(after(aDenial(first))).toEqual(['initialised -> rejected, 0 filled: denied by orderNotional'])
  })

  it.each([
    ['of an unknown order', anApproval({ order: idOf(9) })],
    ['of an order that was approved before', anApproval(first)],
    ['against an order that was approved before', aDenial(first)],
  ])('%s is refused', (_what, verdict) => {
    expect(() => open().after(verdict)).toThrow(expect.objectContaining({ code: 'unknown-order' }))
  })
})

describe('a report', () => {
  it('moves the order, fill by fill', () => {
    const { after } = open()
    expect(after(part('1', '0.04'))).toEqual(['fill 1: 0.04 at 60000', 'accepted -> partiallyFilled, 0.04 filled'])
    expect(after(part('2', '0.01'))).toEqual([
      'fill 2: 0.01 at 60000',
      'partiallyFilled -> partiallyFilled, 0.05 filled',
    ])
    expect(after(rest('3', '0.05'))).toEqual(['fill 3: 0.05 at 60000', 'partiallyFilled -> filled, 0.1 filled'])
  })

  it('that tells a fill again changes nothing, even after the end (X3)', () => {
    const { after } = open()
    after(part('1', '0.04'))
    expect(after(part('1', '0.04'))).toEqual([])
    after(rest('2', '0.06'))
    expect(after(part('1', '0.04'), rest('2', '0.06'))).toEqual([])
  })

  it('that overtakes another is put right by the quantity (X4)', () => {
    const { after } = open()
    expect(after(rest('2', '0.06'))).toEqual(['fill 2: 0.06 at 60000', 'accepted -> partiallyFilled, 0.06 filled'])
    expect(after(part('1', '0.04'))).toEqual(['fill 1: 0.04 at 60000', 'partiallyFilled -> filled, 0.1 filled'])
  })

  it('that comes after the end still counts if it is a fill', () => {
    const { after } = open()
    after(aCancellation(first))
    expect(after(part('1', '0.04'))).toEqual(['fill 1: 0.04 at 60000', 'cancelled -> cancelled, 0.04 filled'])
    expect(after(rest('2', '0.06'))).toEqual(['fill 2: 0.06 at 60000', 'cancelled -> filled, 0.1 filled'])
    expect(after(anAcceptance(first))).toEqual([])
  })

  it.each([
    ['more than was ordered', part('1', '0.11'), 'overfilled'],
    ['a fill of nothing', part('1', '0'), 'overfilled'],
    ['an order that nobody knows', anAcceptance({ order: idOf(5) }), 'unknown-order'],
    ['a rejection of an order that was accepted', aRejection(first), 'impossible-report'],
    [
      'a paper order from a real venue',
      anEvent('reports', 'OrderCancelled', { ...first, reason: '' }, { key: 'alpha' }),
      'wrong-venue',
    ],
  ])('that cannot be true is refused: %s (X2)', (_what, report, code) => {
    expect(() => open().after(report)).toThrow(expect.objectContaining({ code }))
  })

  it('carries its reason on', () => {
    expect(open().after(anExpiry({ ...first, reason: 'ioc' }))).toEqual(['accepted -> expired, 0 filled: ioc'])
    const { after } = scene()
    after(aSignal(), anApproval(first))
    expect(after(aTimeout({ ...first, asked: 'submit' }))).toEqual([
      'submitted -> unknown, 0 filled: no answer to submit',
    ])
    expect(after(anAcceptance(first))).toEqual(['unknown -> accepted, 0 filled'])
  })
})

describe('a cancel', () => {
  it('by hand is asked for once, and answered by a report', () => {
    const { after } = open()
    expect(after(aManualCancel())).toEqual(['CancelRequested', 'accepted -> pendingCancel, 0 filled: by hand'])
    expect(after(aManualCancel())).toEqual([])
    expect(after(aCancellation(first))).toEqual(['pendingCancel -> cancelled, 0 filled: asked'])
    expect(after(aManualCancel())).toEqual([])
  })

  it('by hand of an order that nobody knows is refused', () => {
    expect(() => open().after(aManualCancel({ orderSeq: 7 }))).toThrow(/orders\/alpha\/execution\/7 is no order/)
  })

  it('comes to every open order with a halt, of the portfolio or of all (X5)', () => {
    for (const key of ['alpha', '*']) {
      const { driven, after } = open()
      after(aSignal({ orderType: 'limit', limitPrice: amount(59_000) }))
      after(anApproval(lastOrder(driven)))
      expect(after(aHalt({ reason: 'storm' }, { key }))).toEqual([
        'CancelRequested',
        'accepted -> pendingCancel, 0 filled: halt: storm',
        'CancelRequested',
        'submitted -> pendingCancel, 0 filled: halt: storm',
      ])
      const tripped = anEvent('risk', 'TradingHalted', { cause: 'dailyLoss', reason: '' }, { key: 'alpha' })
      expect(after(tripped)).toEqual([])
    }
  })

  it('comes to a limit order that a strategy does not get filled in time (X5)', () => {
    const { driven, after } = open()
    expect(driven.advanceTo(START + LIMIT_LIFE_MICROS - 1)).toEqual([])
    expect(told(driven.advanceTo(START + LIMIT_LIFE_MICROS))).toEqual([
      'CancelRequested',
      'accepted -> pendingCancel, 0 filled: not filled in time',
    ])
    const late = { time: START + LIMIT_LIFE_MICROS + 1 }
    expect(after(aCancelRejection(first, late))).toEqual(['pendingCancel -> unknown, 0 filled: unknown'])
    expect(after(anAcceptance(first, late))).toEqual(['unknown -> accepted, 0 filled'])
    expect(told(driven.advanceTo(START + 2 * LIMIT_LIFE_MICROS))).toHaveLength(2) // still open: asked again
    expect(after(aCancellation(first, { time: START + 2 * LIMIT_LIFE_MICROS }))).toHaveLength(1)
    driven.advanceTo(START + 10 * LIMIT_LIFE_MICROS)
    expect(driven.pending()).toEqual([])
  })

  it('comes to the open entry of a strategy that turns round, and to no one else (X6)', () => {
    const { after } = open()
    after(aManualOrder())
    expect(after(aSignal({ side: 'buy' }))).toEqual(['OrderIntended'])
    expect(after(aSignal({ side: 'sell', strategy: 'other' }))).toEqual(['OrderIntended'])
    expect(after(aSignal({ side: 'sell' }))).toEqual([
      'CancelRequested',
      'accepted -> pendingCancel, 0 filled: the strategy turned round',
      'OrderIntended',
    ])
  })

  it("does not come to a person's order, nor to one that is filled", () => {
    const { driven, after } = scene()
    after(aManualOrder(), anApproval(first))
    expect(driven.pending()).toEqual([])
    const filled = open()
    filled.after(rest('1', '0.1'))
    expect(filled.driven.advanceTo(START + 5 * LIMIT_LIFE_MICROS)).toEqual([])
  })
})

describe('the memory of orders that ended', () => {
  it(`reaches ${ENDED_KEPT} orders back, and open ones are never forgotten`, () => {
    const { driven, after } = scene()
    after(aSignal(), anApproval(first), anAcceptance(first))
    const denials: { order: Identity }[] = []
    for (let i = 0; i <= ENDED_KEPT; i++) {
      after(aSignal())
      const denied = lastOrder(driven)
      after(aDenial(denied))
      denials.push(denied)
    }

    const { open: stillOpen, ended } = driven.saved('execution') as { open: unknown[]; ended: unknown[] }
    expect([stillOpen.length, ended.length]).toEqual([1, ENDED_KEPT])
    expect(() => after(anAcceptance(denials[0]))).toThrow(/no order of the recent past/)
    expect(after(rest('1', '0.1'))).toHaveLength(2)
  })
})
