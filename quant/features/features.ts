/** The feature vector of one symbol as a fold over its book and trades. Plain state: a copy goes on as the original.
 *
 *  Hot code: each message costs a few comparisons; what needs a window is fed once per step of 100 ms of stamp time.
 *  P1  Steps are [n, n + 1) * 100 ms since the epoch. `advance` closes those that have ended, so a time on a boundary
 *      belongs to the new step.
 *  P2  A closed step samples the mid that was last known in it: returns, volatility, RSI and EMAs stand on such samples,
 *      and are as of the last whole step. Spread, imbalance and microprice are as of now; order flow and VWAP count the
 *      open step too.
 *  P3  A silence is stepped through, at most SILENCE_STEPS of it: past that every window has forgotten, and what is
 *      left of older values in the averages lies below their rounding.
 *  P4  Sums run in the order of arrival; no transcendental function is used: same input, same bits on every engine. */
import type { Book } from '../book/book.ts'
import { createRsi, foldRsi, type Rsi } from '../indicators/rsi.ts'
import { createEma, foldSmoothed, type Smoothed, smoothedValue } from '../indicators/smoothed.ts'
import { createRing, pushRing, type Ring, ringAt } from '../ring.ts'
import { logRatio } from '../statistics/log-ratio.ts'
import { createRollingSum, foldRollingSum, type RollingSum } from '../statistics/rolling-sum.ts'
import { createRealisedVolatility, foldRealisedVolatility, type RealisedVolatility } from '../volatility/realised.ts'
import { orderFlowOf } from './order-flow.ts'
import { IMBALANCE_LEVELS, imbalanceOf, micropriceOf, midOf, spreadOf } from './touch.ts'

export const STEP_MICROS = 100_000
export const SILENCE_STEPS = 3600

const STEPS_PER_SECOND = 10
const RETURN_STEPS = 100
const VOLATILITY_RETURNS = 100
const FLOW_STEPS = 10
const VWAP_STEPS = 600
const RSI_PERIOD = 14
/** Steps between two samples of the RSI. */
const RSI_STEPS = 5
const EMA_FAST_PERIOD = 20
const EMA_SLOW_PERIOD = 100
/** What a trade still weighs one step later. Trades per step over 1 - 0.9 is trades per second: no further factor. */
const INTENSITY_DECAY = 0.9

export interface Features {
  /** When the open step ends, UTC microseconds; NaN before the first message. */
  stepEnd: number
  /** Steps closed so far, up to what the slowest window needs. */
  steps: number
  /** The last known mid, in ticks; NaN before the first. */
  mid: number
  bidTicks: number
  bidLots: number
  askTicks: number
  askLots: number
  /** Of the open step. */
  openFlow: number
  openTrades: number
  openTurnover: number
  openVolume: number
  /** Trades per second, as of the last whole step. */
  intensity: number
  readonly mids: Ring
  readonly flow: RollingSum
  readonly turnover: RollingSum
  readonly volume: RollingSum
  readonly volatility: RealisedVolatility
  readonly rsi: Rsi
  readonly emaFast: Smoothed
  readonly emaSlow: Smoothed
}

export function createFeatures(): Features {
  return {
    stepEnd: Number.NaN,
    steps: 0,
    mid: Number.NaN,
    bidTicks: 0,
    bidLots: 0,
    askTicks: 0,
    askLots: 0,
    openFlow: 0,
    openTrades: 0,
    openTurnover: 0,
    openVolume: 0,
    intensity: 0,
    mids: createRing(RETURN_STEPS + 1),
    flow: createRollingSum(FLOW_STEPS),
    turnover: createRollingSum(VWAP_STEPS),
    volume: createRollingSum(VWAP_STEPS),
    volatility: createRealisedVolatility(VOLATILITY_RETURNS, STEPS_PER_SECOND),
    rsi: createRsi(RSI_PERIOD),
    emaFast: createEma(EMA_FAST_PERIOD),
    emaSlow: createEma(EMA_SLOW_PERIOD),
  }
}

/** Closes the steps that have ended by `time`, UTC microseconds. To be called before the message of that time. */
export function advanceFeatures(state: Features, time: number): void {
  if (time < state.stepEnd) return
  const end = (Math.floor(time / STEP_MICROS) + 1) * STEP_MICROS
  if (Number.isNaN(state.stepEnd)) {
    state.stepEnd = end
    return
  }
  // P3: what was open is closed in any case; then as much of the silence as still matters.
  closeStep(state, state.stepEnd)
  const silent = (end - state.stepEnd) / STEP_MICROS - 1
  for (let left = Math.min(silent, SILENCE_STEPS - 1); left > 0; left--) closeStep(state, end - left * STEP_MICROS)
  state.stepEnd = end
}

/** A trade; its time was told by `advanceFeatures`. */
export function foldTrade(state: Features, priceTicks: number, sizeLots: number): void {
  state.openTrades++
  state.openTurnover += priceTicks * sizeLots
  state.openVolume += sizeLots
}

/** The book after it has taken a message. */
export function foldBook(state: Features, book: Book): void {
  const bidTicks = book.best('bid')
  const askTicks = book.best('ask')
  const bidLots = book.bestLots('bid')
  const askLots = book.bestLots('ask')
  const bidSame = bidTicks === state.bidTicks && bidLots === state.bidLots
  if (bidSame && askTicks === state.askTicks && askLots === state.askLots) return
  if (bidTicks > 0 && askTicks > 0) {
    // Flow needs the state before: none where a side was not known.
    if (state.bidTicks > 0 && state.askTicks > 0) {
      state.openFlow += orderFlowOf(
        state.bidTicks,
        state.bidLots,
        state.askTicks,
        state.askLots,
        bidTicks,
        bidLots,
        askTicks,
        askLots,
      )
    }
    state.mid = midOf(bidTicks, askTicks)
  }
  state.bidTicks = bidTicks
  state.bidLots = bidLots
  state.askTicks = askTicks
  state.askLots = askLots
}

/** The vector, in the order of `featureNames`. `book` is the one that was folded last. */
export function featureVector(state: Features, book: Book): number[] {
  const { mid, mids, bidTicks, bidLots, askTicks, askLots } = state
  const turnover = state.turnover.sum + state.openTurnover
  const volume = state.volume.sum + state.openVolume
  const vwap = volume > 0 ? turnover / volume : Number.NaN
  const known = bidTicks > 0 && askTicks > 0
  const warm = state.steps >= FLOW_STEPS
  return [
    logRatio(ringAt(mids, STEPS_PER_SECOND), mid),
    logRatio(ringAt(mids, RETURN_STEPS), mid),
    state.volatility.value,
    spreadOf(bidTicks, askTicks),
    known ? imbalanceOf(book, IMBALANCE_LEVELS) : Number.NaN,
    micropriceOf(bidTicks, bidLots, askTicks, askLots),
    warm ? state.flow.sum + state.openFlow : Number.NaN,
    warm ? state.intensity : Number.NaN,
    (mid - vwap) / vwap,
    state.rsi.value,
    smoothedValue(state.emaFast),
    smoothedValue(state.emaSlow),
  ]
}

/** Closes the step that ends at `end` and opens the next. */
function closeStep(state: Features, end: number): void {
  const { mid } = state
  if (!Number.isNaN(mid)) {
    pushRing(state.mids, mid)
    foldRealisedVolatility(state.volatility, mid)
    if ((end / STEP_MICROS) % RSI_STEPS === 0) foldRsi(state.rsi, mid)
    foldSmoothed(state.emaFast, mid)
    foldSmoothed(state.emaSlow, mid)
  }
  foldRollingSum(state.flow, state.openFlow)
  foldRollingSum(state.turnover, state.openTurnover)
  foldRollingSum(state.volume, state.openVolume)
  state.intensity = state.intensity * INTENSITY_DECAY + state.openTrades
  if (state.steps < FLOW_STEPS) state.steps++
  state.openFlow = 0
  state.openTrades = 0
  state.openTurnover = 0
  state.openVolume = 0
}
