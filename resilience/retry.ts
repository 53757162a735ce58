/** Tries again what failed, where trying again is safe and can help. Both are for the caller to say.
 *
 *  T1  At most `attempts` tries; then ResilienceError `retries-exhausted`, whose cause is the last failure.
 *  T2  An error that `retriable` does not name is thrown as it is, at once.
 *  T3  The wait is the back-off's, or longer where the other side asked for it (`Retry-After`), never shorter.
 *  T4  An abort ends a wait at once and starts no further try. */
import { type Backoff, backoffMicros } from './backoff.ts'
import type { Clock, Randomness } from './clock.ts'
import { ResilienceError } from './errors.ts'

export interface RetryPolicy extends Backoff {
  /** What is tried, for errors and log lines. */
  readonly what: string
  /** Tries in all, at least 1. */
  readonly attempts: number
  /** Whether to try again: no, yes, or yes but not before so many microseconds. */
  readonly retriable: (error: unknown) => boolean | number
}

export interface RetryContext {
  readonly clock: Clock
  readonly randomness: Randomness
  readonly signal?: AbortSignal
  /** Told before each wait: for log lines and counters. */
  readonly onRetry?: (retry: { readonly attempt: number; readonly waitMicros: number; readonly error: unknown }) => void
}

/** Runs `work` until it succeeds. `attempt` counts from 1. Throws the work's error (T2) or ResilienceError (T1). */
export async function retry<T>(
  policy: RetryPolicy,
  { clock, randomness, signal, onRetry }: RetryContext,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const { what, attempts, retriable } = policy
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await work(attempt)
    } catch (error) {
      const again = retriable(error)
      if (again === false) throw error
      const least = again === true ? 0 : again
      if (attempt >= attempts) {
        throw new ResilienceError('retries-exhausted', what, `failed ${attempt} times, given up`, least, error)
      }
      const waitMicros = Math.max(least, backoffMicros(policy, attempt - 1, randomness))
      onRetry?.({ attempt, waitMicros, error })
      await clock.sleep(waitMicros, signal)
    }
  }
}
