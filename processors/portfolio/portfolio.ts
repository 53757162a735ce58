/** Portfolio: the accountant. What was bought for how much, what it is worth, what has been earned and paid.
 *
 *  In     executions (FillRecorded), config (PortfolioOpened), clock; the books as a view
 *  Out    positions (PositionChanged for each fill; EquityMarked after it and when the clock says a whole second, once
 *         every holding has a mid)
 *  State  per portfolio: cash and a holding per symbol
 *  P1  Equity is opening cash + realised + unrealised - fees, to the last digit, after any sequence of fills.
 *  P2  Positions are by average cost, signed; one fill may take a holding through zero.
 *  P3  Spot and linear contracts only, with fees in the portfolio's currency; anything else is refused, not converted.
 *  P4  A holding is valued at the mid of its book; at its last mid while a side of the book is empty. */
import { cashFlow, type Instrument, midPrice, ZERO } from '@tideway/domain'
import { type EquityMarked, type FillRecorded, stage, type Turn } from '@tideway/schemas'
import { isMeasureTime } from '../measure-time.ts'
import type { TradingViews } from '../trading-views.ts'
import { afterFill, averagePrice, FLAT, unrealised } from './average-cost.ts'
import { PortfolioError } from './errors.ts'
import { emptyLedger, type Ledger, loadLedger, saveLedger } from './ledger.ts'

type PortfolioTurn = Turn<TradingViews>

export const portfolio = stage<Ledger, TradingViews>({
  name: 'portfolio',
  version: 1,
  reads: ['config', 'clock', 'executions'],
  writes: ['positions'],
  empty: emptyLedger,
  save: saveLedger,
  load: loadLedger,
  on: {
    PortfolioOpened(ledger, { data }) {
      if (ledger.opened) return // opened again with other strategies: what it holds stays
      ledger.opened = true
      ledger.cash = data.cash
    },
    FillRecorded(ledger, { data }, turn) {
      checkAccountable(ledger, data, turn)
      const position = afterFill(ledger.positions.get(data.symbol) ?? FLAT, data)
      ledger.positions.set(data.symbol, position)
      ledger.cash = ledger.cash.plus(cashFlow(data))
      const { quantity, realised, fees } = position
      turn.emit('positions', 'PositionChanged', {
        symbol: data.symbol,
        quantity,
        averagePrice: averagePrice(position),
        realised,
        fees,
        cash: ledger.cash,
      })
      mark(ledger, turn)
    },
    TimePassed(ledger, _event, turn) {
      if (ledger.opened && isMeasureTime(turn.time)) mark(ledger, turn)
    },
  },
})

function mark(ledger: Ledger, turn: PortfolioTurn): void {
  const equity = equityOf(ledger, turn)
  if (equity !== undefined) turn.emit('positions', 'EquityMarked', equity)
}

/** P1, P4. Undefined while a holding has never had a mid. Sums are exact, so their order does not matter. */
function equityOf({ cash, positions, lastMids }: Ledger, { views }: PortfolioTurn): EquityMarked | undefined {
  const total = { equity: cash, realised: ZERO, unrealised: ZERO, fees: ZERO }
  for (const [symbol, position] of positions) {
    total.realised = total.realised.plus(position.realised)
    total.fees = total.fees.plus(position.fees)
    if (position.quantity.isZero()) {
      lastMids.delete(symbol)
      continue
    }
    const instrument = views.instruments.get(symbol)
    const mid = (instrument && midPrice(instrument, views.books.get(symbol))) ?? lastMids.get(symbol)
    if (mid === undefined) return undefined
    lastMids.set(symbol, mid)
    const gain = unrealised(position, mid)
    total.unrealised = total.unrealised.plus(gain)
    total.equity = total.equity.plus(position.cost).plus(gain)
  }
  return { cash, ...total }
}

/** P3 */
function checkAccountable(ledger: Ledger, fill: FillRecorded, { key, views }: PortfolioTurn): void {
  const opened = views.portfolios.get(key)
  if (!ledger.opened || opened === undefined) throw new PortfolioError('not-open', `${key} is no open portfolio`)
  const instrument = views.instruments.get(fill.symbol)
  if (instrument === undefined) throw new PortfolioError('unknown-instrument', `${fill.symbol} is not listed`)
  if (instrument.kind === 'inverse') {
    throw new PortfolioError('unsupported', `${fill.symbol} is an inverse contract: its accounting is not there yet`)
  }
  const currency = paidIn(instrument)
  if (currency !== opened.currency) {
    throw new PortfolioError(
      'unsupported',
      `${fill.symbol} is paid in ${currency}, ${key} counts in ${opened.currency}`,
    )
  }
  if (!fill.fee.isZero() && fill.feeAsset !== currency) {
    throw new PortfolioError(
      'unsupported',
      `trade ${fill.tradeId} has a fee in ${fill.feeAsset}; only ${currency} is counted`,
    )
  }
}

function paidIn({ kind, quote, settle }: Instrument): string {
  return kind === 'spot' ? quote : settle
}
