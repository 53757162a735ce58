/** Intervals of UTC time in whole microseconds. "Every n" means whole multiples of n since the epoch. */

export const MICROS_PER_MILLI = 1_000
export const MICROS_PER_SECOND = 1_000_000
export const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND
/** UTC days have no leap seconds in Unix time. */
export const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND

/** The last whole multiple of the interval that is not after `timeMicros`. */
export function floorToInterval(timeMicros: number, intervalMicros: number): number {
  if (!Number.isSafeInteger(timeMicros)) throw new RangeError(`time is whole microseconds, not ${timeMicros}`)
  if (!Number.isSafeInteger(intervalMicros) || intervalMicros < 1) {
    throw new RangeError(`an interval is whole microseconds above zero, not ${intervalMicros}`)
  }
  const remainder = timeMicros % intervalMicros
  return timeMicros - (remainder < 0 ? remainder + intervalMicros : remainder)
}

/** The first whole multiple of the interval that is after `timeMicros`. */
export function nextInterval(timeMicros: number, intervalMicros: number): number {
  return floorToInterval(timeMicros, intervalMicros) + intervalMicros
}

/** 00:00 UTC of the day. */
export function utcDayStart(timeMicros: number): number {
  return floorToInterval(timeMicros, MICROS_PER_DAY)
}
