/** Moving average convergence and divergence: a fast EMA less a slow one, and an EMA of that as the signal. */
import { createEma, foldSmoothed, type Smoothed } from './smoothed.ts'

export interface Macd {
  readonly fast: Smoothed
  readonly slow: Smoothed
  readonly average: Smoothed
  /** fast - slow; NaN until the slow EMA is warm. */
  value: number
  /** NaN until `signalPeriod` values of the difference were seen. */
  signal: number
  /** value - signal */
  histogram: number
}

export function createMacd(fastPeriod: number, slowPeriod: number, signalPeriod: number): Macd {
  return {
    fast: createEma(fastPeriod),
    slow: createEma(slowPeriod),
    average: createEma(signalPeriod),
    value: Number.NaN,
    signal: Number.NaN,
    histogram: Number.NaN,
  }
}

/** Returns fast - slow. */
export function foldMacd(state: Macd, value: number): number {
  state.value = foldSmoothed(state.fast, value) - foldSmoothed(state.slow, value)
  if (!Number.isNaN(state.value)) {
    state.signal = foldSmoothed(state.average, state.value)
    state.histogram = state.value - state.signal
  }
  return state.value
}
