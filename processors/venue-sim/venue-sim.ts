/** The simulated venue of a paper portfolio.
 *
 *  In     orders (OrderSubmitted, CancelRequested), ticks (every one of the symbols that it trades)
 *  Out    reports.paper: what a venue would have answered, matched against the recorded market (domain/matching)
 *  State  per portfolio: an engine for each symbol with open orders or taken lots, and what is on its way
 *
 *  V1  It acts for portfolios whose account is `paper`, and for no other.
 *  V2  A request reaches the venue `latencyMicros` after it was made and is matched with the book as it is then, before
 *      the ticks of that microsecond. What happens there is reported as much later. Without latency both are at once.
 *  V3  A report's event time is when the venue acted. Its cause is what made the venue act: the order, or the tick.
 *  V4  Each order is answered: taken, refused with the rule that it broke, or refused as one that is open already.
 *  V5  Ids are counted per portfolio: what shares a task does not show.
 *  V6  Own orders and simulated liquidity are this portfolio's alone.
 *
 *  Hot: a tick of a portfolio that has nothing at the venue costs a look at the size of a map. */
import { type Instrument, priceOf, quantityOf, type RecordedBook } from '@tideway/domain'
import {
  cancel,
  type Engine,
  emptyEngine,
  feeOf,
  isIdle,
  type Outcome,
  onBook,
  onTrade,
  submit,
} from '@tideway/domain/matching'
import { formatIdentity, stage, type Turn } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { admit } from './admission.ts'
import { type Answer, report } from './answer.ts'
import { emptyVenueSim, type Request, type VenueSimState } from './state.ts'

type PaperTurn = Turn<TradingViews>

const REQUEST = 'request:'
const ANSWERS = 'answers:'

const nothingKnown: RecordedBook = { partial: true, best: () => 0, lotsAt: () => 0, next: () => 0 }

export const venueSim = stage<VenueSimState, TradingViews>({
  name: 'venue-sim',
  version: 1,
  reads: ['orders', 'ticks'],
  writes: ['reports.paper'],
  empty: emptyVenueSim,
  save: state => structuredClone(state),
  load: saved => structuredClone(saved as VenueSimState),
  on: {
    OrderSubmitted(state, { data }, turn) {
      const { order, symbol, side, orderType, timeInForce } = data
      const quantity = data.quantity.toString()
      const limitPrice = data.limitPrice === null ? null : data.limitPrice.toString()
      send(state, { kind: 'submit', order, symbol, side, orderType, timeInForce, quantity, limitPrice }, turn)
    },
    CancelRequested(state, { data }, turn) {
      send(state, { kind: 'cancel', order: data.order, reason: data.reason }, turn)
    },
    TradePrinted(state, event, turn) {
      if (state.engines.size === 0) return
      const engine = state.engines.get(event.key)
      if (engine === undefined) return
      const { aggressor, priceTicks, sizeLots } = event.data
      settle(state, event.key, engine, onTrade(engine, aggressor, priceTicks, sizeLots, turn.time), turn)
    },
    QuoteChanged: (state, event, turn) => bookChanged(state, event.key, turn),
    DepthChanged: (state, event, turn) => bookChanged(state, event.key, turn),
    BookSnapshotted: (state, event, turn) => bookChanged(state, event.key, turn),
  },
  wake(state, tag, turn) {
    if (tag.startsWith(REQUEST)) {
      const number = Number(tag.slice(REQUEST.length))
      const request = state.requests.get(number)
      state.requests.delete(number)
      if (request !== undefined) arrive(state, request, turn)
      return
    }
    const number = Number(tag.slice(ANSWERS.length))
    const sent = state.sent.get(number)
    state.sent.delete(number)
    for (const answer of sent?.answers ?? []) report(answer, sent?.at ?? turn.time, turn)
  },
})

function bookChanged(state: VenueSimState, symbol: string, turn: PaperTurn): void {
  if (state.engines.size === 0) return
  const engine = state.engines.get(symbol)
  if (engine === undefined) return
  settle(state, symbol, engine, onBook(engine, bookOf(symbol, turn), turn.time), turn)
}

/** Sends a request on its way (V1, V2). */
function send(state: VenueSimState, request: Request, turn: PaperTurn): void {
  const portfolio = turn.views.portfolios.get(turn.key)
  if (portfolio?.account !== 'paper') return
  if (portfolio.latencyMicros === 0) {
    arrive(state, request, turn)
    return
  }
  const number = state.messages++
  state.requests.set(number, request)
  turn.wakeAt(turn.time + portfolio.latencyMicros, `${REQUEST}${number}`)
}

/** A request is at the venue. */
function arrive(state: VenueSimState, request: Request, turn: PaperTurn): void {
  const id = formatIdentity(request.order)
  const open = state.open.get(id)
  if (request.kind === 'cancel') {
    const engine = open && state.engines.get(open.symbol)
    if (open === undefined || engine === undefined) {
      answer(state, [{ type: 'CancelRejected', order: request.order, reason: 'no such open order' }], turn)
    } else settle(state, open.symbol, engine, cancel(engine, id), turn, request.reason)
    return
  }
  const { order, symbol } = request
  const book = bookOf(symbol, turn)
  const admission =
    open === undefined
      ? admit(request, turn.views.instruments.get(symbol), book)
      : { refused: 'an order of this identity is open' }
  if ('refused' in admission) {
    answer(state, [{ type: 'OrderRejected', order, reason: admission.refused }], turn) // V4
    return
  }
  const engine = state.engines.get(symbol) ?? emptyEngine()
  const outcomes = submit(engine, admission.admitted, book)
  state.open.set(id, { order, symbol, venueOrderId: `${turn.key}-${++state.orders}` }) // V5
  settle(state, symbol, engine, outcomes, turn)
}

/** Keeps or forgets the engine, and answers what happened in it. */
function settle(
  state: VenueSimState,
  symbol: string,
  engine: Engine,
  outcomes: readonly Outcome[],
  turn: PaperTurn,
  reason = '',
): void {
  if (isIdle(engine)) state.engines.delete(symbol)
  else if (!state.engines.has(symbol)) state.engines.set(symbol, engine)
  if (outcomes.length === 0) return
  const instrument = turn.views.instruments.get(symbol)
  if (instrument === undefined) throw new Error(`${symbol} has open orders and is not listed`)
  answer(
    state,
    outcomes.map(outcome => answerTo(state, outcome, instrument, reason, turn.key)),
    turn,
  )
}

function answerTo(state: VenueSimState, outcome: Outcome, instrument: Instrument, reason: string, key: string): Answer {
  const open = state.open.get(outcome.id)
  if (open === undefined) throw new Error(`${outcome.id} is in an engine and not among the open orders`)
  const { order, venueOrderId } = open
  if (outcome.kind === 'accepted') return { type: 'OrderAccepted', order, venueOrderId }
  if (outcome.kind === 'cancelRejected') return { type: 'CancelRejected', order, reason: outcome.reason }
  if (outcome.kind !== 'filled' || outcome.leavesLots === 0) state.open.delete(outcome.id)
  switch (outcome.kind) {
    case 'rejected':
      return { type: 'OrderRejected', order, reason: outcome.reason }
    case 'cancelled':
      return { type: 'OrderCancelled', order, reason }
    case 'expired':
      return { type: 'OrderExpired', order, reason: 'the book had no more within its limit' }
    case 'filled': {
      const price = priceOf(instrument, outcome.priceTicks)
      const quantity = quantityOf(instrument, outcome.lots)
      const { fee, feeAsset } = feeOf(instrument, price, quantity, outcome.liquidity)
      return {
        type: 'Fill',
        order,
        venueOrderId,
        tradeId: `${key}-${++state.trades}`,
        price: price.toString(),
        quantity: quantity.toString(),
        fee: fee.toString(),
        feeAsset,
        liquidity: outcome.liquidity,
        leaves: quantityOf(instrument, outcome.leavesLots).toString(),
      }
    }
  }
}

/** Reports at once, or sends the answers on their way back (V2). */
function answer(state: VenueSimState, answers: readonly Answer[], turn: PaperTurn): void {
  const latencyMicros = turn.views.portfolios.get(turn.key)?.latencyMicros ?? 0
  if (latencyMicros === 0) {
    for (const each of answers) report(each, turn.time, turn)
    return
  }
  const number = state.messages++
  state.sent.set(number, { at: turn.time, answers })
  turn.wakeAt(turn.time + latencyMicros, `${ANSWERS}${number}`)
}

function bookOf(symbol: string, turn: PaperTurn): RecordedBook {
  return turn.views.books.get(symbol) ?? nothingKnown
}
