/** Judges an intent: every rule is asked; the first that refuses names the reason. */
import { midPrice, roundQuantity, ZERO } from '@tideway/domain'
import { Decimal, type EventNamed, type PortfolioOpened, type Turn } from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import { freeCash, openOnSide, type RiskState } from './risk-state.ts'
import { buyingPower } from './rules/buying-power.ts'
import { dailyLoss } from './rules/daily-loss.ts'
import { instrumentRules } from './rules/instrument-rules.ts'
import { killSwitch } from './rules/kill-switch.ts'
import { openOrders } from './rules/open-orders.ts'
import { orderNotional } from './rules/order-notional.ts'
import { positionLimit } from './rules/position-limit.ts'
import { priceCollar } from './rules/price-collar.ts'
import { spotShort } from './rules/spot-short.ts'
import { type Approved, pass, type Question, type Refusal, type RiskRule, refuse } from './verdict.ts'

export type Intent = EventNamed<'OrderIntended'>

/** In the order in which a refusal is named. */
const rules: readonly RiskRule[] = [
  dailyLoss,
  killSwitch,
  instrumentRules,
  openOrders,
  orderNotional,
  priceCollar,
  spotShort,
  buyingPower,
  positionLimit,
]

export type Verdict = { readonly passed: Approved<Intent>; readonly question: Question } | { readonly refused: Refusal }

/** The verdict on an intent from what has been folded so far (R1). `dayLoss` is as of now. */
export function judge(state: RiskState, intent: Intent, dayLoss: Decimal, turn: Turn<TradingViews>): Verdict {
  const question = questionOf(state, intent, dayLoss, turn)
  if ('rule' in question) return { refused: question }
  const refusals = refusalsOf(question)
  const [first] = refusals
  if (first === undefined) return { passed: intent as Approved<Intent>, question }
  return { refused: { ...first, wouldPass: largestThatPasses(question, refusals) } }
}

function refusalsOf(question: Question): Refusal[] {
  return rules.map(rule => rule(question)).filter(answer => answer !== pass)
}

/** R2: the least of what the refusing rules would let through, in whole steps, if all rules then agree. */
function largestThatPasses(question: Question, refusals: readonly Refusal[]): Decimal {
  const least = Decimal.min(...refusals.map(({ wouldPass }) => wouldPass))
  if (!least.gt(0)) return ZERO
  const quantity = roundQuantity(question.instrument, least, 'floor')
  const agreed = refusalsOf({ ...question, order: { ...question.order, quantity } }).length === 0
  return agreed ? quantity : ZERO
}

/** What must be known before any rule can be asked: an order without is denied, not guessed at. */
function questionOf(
  state: RiskState,
  { data: order }: Intent,
  dayLoss: Decimal,
  { key, views }: Turn<TradingViews>,
): Question | Refusal {
  const portfolio = views.portfolios.get(key)
  if (!state.opened || portfolio === undefined) return refuse('portfolioOpened', key, 'an open portfolio', ZERO)
  if (state.limits === null) return refuse('limitsSet', 'none', 'limits of the portfolio', ZERO)
  const instrument = views.instruments.get(order.symbol)
  if (instrument === undefined) return refuse('instrumentListed', order.symbol, 'a listed instrument', ZERO)
  if (!trades(portfolio, order.symbol)) {
    return refuse('symbolTraded', order.symbol, 'a symbol of the strategies of the portfolio', ZERO)
  }
  if (instrument.kind === 'inverse') return refuse('accounting', 'inverse', 'spot or linear', ZERO)
  const paidIn = instrument.kind === 'spot' ? instrument.quote : instrument.settle
  if (paidIn !== portfolio.currency) return refuse('currency', paidIn, portfolio.currency, ZERO)
  const mid = midPrice(instrument, views.books.get(order.symbol))
  if (mid === undefined) return refuse('midKnown', 'none', 'a book with both sides', ZERO)
  return {
    order,
    instrument,
    mid,
    limits: state.limits,
    position: state.symbols.get(order.symbol)?.exposed ?? ZERO,
    openOnSide: openOnSide(state, order.symbol, order.side),
    freeCash: freeCash(state),
    openOrders: state.open.size,
    halt: state.halt,
    dayLoss,
  }
}

/** A task reads the market of the symbols that its portfolios trade: of another one it would know no price, and an order
 *  on paper would never be filled. What is still held of a symbol that was taken away is closed by giving it back. */
function trades({ strategies }: PortfolioOpened, symbol: string): boolean {
  return strategies.some(({ symbols }) => symbols.includes(symbol))
}
