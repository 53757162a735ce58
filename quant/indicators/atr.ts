/** Average true range: Wilder's smoothing of the true range, seeded with the mean of the first `period` ranges. The
 *  first bar's true range is high - low; later ones also reach to the close before. */
import { createWilder, foldSmoothed, type Smoothed } from './smoothed.ts'

export interface Atr {
  lastClose: number
  readonly average: Smoothed
}

export function createAtr(period: number): Atr {
  return { lastClose: Number.NaN, average: createWilder(period) }
}

/** NaN until `period` bars were seen. */
export function foldAtr(state: Atr, high: number, low: number, close: number): number {
  const { lastClose } = state
  state.lastClose = close
  if (Number.isNaN(lastClose)) return foldSmoothed(state.average, high - low)
  return foldSmoothed(state.average, Math.max(high, lastClose) - Math.min(low, lastClose))
}
