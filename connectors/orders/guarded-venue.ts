/** A venue behind a deadline, a breaker and, for questions, retries.
 *
 *  V1  A request that may have taken effect is never repeated here: a submit or cancel without an answer in time is
 *      VenueSilence, and the connector asks what became of it.
 *  V2  A question changes nothing at the venue: it is repeated with growing, jittered waits before it counts as silence.
 *  V3  While the breaker is open nobody is asked: that is silence too, and costs the venue nothing. */
import {
  type Clock,
  circuitBreaker,
  isResilienceError,
  type Randomness,
  retry,
  withDeadline,
} from '@tideway/resilience'
import { type Venue, VenueSilence } from './venue.ts'

export interface GuardSettings {
  readonly clock: Clock
  readonly randomness: Randomness
  /** How long an answer is waited for; microseconds. */
  readonly deadlineMicros: number
  /** Silences in a row that open the breaker, and how long it stays open. */
  readonly failuresToOpen: number
  readonly openMicros: number
  /** Tries of a question in all, and the first wait between two. */
  readonly attempts: number
  readonly firstWaitMicros: number
  readonly onBreaker?: (state: 'closed' | 'open' | 'halfOpen') => void
}

export function guardedVenue(venue: Venue, settings: GuardSettings): Venue {
  const { clock, randomness, deadlineMicros, failuresToOpen, openMicros, attempts, firstWaitMicros, onBreaker } =
    settings
  const isFailure = (error: unknown) => error instanceof VenueSilence || isResilienceError(error, 'deadline-exceeded')
  const breaker = circuitBreaker({ what: 'the venue', failuresToOpen, openMicros, isFailure }, clock, onBreaker)

  /** Asks once; whatever is no answer is silence. */
  async function ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await breaker.call(() => withDeadline({ what, micros: deadlineMicros }, { clock }, work))
    } catch (error) {
      if (isResilienceError(error)) throw new VenueSilence(error.message)
      throw error
    }
  }

  const policy = {
    what: 'query',
    attempts,
    firstMicros: firstWaitMicros,
    maxMicros: openMicros,
    retriable: (error: unknown) => error instanceof VenueSilence,
  }
  return {
    receiveWindow: venue.receiveWindow,
    submit: order => ask('submit', () => venue.submit(order)),
    cancel: clientId => ask('cancel', () => venue.cancel(clientId)),
    reports: onReport => venue.reports(onReport),
    async query(clientId) {
      try {
        return await retry(policy, { clock, randomness }, () => ask('query', () => venue.query(clientId)))
      } catch (error) {
        if (isResilienceError(error, 'retries-exhausted')) throw new VenueSilence(error.message)
        throw error
      }
    },
  }
}
