/** Retry, back-off, deadlines and circuit breakers, over a clock and a source of chance that are passed in. */
export { type Backoff, backoffCeilingMicros, backoffMicros } from './backoff.ts'
export {
  type Breaker,
  type BreakerOutcome,
  type BreakerPolicy,
  type BreakerState,
  breakerLife,
  circuitBreaker,
} from './breaker.ts'
export { type Clock, type Randomness, systemClock, systemRandomness } from './clock.ts'
export { type DeadlinePolicy, withDeadline } from './deadline.ts'
export { isResilienceError, ResilienceError, type ResilienceErrorCode } from './errors.ts'
export { type RetryContext, type RetryPolicy, retry } from './retry.ts'
