/** Candles: time bars of a symbol.
 *
 *  In     ticks (trades)
 *  Out    candles (CandleClosed) of 1 s and 60 s; their event time is the bar's end
 *  State  per symbol and interval: the open bar, and where the last closed one ended
 *
 *  C1  A trade belongs to the bar of its venue time; within a bar trades count in the order of arrival.
 *  C2  A bar closes at the first trade of a later bar or at its timer, whichever is first. An empty bar is not told.
 *  C3  The timer stands for the venue's clock, which may be seconds ahead of the receive clock or behind it: it is due
 *      as long after the bar's first trade as the bar still had to run by that trade's own time, plus the lateness.
 *  C4  A trade of a bar that is closed joins the open bar, or opens the one after the last closed, and counts as late.
 *      So bars only go forward, and trades and volumes of the candles are those of the trades.
 *  C5  A trade whose venue time lies more than MOST_AHEAD_MICROS past its receive time is refused: it would drag all
 *      trades after it into bars of the future. */
import { floorToInterval } from '@tideway/domain'
import { type EventNamed, stage, type Turn } from '@tideway/schemas'
import { listed, type MarketViews } from '../market-views.ts'
import { type Bar, candleOf, copyBar, foldBar, noBar, openBar } from './bar.ts'

export const CANDLE_MICROS = [1_000_000, 60_000_000] as const
/** How long a bar waits for trades on their way. */
export const LATENESS_MICROS = 1_000_000
export const MOST_AHEAD_MICROS = 60_000_000

/** A trade with a time that cannot be. */
export class VenueTimeError extends Error {
  override readonly name = 'VenueTimeError'
  readonly code = 'venue-time-ahead'
}

/** The bars of one interval. */
interface Bars {
  readonly intervalMicros: number
  readonly bar: Bar
  /** Where the bar after the last closed one begins; 0 before the first. */
  closedUntil: number
}

type CandleState = readonly Bars[]
type Trade = EventNamed<'TradePrinted'>

export const candleStage = stage<CandleState, MarketViews>({
  name: 'candles',
  version: 1,
  reads: ['ticks'],
  writes: ['candles'],
  empty: () => CANDLE_MICROS.map(intervalMicros => ({ intervalMicros, bar: noBar(), closedUntil: 0 })),
  save: copyBars,
  load: saved => copyBars(saved as CandleState),
  on: {
    TradePrinted(state, trade, turn) {
      listed(turn)
      if (trade.eventTime > turn.time + MOST_AHEAD_MICROS) {
        throw new VenueTimeError(`${turn.key}: venue time ${trade.eventTime} is far past receive time ${turn.time}`) // C5
      }
      for (const bars of state) takeTrade(bars, trade, turn)
    },
  },
  wake(state, tag, turn) {
    const [interval, openTime] = tag.split(' ').map(Number)
    const bars = state.find(({ intervalMicros }) => intervalMicros === interval)
    // A bar that a later trade has closed leaves its timer behind.
    if (bars && bars.bar.trades > 0 && bars.bar.openTime === openTime) close(bars, turn)
  },
})

function takeTrade(bars: Bars, trade: Trade, turn: Turn<MarketViews>): void {
  const { bar, intervalMicros } = bars
  const { eventTime, data } = trade
  if (bar.trades > 0 && eventTime >= bar.openTime + intervalMicros) close(bars, turn) // C2
  if (bar.trades === 0) {
    const ownTime = floorToInterval(eventTime, intervalMicros)
    const openTime = Math.max(ownTime, bars.closedUntil) // C4
    openBar(bar, openTime, data.priceTicks)
    const left = Math.min(openTime + intervalMicros - eventTime, intervalMicros)
    turn.wakeAt(turn.time + left + LATENESS_MICROS, `${intervalMicros} ${openTime}`) // C3
  }
  foldBar(bar, data)
  if (eventTime < bar.openTime) bar.lateTrades++ // C4
}

function close(bars: Bars, turn: Turn<MarketViews>): void {
  const { bar, intervalMicros } = bars
  bars.closedUntil = bar.openTime + intervalMicros
  turn.emit('candles', 'CandleClosed', candleOf(bar, intervalMicros), { eventTime: bars.closedUntil })
  bar.trades = 0
}

function copyBars(state: CandleState): CandleState {
  return state.map(bars => ({ ...bars, bar: copyBar(bars.bar) }))
}
