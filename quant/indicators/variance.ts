/** Mean and variance of the last `period` values.
 *
 *  Welford's update (Technometrics 4, 1962), with the oldest value replaced by the new one. As in `RollingSum` a second
 *  pair starts anew with the ring and takes over when the ring is through, so that rounding does not gather. */
import { createRing, isFull, pushRing, type Ring } from '../ring.ts'

export interface Variance {
  readonly ring: Ring
  mean: number
  /** Sum of squared distances from the mean. */
  squares: number
  freshMean: number
  freshSquares: number
}

export function createVariance(period: number): Variance {
  return { ring: createRing(period), mean: 0, squares: 0, freshMean: 0, freshSquares: 0 }
}

/** The population variance (divided by `period`); NaN until `period` values were seen. */
export function foldVariance(state: Variance, value: number): number {
  const { ring } = state
  const full = isFull(ring)
  const old = pushRing(ring, value)
  const period = ring.values.length
  if (full) {
    const mean = state.mean + (value - old) / period
    state.squares += (value - old) * (value - mean + (old - state.mean))
    state.mean = mean
  }
  const seen = ring.at === 0 ? period : ring.at
  const distance = value - state.freshMean
  state.freshMean += distance / seen
  state.freshSquares += distance * (value - state.freshMean)
  if (ring.at === 0) {
    state.mean = state.freshMean
    state.squares = state.freshSquares
    state.freshMean = 0
    state.freshSquares = 0
  }
  return populationVariance(state)
}

/** NaN until warm. */
export function populationVariance(state: Variance): number {
  if (!isFull(state.ring)) return Number.NaN
  // Rounding can leave a sum of squares just below 0.
  return state.squares > 0 ? state.squares / state.ring.values.length : 0
}
