/** Bollinger bands: the mean of the last `period` values and `width` population deviations to either side. */
import { createVariance, foldVariance, type Variance } from './variance.ts'

export interface Bollinger {
  readonly width: number
  readonly variance: Variance
  /** All NaN until warm. */
  upper: number
  middle: number
  lower: number
}

export function createBollinger(period: number, width: number): Bollinger {
  return { width, variance: createVariance(period), upper: Number.NaN, middle: Number.NaN, lower: Number.NaN }
}

/** Returns the middle band; NaN until `period` values were seen. */
export function foldBollinger(state: Bollinger, value: number): number {
  const variance = foldVariance(state.variance, value)
  if (Number.isNaN(variance)) return variance
  const reach = state.width * Math.sqrt(variance)
  state.middle = state.variance.mean
  state.upper = state.middle + reach
  state.lower = state.middle - reach
  return state.middle
}
