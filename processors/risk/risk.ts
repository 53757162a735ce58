/** Risk: no intent reaches a venue without a verdict from here.
 *
 *  In     orders (OrderIntended), executions, positions, config (PortfolioOpened, LimitsSet), commands (HaltTrading,
 *         ResumeTrading, SetLimits), clock; the books as a view
 *  Out    orders (OrderApproved | OrderDenied), risk (ExposureMeasured when the clock says a whole second,
 *         TradingHalted, TradingResumed, LimitsChanged)
 *  State  per portfolio: exposure by symbol, open orders, limits, the day's loss, halted or not; about 2 KB
 *  R1  A verdict uses only what was folded before its intent.
 *  R2  A refusal names rule, value, limit and the largest quantity that would have passed.
 *  R3  What is not known is refused, not guessed: portfolio, limits, instrument, currency, mid; and so is a symbol that
 *      the portfolio does not trade, whoever asks.
 *  R4  The limits count every fill that is known and every open order, so that orders of one moment cannot pass together
 *      what none may pass alone.
 *  R5  A day that loses its limit halts the portfolio; only a person resumes. Resumed while the loss stands, it halts
 *      again with the next measure. */
import { cashFlow, isFinal, type OrderState, utcDayStart } from '@tideway/domain'
import { type Decimal, formatIdentity, identityOf, type LimitsSet, stage, type Turn } from '@tideway/schemas'
import { isMeasureTime } from '../measure-time.ts'
import type { TradingViews } from '../trading-views.ts'
import { RiskError } from './errors.ts'
import { exposureOf, measure } from './exposure.ts'
import { type Intent, judge } from './judge.ts'
import { changedLimits, checkedLimits } from './limits.ts'
import { countFill, dropIfFlat, type Halt, loadRisk, noRisk, type RiskState, saveRisk, symbolOf } from './risk-state.ts'
import { isLost } from './rules/daily-loss.ts'
import type { Approved, Question } from './verdict.ts'

type RiskTurn = Turn<TradingViews>

export const risk = stage<RiskState, TradingViews>({
  name: 'risk',
  version: 1,
  reads: ['config', 'commands', 'clock', 'orders', 'executions', 'positions'],
  writes: ['orders', 'risk'],
  empty: noRisk,
  save: saveRisk,
  load: loadRisk,
  on: {
    PortfolioOpened(state, { data }, turn) {
      if (state.opened) return // opened again with other strategies: what it holds stays
      state.opened = true
      state.dayStart = utcDayStart(turn.time)
      for (const name of ['cash', 'spendable', 'equity', 'peak', 'dayEquity'] as const) state[name] = data.cash
      const { halted, reason } = turn.views.haltedAll
      if (halted) halt(state, { cause: 'command', reason }, turn)
    },
    LimitsSet: (state, { data }, turn) => setLimits(state, checkedLimits(data), turn),
    SetLimits(state, { key, data }, turn) {
      if (key !== turn.key) throw new RiskError(`SetLimits names one portfolio, not ${key}`)
      setLimits(state, changedLimits(state.limits, data), turn)
    },
    HaltTrading: (state, { data }, turn) => halt(state, { cause: 'command', reason: data.reason }, turn),
    ResumeTrading(state, { data }, turn) {
      if (state.halt === null) return
      state.halt = null
      turn.emit('risk', 'TradingResumed', { reason: data.reason })
    },
    OrderIntended(state, intent, turn) {
      const dayLoss = measured(state, turn)
      const verdict = judge(state, intent, dayLoss, turn)
      if ('refused' in verdict) turn.emit('orders', 'OrderDenied', { order: identityOf(intent), ...verdict.refused })
      else approve(state, verdict.passed, verdict.question, turn)
    },
    FillRecorded(state, { data }) {
      countFill(state, data.symbol, data.side, data.quantity, cashFlow(data), formatIdentity(data.order))
    },
    OrderStateChanged(state, { data }) {
      if (isFinal(data.to as OrderState)) state.open.delete(formatIdentity(data.order))
    },
    PositionChanged(state, { data }, turn) {
      symbolOf(state, data.symbol).held = data.quantity
      state.cash = data.cash
      measured(state, turn)
      dropIfFlat(state, data.symbol)
    },
    TimePassed(state, _event, turn) {
      if (!state.opened || !isMeasureTime(turn.time)) return
      const exposure = exposureOf(state, measured(state, turn), turn)
      if (exposure !== undefined) turn.emit('risk', 'ExposureMeasured', exposure)
    },
  },
})

/** Only what `judge` has passed gets here: the type says so. */
function approve(state: RiskState, intent: Approved<Intent>, { mid, instrument }: Question, turn: RiskTurn): void {
  const order = identityOf(intent)
  const { symbol, side, quantity, limitPrice } = intent.data
  const isPaid = instrument.kind === 'spot' && side === 'buy'
  state.open.set(formatIdentity(order), {
    symbol,
    side,
    price: limitPrice ?? mid,
    paidWithFee: isPaid ? instrument.takerFee : null,
    remaining: quantity,
  })
  turn.emit('orders', 'OrderApproved', { order, referencePrice: mid })
}

/** R5. Returns the day's loss. */
function measured(state: RiskState, turn: RiskTurn): Decimal {
  const dayLoss = measure(state, turn)
  if (state.limits !== null && isLost(dayLoss, state.limits)) {
    const reason = `lost ${dayLoss} since 00:00 UTC; the limit is ${state.limits.maxDailyLoss}`
    halt(state, { cause: 'dailyLoss', reason }, turn)
  }
  return dayLoss
}

function halt(state: RiskState, cause: Halt, turn: RiskTurn): void {
  if (state.halt !== null) return
  state.halt = cause
  turn.emit('risk', 'TradingHalted', { ...cause })
}

function setLimits(state: RiskState, limits: LimitsSet, turn: RiskTurn): void {
  state.limits = limits
  turn.emit('risk', 'LimitsChanged', { ...limits })
}
