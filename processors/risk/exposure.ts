/** What the portfolio is worth now, and what it has lost since 00:00 UTC.
 *  The day's yardstick is the equity at midnight; where nothing was measured then, the last known before. */
import { midPrice, product, quotient, utcDayStart, ZERO } from '@tideway/domain'
import { Decimal, type ExposureMeasured, type Turn } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import type { RiskState } from './risk-state.ts'

/** Takes the books as they are: equity, the highest equity, the day's yardstick. Where a holding has never had a mid,
 *  equity stays as it was. Returns what the day has lost, at least zero. */
export function measure(state: RiskState, turn: Turn<TradingViews>): Decimal {
  const before = state.equity
  const value = holdingsOf(state, turn)
  if (value !== undefined) {
    state.equity = state.cash.plus(value.net)
    if (state.equity.gt(state.peak)) state.peak = state.equity
  }
  const today = utcDayStart(turn.time)
  if (today !== state.dayStart) {
    state.dayEquity = turn.time === today ? state.equity : before
    state.dayStart = today
  }
  return Decimal.max(state.dayEquity.minus(state.equity), ZERO)
}

/** The exposure to publish, after `measure`; undefined while a holding has never had a mid. */
export function exposureOf(state: RiskState, dayLoss: Decimal, turn: Turn<TradingViews>): ExposureMeasured | undefined {
  const value = holdingsOf(state, turn)
  if (value === undefined) return undefined
  const { equity, peak } = state
  const drawdown = peak.gt(0) ? quotient(peak.minus(equity), peak, 'half-even') : ZERO
  const { gross, net } = value
  return { equity, gross, net, dayLoss, drawdown, openOrders: state.open.size, halted: state.halt !== null }
}

/** Sums of |holding| and of holding, each at its last mid. Exact, so their order does not matter. */
function holdingsOf(state: RiskState, { views }: Turn<TradingViews>): { gross: Decimal; net: Decimal } | undefined {
  let gross = ZERO
  let net = ZERO
  for (const [symbol, risk] of state.symbols) {
    if (risk.held.isZero()) continue
    const instrument = views.instruments.get(symbol)
    const mid = instrument && midPrice(instrument, views.books.get(symbol))
    if (mid !== undefined) risk.lastMid = mid
    if (risk.lastMid === null) return undefined
    const value = product(risk.held, risk.lastMid)
    gross = gross.plus(value.abs())
    net = net.plus(value)
  }
  return { gross, net }
}
