/** How long to wait before trying again: exponential back-off with full jitter.
 *
 *  The wait before retry n (from 0) is drawn evenly from [0, min(max, first * multiplier^n)). Of the ways to jitter, the
 *  full one spreads clients that failed together best: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
 *  Blog, 2015, https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
import type { Randomness } from './clock.ts'

export interface Backoff {
  readonly firstMicros: number
  readonly maxMicros: number
  /** 2 where absent. */
  readonly multiplier?: number
}

/** The longest wait before retry `retry` (from 0), in microseconds. */
export function backoffCeilingMicros({ firstMicros, maxMicros, multiplier = 2 }: Backoff, retry: number): number {
  const growth = Math.min(multiplier ** retry, Number.MAX_VALUE) // an infinity times a first wait of 0 is no number
  return Math.min(maxMicros, firstMicros * growth)
}

/** The wait before retry `retry` (from 0), in whole microseconds. */
export function backoffMicros(backoff: Backoff, retry: number, randomness: Randomness): number {
  return Math.floor(randomness.next() * backoffCeilingMicros(backoff, retry))
}
