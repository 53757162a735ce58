/** Scenes for tests of risk: a portfolio, a book at 60,000, orders and fills as the other stages tell them. */
import {
  aFill,
  aListing,
  amount,
  anIntent,
  aPortfolio,
  aPosition,
  aQuote,
  aStateChange,
  type Place,
  START,
  someLimits,
} from '@tideway/domain/testing'
import type { Event, Identity, OrderIntended } from '@tideway/schemas'
import { drive, tradingWorld } from '../../testing/index.ts'
import { risk } from '../risk.ts'

export const idOf = (seq: number): Identity => ({ topic: 'orders', key: 'alpha', source: 'execution', seq })

/** A portfolio with 100,000 USDT, the usual limits and a book at 60,000. */
export function scene(...more: readonly Event[]) {
  return sceneAt(START, ...more)
}

export function sceneAt(time: number, ...more: readonly Event[]) {
  const driven = drive({ stages: [risk], key: 'alpha', ...tradingWorld() })
  driven.give(aListing({}, { time }), aPortfolio({}, { time }), someLimits({}, { time }), aQuote({}, { time }), ...more)
  const after = (...events: readonly Event[]) => told(driven.give(...events))
  return { driven, after }
}

export function told(events: readonly Event[]): string[] {
  return events.map(event => {
    if (event.type === 'OrderApproved') return `approved at ${event.data.referencePrice}`
    if (event.type === 'OrderDenied') {
      const { rule, value, limit, wouldPass } = event.data
      return `${rule}: ${value} against ${limit}, ${wouldPass} would pass`
    }
    if (event.type === 'TradingHalted') return `halted by ${event.data.cause}: ${event.data.reason}`
    return event.type
  })
}

/** An order with its quantity; a market order unless a price is named. */
export function order(quantity: string, changes: Partial<OrderIntended> = {}, place: Place = {}) {
  const orderType = changes.limitPrice ? 'limit' : 'market'
  const data = { orderType, quantity: amount(quantity), limitPrice: null, ...changes } as const
  return anIntent(data, { source: 'execution', ...place })
}

/** The fill of an order as execution and portfolio tell it. */
export function filled(
  side: 'buy' | 'sell',
  quantity: string,
  position: string,
  cash: string,
  place: Place = {},
): Event[] {
  const of = { order: idOf(0), quantity: amount(quantity), side, fee: amount(0) }
  return [
    aFill(of, place),
    aStateChange({ order: idOf(0), to: 'filled' }, place),
    aPosition({ quantity: amount(position), cash: amount(cash) }, place),
  ]
}
