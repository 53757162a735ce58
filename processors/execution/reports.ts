/** How what a venue says moves an order (X2, X3, X4 of the stage). */
import { isFinal, nextState, type OrderReport } from '@tideway/domain'
import { type EventIn, formatIdentity, type Turn } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { ExecutionError } from './errors.ts'
import { type ExecutionState, endOrder, findOrder, type OrderRecord } from './open-orders.ts'

export type VenueReport = EventIn<'reports'> | EventIn<'reports.paper'>
type FillReport = Extract<VenueReport, { type: 'OrderPartiallyFilled' | 'OrderFilled' }>

/** Moves the order that the report is about. Throws ExecutionError for a report that cannot be true. */
export function follow(state: ExecutionState, report: VenueReport, turn: Turn<TradingViews>): void {
  const account = turn.views.portfolios.get(turn.key)?.account
  if ((account === 'paper') !== (report.topic === 'reports.paper')) {
    throw new ExecutionError(
      'wrong-venue',
      `${turn.key} is ${account ?? 'not open'}: no ${report.topic} can be about it`,
    )
  }
  const { order } = report.data
  const record = findOrder(state, order)
  if (record === undefined) {
    throw new ExecutionError('unknown-order', `${report.type}: ${formatIdentity(order)} is no order of the recent past`)
  }
  if (report.type === 'OrderPartiallyFilled' || report.type === 'OrderFilled') countFill(state, record, report, turn)
  else step(state, record, report.type, reasonOf(report), turn)
}

/** Takes the order to where the report leads, and says so where anything changed. */
export function step(
  state: ExecutionState,
  record: OrderRecord,
  report: OrderReport,
  reason: string,
  turn: Turn<TradingViews>,
): void {
  const from = record.state
  const to = checkedStep(record, report)
  if (to === from) return
  record.state = to
  if (isFinal(to)) endOrder(state, record)
  emitState(record, from, reason, turn)
}

/** X3, X4: a fill counts once, and the quantity says whether the order is filled, not the report's name. */
function countFill(state: ExecutionState, record: OrderRecord, { data }: FillReport, turn: Turn<TradingViews>): void {
  if (record.tradeIds.includes(data.tradeId)) return
  const { id, intent } = record
  const filled = record.filled.plus(data.quantity)
  if (!data.quantity.gt(0) || filled.gt(intent.quantity)) {
    throw new ExecutionError(
      'overfilled',
      `${formatIdentity(id)}: ${data.quantity} on top of ${record.filled} of ${intent.quantity} (trade ${data.tradeId})`,
    )
  }
  const from = record.state
  const to = checkedStep(record, filled.eq(intent.quantity) ? 'OrderFilled' : 'OrderPartiallyFilled')
  record.filled = filled
  record.state = to
  record.tradeIds.push(data.tradeId)
  if (isFinal(to)) endOrder(state, record)
  const { tradeId, price, quantity, fee, feeAsset, liquidity } = data
  const { symbol, side } = intent
  turn.emit('executions', 'FillRecorded', {
    order: id,
    symbol,
    side,
    tradeId,
    price,
    quantity,
    fee,
    feeAsset,
    liquidity,
  })
  emitState(record, from, '', turn)
}

function checkedStep(record: OrderRecord, report: OrderReport) {
  const to = nextState(record.state, report)
  if (to !== undefined) return to
  throw new ExecutionError(
    'impossible-report',
    `${formatIdentity(record.id)} is ${record.state}: no ${report} can follow`,
  )
}

function emitState({ id, intent, state, filled }: OrderRecord, from: string, reason: string, turn: Turn<TradingViews>) {
  const { symbol } = intent
  turn.emit('executions', 'OrderStateChanged', { order: id, symbol, from, to: state, filledQuantity: filled, reason })
}

function reasonOf(report: VenueReport): string {
  if ('reason' in report.data) return report.data.reason
  return report.type === 'AnswerTimedOut' ? `no answer to ${report.data.asked}` : ''
}
