/** An average that forgets exponentially, seeded with the simple mean of its first `period` values. With weight
 *  2 / (period + 1) it is the EMA, with 1 / period Wilder's smoothing (New Concepts in Technical Trading Systems, 1978). */

export interface Smoothed {
  readonly period: number
  readonly weight: number
  seen: number
  /** The sum of the first values, then the average. */
  value: number
}

export function createEma(period: number): Smoothed {
  return createSmoothed(period, 2 / (period + 1))
}

export function createWilder(period: number): Smoothed {
  return createSmoothed(period, 1 / period)
}

/** NaN until `period` values were seen. */
export function foldSmoothed(state: Smoothed, value: number): number {
  if (state.seen >= state.period) {
    state.value += state.weight * (value - state.value)
    return state.value
  }
  state.value += value
  state.seen++
  if (state.seen < state.period) return Number.NaN
  state.value /= state.period
  return state.value
}

/** The average without a new value; NaN until warm. */
export function smoothedValue(state: Smoothed): number {
  return state.seen >= state.period ? state.value : Number.NaN
}

function createSmoothed(period: number, weight: number): Smoothed {
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`a period is 1 at least, not ${period}`)
  return { period, weight, seen: 0, value: 0 }
}
