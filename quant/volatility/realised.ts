/** Realised volatility: the root mean square of the last `period` log returns. The mean return is taken as 0: over
 *  seconds it is small beside its own error (Andersen, Bollerslev, Diebold, Labys, Econometrica 71, 2003). */
import { isFull } from '../ring.ts'
import { logRatio } from '../statistics/log-ratio.ts'
import { createRollingSum, foldRollingSum, type RollingSum } from '../statistics/rolling-sum.ts'

export interface RealisedVolatility {
  /** Square root of how many returns make the unit of time that the volatility is given for. */
  readonly scale: number
  last: number
  readonly squares: RollingSum
  value: number
}

/** `returnsPerUnit` 10 makes volatility per second of returns over 100 ms. */
export function createRealisedVolatility(period: number, returnsPerUnit: number): RealisedVolatility {
  return {
    scale: Math.sqrt(returnsPerUnit),
    last: Number.NaN,
    squares: createRollingSum(period),
    value: Number.NaN,
  }
}

/** Adds a price; NaN until `period` returns, so `period` + 1 prices, were seen. */
export function foldRealisedVolatility(state: RealisedVolatility, price: number): number {
  const { last, squares } = state
  state.last = price
  if (Number.isNaN(last)) return state.value
  const move = logRatio(last, price)
  const sum = foldRollingSum(squares, move * move)
  if (!isFull(squares.ring)) return state.value
  // Taking squares away can leave a rounding error just below 0.
  state.value = state.scale * Math.sqrt(Math.max(sum, 0) / squares.ring.values.length)
  return state.value
}
