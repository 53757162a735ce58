/** What risk remembers of a portfolio: about 100 bytes a symbol and an open order. */
import { directionOf, ZERO } from '@tideway/domain'
import { Decimal, type LimitsSet, type Side } from '@tideway/schemas'

export interface Halt {
  readonly cause: 'command' | 'dailyLoss'
  readonly reason: string
}

export interface SymbolRisk {
  /** Signed, with every fill that is known. Limits count with this one: it is never behind the venue. */
  exposed: Decimal
  /** Signed, as the portfolio accounts for it. Equity counts with this one: it agrees with `cash`. */
  held: Decimal
  /** Values the holding while the book has an empty side; null before the first. */
  lastMid: Decimal | null
}

export interface OpenOrder {
  readonly symbol: string
  readonly side: Side
  /** The limit, or mid when it was approved. */
  readonly price: Decimal
  /** Fraction of notional; null where the order is not paid for (contracts, sales). */
  readonly paidWithFee: Decimal | null
  remaining: Decimal
}

export interface RiskState {
  opened: boolean
  limits: LimitsSet | null
  halt: Halt | null
  /** As the portfolio accounts for it. */
  cash: Decimal
  /** Cash with every fill that is known; as `exposed` to `held`. */
  spendable: Decimal
  symbols: Map<string, SymbolRisk>
  /** By identity of the intent, as text. */
  open: Map<string, OpenOrder>
  /** Last known, and the highest ever. */
  equity: Decimal
  peak: Decimal
  /** 00:00 UTC of the day, and what the portfolio was worth then. */
  dayStart: number
  dayEquity: Decimal
}

export function noRisk(): RiskState {
  return {
    opened: false,
    limits: null,
    halt: null,
    cash: ZERO,
    spendable: ZERO,
    symbols: new Map(),
    open: new Map(),
    equity: ZERO,
    peak: ZERO,
    dayStart: 0,
    dayEquity: ZERO,
  }
}

export function symbolOf(state: RiskState, symbol: string): SymbolRisk {
  let risk = state.symbols.get(symbol)
  if (risk === undefined) {
    risk = { exposed: ZERO, held: ZERO, lastMid: null }
    state.symbols.set(symbol, risk)
  }
  return risk
}

/** Forgets a symbol in which nothing is held. */
export function dropIfFlat(state: RiskState, symbol: string): void {
  const risk = state.symbols.get(symbol)
  if (risk?.exposed.isZero() && risk.held.isZero()) state.symbols.delete(symbol)
}

/** Open quantity of a symbol on one side. */
export function openOnSide(state: RiskState, symbol: string, side: Side): Decimal {
  let total = ZERO
  for (const order of state.open.values()) {
    if (order.symbol === symbol && order.side === side) total = total.plus(order.remaining)
  }
  return total
}

/** Cash less what open spot buys may still cost. */
export function freeCash(state: RiskState): Decimal {
  let free = state.spendable
  for (const { price, paidWithFee, remaining } of state.open.values()) {
    if (paidWithFee !== null) free = free.minus(remaining.times(price).times(paidWithFee.plus(1)))
  }
  return free
}

/** Counts a fill where limits look. */
export function countFill(
  state: RiskState,
  symbol: string,
  side: Side,
  quantity: Decimal,
  flow: Decimal,
  order: string,
): void {
  const risk = symbolOf(state, symbol)
  risk.exposed = risk.exposed.plus(quantity.times(directionOf(side)))
  state.spendable = state.spendable.plus(flow)
  const open = state.open.get(order)
  if (open !== undefined) open.remaining = open.remaining.minus(quantity)
}

type Saved<T> = {
  readonly [K in keyof T]: T[K] extends Decimal ? string : T[K] extends Decimal | null ? string | null : T[K]
}
type SavedRisk = Omit<Saved<RiskState>, 'symbols' | 'open' | 'limits'> & {
  readonly limits: Saved<LimitsSet> | null
  readonly symbols: readonly (readonly [string, Saved<SymbolRisk>])[]
  readonly open: readonly (readonly [string, Saved<OpenOrder>])[]
}

const text = (amount: Decimal | null) => amount?.toString() ?? null
const read = (saved: string | null) => (saved === null ? null : new Decimal(saved))

export function saveRisk(state: RiskState): SavedRisk {
  const { limits } = state
  return {
    opened: state.opened,
    limits: limits && {
      maxPositionNotional: limits.maxPositionNotional.toString(),
      maxOrderNotional: limits.maxOrderNotional.toString(),
      priceCollar: limits.priceCollar.toString(),
      maxDailyLoss: limits.maxDailyLoss.toString(),
      maxOpenOrders: limits.maxOpenOrders,
    },
    halt: state.halt && { ...state.halt },
    cash: state.cash.toString(),
    spendable: state.spendable.toString(),
    symbols: [...state.symbols].map(([symbol, { exposed, held, lastMid }]) => [
      symbol,
      { exposed: exposed.toString(), held: held.toString(), lastMid: text(lastMid) },
    ]),
    open: [...state.open].map(([id, { symbol, side, price, paidWithFee, remaining }]) => [
      id,
      { symbol, side, price: price.toString(), paidWithFee: text(paidWithFee), remaining: remaining.toString() },
    ]),
    equity: state.equity.toString(),
    peak: state.peak.toString(),
    dayStart: state.dayStart,
    dayEquity: state.dayEquity.toString(),
  }
}

export function loadRisk(saved: unknown): RiskState {
  const { limits, symbols, open, ...rest } = saved as SavedRisk
  return {
    ...rest,
    limits: limits && {
      maxPositionNotional: new Decimal(limits.maxPositionNotional),
      maxOrderNotional: new Decimal(limits.maxOrderNotional),
      priceCollar: new Decimal(limits.priceCollar),
      maxDailyLoss: new Decimal(limits.maxDailyLoss),
      maxOpenOrders: limits.maxOpenOrders,
    },
    cash: new Decimal(rest.cash),
    spendable: new Decimal(rest.spendable),
    symbols: new Map(
      symbols.map(([symbol, { exposed, held, lastMid }]) => [
        symbol,
        { exposed: new Decimal(exposed), held: new Decimal(held), lastMid: read(lastMid) },
      ]),
    ),
    open: new Map(
      open.map(([id, { price, paidWithFee, remaining, ...order }]) => [
        id,
        { ...order, price: new Decimal(price), paidWithFee: read(paidWithFee), remaining: new Decimal(remaining) },
      ]),
    ),
    equity: new Decimal(rest.equity),
    peak: new Decimal(rest.peak),
    dayEquity: new Decimal(rest.dayEquity),
  }
}
