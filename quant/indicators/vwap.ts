/** Volume-weighted average price of the last `period` entries (bars, trades or steps of time). */
import { isFull } from '../ring.ts'
import { createRollingSum, foldRollingSum, type RollingSum } from '../statistics/rolling-sum.ts'

export interface Vwap {
  readonly turnover: RollingSum
  readonly volume: RollingSum
}

export function createVwap(period: number): Vwap {
  return { turnover: createRollingSum(period), volume: createRollingSum(period) }
}

/** Adds an entry's turnover (price times volume) and volume; 0 and 0 for an entry without a trade. NaN until `period`
 *  entries were seen, and while none of them has a volume. */
export function foldVwap(state: Vwap, turnover: number, volume: number): number {
  const turnovers = foldRollingSum(state.turnover, turnover)
  const volumes = foldRollingSum(state.volume, volume)
  return isFull(state.volume.ring) && volumes > 0 ? turnovers / volumes : Number.NaN
}
