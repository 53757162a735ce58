/** A circuit breaker: stops asking a party that keeps failing, and finds out when it is back.
 *
 *  The life of a breaker. Row: where it is. Cell: where an outcome takes it. No cell: it cannot happen there.
 *
 *  |          | Succeeded | Failed | LimitReached | CooledDown | Proven |
 *  | closed   | closed    | closed | open         |            |        |
 *  | open     |           |        |              | halfOpen   |        |
 *  | halfOpen | halfOpen  | open   |              |            | closed |
 *
 *  `LimitReached` is the failure that makes `failuresToOpen` in a row; `CooledDown` the first call after `openMicros`;
 *  `Proven` the success that makes `successesToClose` probes in a row.
 *
 *  Z1  While open, nothing is asked: a call throws ResilienceError `circuit-open` with the time to wait.
 *  Z2  While half open, one probe is out at a time; other calls are refused as if open.
 *  Z3  An answer counts only in the period in which its call was made: a straggler from before closes or opens nothing.
 *  Z4  An error that is no fault of the other side (`isFailure` says no) counts as an answer, so as a success. */
import type { Clock } from './clock.ts'
import { ResilienceError } from './errors.ts'

export type BreakerState = 'closed' | 'open' | 'halfOpen'
export type BreakerOutcome = 'Succeeded' | 'Failed' | 'LimitReached' | 'CooledDown' | 'Proven'

export const breakerLife: Readonly<Record<BreakerState, Partial<Record<BreakerOutcome, BreakerState>>>> = {
  closed: { Succeeded: 'closed', Failed: 'closed', LimitReached: 'open' },
  open: { CooledDown: 'halfOpen' },
  halfOpen: { Succeeded: 'halfOpen', Failed: 'open', Proven: 'closed' },
}

export interface BreakerPolicy {
  /** Who is asked, for errors and metrics. */
  readonly what: string
  /** Failures in a row that open it. */
  readonly failuresToOpen: number
  /** How long it stays open before it lets a probe through. */
  readonly openMicros: number
  /** Probes in a row that close it; 1 where absent. */
  readonly successesToClose?: number
  /** Whether an error is the other side's fault; every error is where absent. */
  readonly isFailure?: (error: unknown) => boolean
}

export interface Breaker {
  readonly state: BreakerState
  /** Asks, unless the breaker is open. Throws the work's error, or ResilienceError (Z1). */
  call<T>(work: () => Promise<T>): Promise<T>
}

/** A closed breaker. `onChange` hears of each new state: for log lines and metrics. */
export function circuitBreaker(
  { what, failuresToOpen, openMicros, successesToClose = 1, isFailure = () => true }: BreakerPolicy,
  clock: Clock,
  onChange?: (to: BreakerState, from: BreakerState) => void,
): Breaker {
  let state: BreakerState = 'closed'
  let period = 0 // counts changes of state (Z3)
  let inARow = 0 // failures while closed, successes while half open
  let openUntil = 0
  let probing = false

  const take = (outcome: BreakerOutcome) => {
    const to = breakerLife[state][outcome]
    if (to === undefined) throw new Error(`${what}: a ${state} breaker cannot have ${outcome}`)
    if (to === state) return
    const from = state
    state = to
    period++
    inARow = 0
    probing = false
    if (to === 'open') openUntil = clock.now() + openMicros
    onChange?.(to, from)
  }
  const succeeded = () => {
    if (state === 'closed') inARow = 0
    const proven = state === 'halfOpen' && ++inARow >= successesToClose
    take(proven ? 'Proven' : 'Succeeded')
  }
  const failed = () => {
    const limit = state === 'closed' && ++inARow >= failuresToOpen
    take(limit ? 'LimitReached' : 'Failed')
  }
  const admit = () => {
    if (state === 'open' && clock.now() >= openUntil) take('CooledDown')
    if (state === 'closed' || (state === 'halfOpen' && !probing)) return
    const wait = Math.max(0, openUntil - clock.now())
    throw new ResilienceError('circuit-open', what, 'not asked, it has failed too often', wait)
  }

  return {
    get state() {
      return state
    },
    async call(work) {
      admit()
      const asked = period
      if (state === 'halfOpen') probing = true // Z2
      const settle = (count: () => void) => {
        if (asked !== period) return // Z3
        probing = false
        count()
      }
      try {
        const answer = await work()
        settle(succeeded)
        return answer
      } catch (error) {
        settle(isFailure(error) ? failed : succeeded) // Z4
        throw error
      }
    },
  }
}
