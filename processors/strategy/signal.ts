/** From what a strategy wants to what is said about it: one signal for each change of a decision (S1, S2 of the stage). */
import { type Instrument, MICROS_PER_SECOND, priceOf, roundQuantity } from '@tideway/domain'
import type { Turn } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { type Assignment, FLAT, type Held, type StrategyState } from './assignment.ts'
import type { Decision } from './decision.ts'
import type { Moment, StrategyDefinition } from './definition.ts'
import { StrategyError } from './errors.ts'
import { objection, orderOf, REPEAT_MICROS, sideOf } from './outcome.ts'

/** Asks a strategy with whatever woke it. */
export type Ask = (
  strategy: StrategyDefinition,
  now: Moment<Readonly<Record<string, number>>, unknown>,
) => Decision | undefined

const TAKEN = 'taken'

/** Lets a strategy decide and says what is new about it (S1). */
export function consider(
  state: StrategyState,
  assignment: Assignment,
  strategy: StrategyDefinition,
  turn: Turn<TradingViews>,
  ask: Ask,
): void {
  const { symbol, parameters } = assignment
  const instrument = turn.views.instruments.get(symbol)
  if (instrument === undefined) return // without rules there is no size; config lists instruments before portfolios
  const book = turn.views.books.get(symbol)
  const bidTicks = book?.best('bid') ?? 0
  const askTicks = book?.best('ask') ?? 0
  const held = tradable(state.holdings.get(symbol), instrument, bidTicks)
  const now = {
    time: turn.time,
    instrument,
    parameters,
    state: assignment.own,
    holding: held,
    bidTicks,
    askTicks,
  }
  const decision = ask(strategy, now)
  const wish = decision?.move ?? ''
  if (wish !== assignment.wish) {
    assignment.wish = wish
    assignment.said = ''
  }
  if (decision === undefined) return
  if (!Number.isFinite(decision.notional) || decision.notional < 0 || !Number.isFinite(decision.strength)) {
    throw new StrategyError(strategy.name, `wants ${decision.move} with size ${decision.notional}: no size`)
  }
  const circumstances = {
    assignment,
    held,
    instrument,
    doubleMidTicks: bidTicks > 0 && askTicks > 0 ? bidTicks + askTicks : 0,
    time: turn.time,
    cooldownMicros: strategy.cooldownSeconds(parameters) * MICROS_PER_SECOND,
  }
  const against = objection(decision, circumstances)
  const order = against === '' ? orderOf(decision, circumstances) : undefined
  const outcome = order !== undefined ? TAKEN : against === '' ? 'smaller than one step' : against
  if (outcome === TAKEN) assignment.takenTime = turn.time
  else {
    const isNews = assignment.said !== TAKEN && assignment.said !== outcome
    if (!isNews || turn.time - assignment.notTakenTime < REPEAT_MICROS) return
    assignment.notTakenTime = turn.time
  }
  assignment.said = outcome
  turn.emit('signals', 'SignalRaised', {
    strategy: strategy.name,
    symbol,
    side: order?.side ?? sideOf(decision, held.quantity),
    orderType: decision.limitTicks === null ? 'market' : 'limit',
    quantity: order?.quantity ?? FLAT.exact,
    limitPrice: order?.limitPrice ?? null,
    strength: decision.strength,
    taken: order !== undefined,
    reason: order !== undefined ? decision.because : outcome,
  })
}

/** S5. Exact, and looked at only while something is held. What could be sold of it is whole steps. */
function tradable(held: Held | undefined, instrument: Instrument, bidTicks: number): Held {
  if (held === undefined) return FLAT
  const quantity = roundQuantity(instrument, held.exact.abs(), 'floor')
  const isDust =
    quantity.isZero() ||
    quantity.lt(instrument.minQuantity) ||
    quantity.times(priceOf(instrument, bidTicks)).lt(instrument.minNotional)
  return isDust && bidTicks > 0 ? FLAT : held
}
