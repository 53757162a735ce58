/** The sum of the last `period` numbers.
 *
 *  Adding the new and taking the old away gathers rounding errors for ever. So a second sum starts anew each time the
 *  ring begins again: when the ring is through, that sum has seen exactly the window, and takes over. Whole numbers
 *  below 2^53 stay exact. */
import { createRing, isFull, pushRing, type Ring } from '../ring.ts'

export interface RollingSum {
  readonly ring: Ring
  sum: number
  /** Of the values since the ring last began. */
  fresh: number
}

export function createRollingSum(period: number): RollingSum {
  return { ring: createRing(period), sum: 0, fresh: 0 }
}

/** Adds a value; returns the sum of those in the window. */
export function foldRollingSum(state: RollingSum, value: number): number {
  const { ring } = state
  const full = isFull(ring)
  const old = pushRing(ring, value)
  state.sum += full ? value - old : value
  state.fresh += value
  if (ring.at === 0) {
    state.sum = state.fresh
    state.fresh = 0
  }
  return state.sum
}
