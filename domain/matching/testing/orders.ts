/** Orders and outcomes as tests of matching write them. */
import type { NewOrder, Outcome } from '../order.ts'

/** A limit order, good till cancelled, to buy 5 lots at 100, but for what is said. */
export function anOrder(changes: Partial<NewOrder> = {}): NewOrder {
  return { id: 'a', side: 'buy', orderType: 'limit', timeInForce: 'gtc', limitTicks: 100, lots: 5, ...changes }
}

export function aMarketOrder(changes: Partial<NewOrder> = {}): NewOrder {
  return anOrder({ orderType: 'market', limitTicks: 0, ...changes })
}

/** `a accepted`, `a 3@101 taker, 2 left`, `a expired, 2 left`, `a rejected: would-take` */
export function told(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map(outcome => {
    const { kind, id } = outcome
    if (kind === 'accepted') return `${id} accepted`
    if (kind === 'filled')
      return `${id} ${outcome.lots}@${outcome.priceTicks} ${outcome.liquidity}, ${outcome.leavesLots} left`
    if (kind === 'rejected' || kind === 'cancelRejected') return `${id} ${kind}: ${outcome.reason}`
    return `${id} ${kind}, ${outcome.leavesLots} left`
  })
}
