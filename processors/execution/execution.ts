/** Execution: owns the life of every order, from the wish to its end.
 *
 *  In     signals (taken ones), commands (SubmitOrder, CancelOrder, HaltTrading), orders (OrderApproved | OrderDenied),
 *         reports and reports.paper, risk (TradingHalted)
 *  Out    orders (OrderIntended, whose identity is the order's; OrderSubmitted; CancelRequested), executions
 *         (OrderStateChanged for each step, FillRecorded for each fill)
 *  State  per portfolio: open orders and the last that ended; about 300 bytes an order
 *  X1  Nothing is submitted without an approval.
 *  X2  A report moves an order only as `domain/order/life` allows; one that cannot be true is refused, and set aside.
 *  X3  A fill counts once, however often it is told, and never beyond the order's quantity.
 *  X4  The quantity says whether an order is filled, not the report's name: reports overtake each other.
 *  X5  A halt cancels what is open. A strategy's limit order that is not filled in time is cancelled; a person's is not.
 *  X6  A strategy that turns round does not trade with itself: its open orders of the other side are cancelled first. */
import { nextState, ZERO } from '@tideway/domain'
import {
  formatIdentity,
  type Identity,
  type OrderIntended,
  type SignalRaised,
  type SubmitOrder,
  stage,
  type Turn,
} from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { ExecutionError } from './errors.ts'
import { type ExecutionState, findOrder, loadOrders, noOrders, type OrderRecord, saveOrders } from './open-orders.ts'
import { follow, step } from './reports.ts'

/** How long a strategy's limit order may wait: the built-in strategies think in seconds. */
export const LIMIT_LIFE_MICROS = 30_000_000

type ExecutionTurn = Turn<TradingViews>
const MANUAL = 'manual'

export const execution = stage<ExecutionState, TradingViews>({
  name: 'execution',
  version: 1,
  reads: ['signals', 'commands', 'orders', 'reports', 'reports.paper', 'risk'],
  writes: ['orders', 'executions'],
  empty: noOrders,
  save: saveOrders,
  load: loadOrders,
  on: {
    SignalRaised(state, { data }, turn) {
      if (!data.taken) return
      const { strategy, symbol, side, orderType, quantity, limitPrice } = data
      cancelOther(state, data, turn)
      const timeInForce = orderType === 'market' ? 'ioc' : 'gtc'
      intend(state, { origin: strategy, symbol, side, orderType, timeInForce, quantity, limitPrice }, turn)
    },
    SubmitOrder(state, { key, data }, turn) {
      refuseForAll(key, 'SubmitOrder', turn)
      checkPrice(data)
      intend(state, { origin: MANUAL, ...data }, turn)
    },
    CancelOrder(state, { key, data }, turn) {
      refuseForAll(key, 'CancelOrder', turn)
      const id = { topic: 'orders', key, source: data.orderSource, seq: data.orderSeq }
      const record = findOrder(state, id)
      if (record === undefined) {
        throw new ExecutionError('unknown-order', `CancelOrder: ${formatIdentity(id)} is no order of the recent past`)
      }
      // It ended on its way here, or a cancel is under way: nothing to do, and no error of anybody's.
      cancel(state, record, 'by hand', turn)
    },
    HaltTrading: (state, { data }, turn) => cancelAll(state, `halt: ${data.reason}`, turn),
    TradingHalted: (state, { data }, turn) => cancelAll(state, `halt: ${data.reason}`, turn),
    OrderApproved: (state, { data }, turn) => submit(state, awaitingVerdict(state, data.order), turn),
    OrderDenied(state, { data }, turn) {
      step(state, awaitingVerdict(state, data.order), 'OrderRejected', `denied by ${data.rule}`, turn)
    },
    OrderAccepted: follow,
    OrderPartiallyFilled: follow,
    OrderFilled: follow,
    OrderCancelled: follow,
    OrderExpired: follow,
    OrderRejected: follow,
    CancelRejected: follow,
    AnswerTimedOut: follow,
  },
  /** The time of a limit order is over. While it stays open, silence or a refused cancel is met by asking again later. */
  wake(state, name, turn) {
    const record = state.open.get(name)
    if (record === undefined) return
    cancel(state, record, 'not filled in time', turn)
    turn.wakeAt(turn.time + LIMIT_LIFE_MICROS, name)
  },
})

/** Its identity becomes the order's. */
function intend(state: ExecutionState, intent: OrderIntended, turn: ExecutionTurn): void {
  const id = turn.emit('orders', 'OrderIntended', intent)
  const record: OrderRecord = { id, intent, state: 'initialised', filled: ZERO, tradeIds: [] }
  state.open.set(formatIdentity(id), record)
}

function awaitingVerdict(state: ExecutionState, order: Identity): OrderRecord {
  const record = findOrder(state, order)
  if (record?.state === 'initialised') return record
  throw new ExecutionError('unknown-order', `${formatIdentity(order)} waits for no verdict`)
}

/** X1 */
function submit(state: ExecutionState, record: OrderRecord, turn: ExecutionTurn): void {
  const { id, intent } = record
  const { origin, symbol, side, orderType, timeInForce, quantity, limitPrice } = intent
  turn.emit('orders', 'OrderSubmitted', { order: id, symbol, side, orderType, timeInForce, quantity, limitPrice })
  step(state, record, 'OrderSubmitted', '', turn)
  const waits = orderType === 'limit' && timeInForce !== 'ioc' && origin !== MANUAL
  if (waits) turn.wakeAt(turn.time + LIMIT_LIFE_MICROS, formatIdentity(id)) // X5
}

/** Asks the venue to cancel, where the order is in a state that it can be asked in. */
function cancel(state: ExecutionState, record: OrderRecord, reason: string, turn: ExecutionTurn): void {
  if (nextState(record.state, 'CancelRequested') === undefined) return
  turn.emit('orders', 'CancelRequested', { order: record.id, reason })
  step(state, record, 'CancelRequested', reason, turn)
}

/** X6 */
function cancelOther(state: ExecutionState, { strategy, symbol, side }: SignalRaised, turn: ExecutionTurn): void {
  for (const record of state.open.values()) {
    const { intent } = record
    const isOther = intent.origin === strategy && intent.symbol === symbol && intent.side !== side
    if (isOther) cancel(state, record, 'the strategy turned round', turn)
  }
}

/** X5 */
function cancelAll(state: ExecutionState, reason: string, turn: ExecutionTurn): void {
  for (const record of state.open.values()) cancel(state, record, reason, turn)
}

function checkPrice({ orderType, limitPrice }: SubmitOrder): void {
  if ((orderType === 'limit') !== (limitPrice !== null)) {
    throw new ExecutionError(
      'malformed-command',
      `a ${orderType} order ${limitPrice === null ? 'without' : 'with'} limit price`,
    )
  }
}

/** An order for every portfolio at once is a slip, not a wish. */
function refuseForAll(key: string, command: string, turn: ExecutionTurn): void {
  if (key !== turn.key) throw new ExecutionError('malformed-command', `${command} names one portfolio, not ${key}`)
}
