/** Candles: time bars of a symbol.
 *
 *  In     ticks (trades)
 *  Out    candles (CandleClosed) of 1 s and 60 s
 *  State  per symbol and interval: the open bar
 *  C1  A trade belongs to the bar of its venue time.
 *  C2  A bar closes at the first trade of a later bar, or when receive time has reached its end plus the lateness,
 *      whichever is first. The venue's clock may be ahead of ours or behind: the lateness covers a second of it.
 *  C3  A trade of a bar that is closed joins the open one, or opens the next after it, and is counted as late.
 *  C4  Volumes and trades of the candles are those of the trades. */
import { floorToInterval, nextInterval } from '@tideway/domain'
import { Decimal, type EventNamed, stage, type Turn } from '@tideway/schemas'
import { listed, type MarketViews } from '../market-views.ts'

export const CANDLE_MICROS = [1_000_000, 60_000_000] as const
export const LATENESS_MICROS = 2_000_000

interface Bar {
  openTime: number
  openTicks: number
  highTicks: number
  lowTicks: number
  closeTicks: number
  volumeLots: number
  buyLots: number
  turnover: bigint
  trades: number
  lateTrades: number
}

interface CandleState {
  /** By interval, in the order of CANDLE_MICROS. */
  readonly bars: (Bar | null)[]
  /** Where the bar after the last closed one begins. */
  readonly closedUntil: number[]
}

type Trade = EventNamed<'TradePrinted'>

export const candleStage = stage<CandleState, MarketViews>({
  name: 'candles',
  version: 1,
  reads: ['ticks'],
  writes: ['candles'],
  empty: () => ({ bars: CANDLE_MICROS.map(() => null), closedUntil: CANDLE_MICROS.map(() => 0) }),
  save: ({ bars, closedUntil }) => ({ bars: bars.map(bar => bar && { ...bar }), closedUntil: [...closedUntil] }),
  load(saved) {
    const { bars, closedUntil } = saved as CandleState
    return { bars: bars.map(bar => bar && { ...bar }), closedUntil: [...closedUntil] }
  },
  on: {
    TradePrinted(state, trade, turn) {
      listed(turn)
      for (let at = 0; at < CANDLE_MICROS.length; at++) takeTrade(state, at, trade, turn)
    },
  },
  wake(state, tag, turn) {
    const [at = 0, openTime = 0] = tag.split(' ').map(Number)
    if (state.bars[at]?.openTime === openTime) close(state, at, turn, turn.time)
  },
})

function takeTrade(state: CandleState, at: number, trade: Trade, turn: Turn<MarketViews>): void {
  const interval = CANDLE_MICROS[at] ?? 0
  const openTime = floorToInterval(trade.eventTime, interval)
  const open = state.bars[at]
  if (open && openTime > open.openTime) close(state, at, turn, trade.eventTime)
  const closedUntil = state.closedUntil[at] ?? 0
  const isLate = openTime < Math.max(closedUntil, state.bars[at]?.openTime ?? 0)
  let bar = state.bars[at]
  if (!bar) {
    bar = newBar(Math.max(openTime, closedUntil), trade.data.priceTicks)
    state.bars[at] = bar
    turn.wakeAt(
      Math.max(bar.openTime + interval, nextInterval(turn.time, interval)) + LATENESS_MICROS,
      `${at} ${bar.openTime}`,
    )
  }
  fold(bar, trade, isLate)
}

function newBar(openTime: number, ticks: number): Bar {
  const none = { volumeLots: 0, buyLots: 0, turnover: 0n, trades: 0, lateTrades: 0 }
  return { openTime, openTicks: ticks, highTicks: ticks, lowTicks: ticks, closeTicks: ticks, ...none }
}

function fold(bar: Bar, { data }: Trade, isLate: boolean): void {
  const { priceTicks, sizeLots, aggressor } = data
  if (priceTicks > bar.highTicks) bar.highTicks = priceTicks
  if (priceTicks < bar.lowTicks) bar.lowTicks = priceTicks
  bar.closeTicks = priceTicks
  bar.volumeLots += sizeLots
  if (aggressor === 'buy') bar.buyLots += sizeLots
  bar.turnover += BigInt(priceTicks) * BigInt(sizeLots)
  bar.trades++
  if (isLate) bar.lateTrades++
}

function close(state: CandleState, at: number, turn: Turn<MarketViews>, eventTime: number): void {
  const bar = state.bars[at]
  if (!bar) return
  const intervalMicros = CANDLE_MICROS[at] ?? 0
  state.bars[at] = null
  state.closedUntil[at] = bar.openTime + intervalMicros
  const { turnover, ...rest } = bar
  turn.emit(
    'candles',
    'CandleClosed',
    { intervalMicros, ...rest, turnover: new Decimal(turnover.toString()) },
    { eventTime },
  )
}
