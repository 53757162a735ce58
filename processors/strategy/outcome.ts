/** What becomes of a wish: an order, or the reason why not.
 *
 *  O1  One order at a time per strategy, symbol and portfolio; an exit need not wait for its own entry to fill up.
 *  O2  Each order either opens or reduces: a reversal gives up the holding first and enters with the next wish.
 *  O3  Entries wait for the strategy's cooldown after its last order; an exit waits one second, so that a refused one is
 *      not repeated with every event. */
import { fromNumber, type Instrument, MICROS_PER_SECOND, priceOf, quotient, roundQuantity } from '@tideway/domain'
import type { Decimal, Side } from '@tideway/schemas'
import type { Assignment, Held } from './assignment.ts'
import type { Decision } from './decision.ts'

export const REPEAT_MICROS = MICROS_PER_SECOND

export interface WantedOrder {
  readonly side: Side
  readonly quantity: Decimal
  readonly limitPrice: Decimal | null
}

export interface Circumstances {
  readonly assignment: Assignment
  readonly held: Held
  readonly instrument: Instrument
  /** Sum of best bid and ask in ticks; 0 while one of them is unknown. */
  readonly doubleMidTicks: number
  readonly time: number
  readonly cooldownMicros: number
}

/** Why the wish does not become an order; empty where nothing stands against it. Cheap: no decimals. */
export function objection(decision: Decision, circumstances: Circumstances): string {
  const { assignment, held, instrument, doubleMidTicks, time, cooldownMicros } = circumstances
  const { move } = decision
  if (move === 'long' && held.quantity > 0) return 'already long'
  if (move === 'short' && held.quantity < 0) return 'already short'
  if (move === 'exit' && held.quantity === 0) return 'nothing to exit'
  if (blocks(decision, assignment, held)) return 'its order is still open' // O1
  const wait = reduces(decision, held) ? REPEAT_MICROS : Math.max(cooldownMicros, REPEAT_MICROS) // O3
  if (assignment.takenTime > 0 && time - assignment.takenTime < wait) return 'cooling down'
  if (move === 'short' && held.quantity === 0 && instrument.kind === 'spot') return 'spot is not sold short'
  if (doubleMidTicks === 0) return 'the book is not known yet'
  return ''
}

/** The order of a wish without objection; undefined where it is smaller than a step. */
export function orderOf(decision: Decision, circumstances: Circumstances): WantedOrder | undefined {
  const { held, instrument, doubleMidTicks } = circumstances
  const limitPrice = decision.limitTicks === null ? null : priceOf(instrument, decision.limitTicks)
  const price = limitPrice ?? priceOf(instrument, doubleMidTicks).div(2)
  // A holding may lie between two steps as well: parts of orders are filled in whole lots.
  const size = reduces(decision, held)
    ? held.exact.abs()
    : quotient(fromNumber(decision.notional, 8, 'floor'), price, 'floor')
  const quantity = roundQuantity(instrument, size, 'floor')
  return quantity.gt(0) ? { side: sideOf(decision, held.quantity), quantity, limitPrice } : undefined
}

/** The side of the order that would fulfil the wish. */
export function sideOf({ move }: Decision, held: number): Side {
  if (move === 'exit') return held < 0 ? 'buy' : 'sell'
  return move === 'long' || move === 'buy' ? 'buy' : 'sell'
}

/** O1: an entry that is still filling gives way to its exit; execution cancels it. */
function blocks(decision: Decision, { working, workingSide }: Assignment, held: Held): boolean {
  if (working === '') return false
  const isEntry = workingSide === (held.quantity > 0 ? 'buy' : 'sell')
  return !(isEntry && reduces(decision, held))
}

/** O2 */
function reduces({ move }: Decision, { quantity }: Held): boolean {
  return move === 'exit' || (move === 'long' && quantity < 0) || (move === 'short' && quantity > 0)
}
