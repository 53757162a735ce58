/** Simple moving average: the mean of the last `period` values. */
import { isFull } from '../ring.ts'
import { createRollingSum, foldRollingSum, type RollingSum } from '../statistics/rolling-sum.ts'

export interface Sma {
  readonly window: RollingSum
}

export function createSma(period: number): Sma {
  return { window: createRollingSum(period) }
}

/** NaN until `period` values were seen. */
export function foldSma(state: Sma, value: number): number {
  const sum = foldRollingSum(state.window, value)
  const { ring } = state.window
  return isFull(ring) ? sum / ring.values.length : Number.NaN
}
