/** Relative strength index, Wilder's: 100 - 100 / (1 + average gain / average loss), both averages by Wilder's smoothing
 *  seeded with the simple mean of the first `period` changes. */
import { createWilder, foldSmoothed, type Smoothed } from './smoothed.ts'

export interface Rsi {
  last: number
  readonly gain: Smoothed
  readonly loss: Smoothed
  /** 0 to 100; NaN until warm. */
  value: number
}

export function createRsi(period: number): Rsi {
  return { last: Number.NaN, gain: createWilder(period), loss: createWilder(period), value: Number.NaN }
}

/** NaN until `period` changes, so `period` + 1 values, were seen. 50 where nothing moved at all. */
export function foldRsi(state: Rsi, value: number): number {
  const change = value - state.last
  state.last = value
  if (Number.isNaN(change)) return state.value
  const gain = foldSmoothed(state.gain, Math.max(change, 0))
  const loss = foldSmoothed(state.loss, Math.max(-change, 0))
  const moved = gain + loss
  state.value = moved === 0 ? 50 : (100 * gain) / moved
  return state.value
}
