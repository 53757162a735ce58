/** How a guarded call can end other than by the work's own answer or error. */

export type ResilienceErrorCode =
  | 'deadline-exceeded' // the outcome is unknown: ask before doing it again
  | 'retries-exhausted' // it failed each time; the last failure is the cause
  | 'circuit-open' // it was not tried: wait

export class ResilienceError extends Error {
  override readonly name = 'ResilienceError'
  readonly code: ResilienceErrorCode
  /** What was guarded. */
  readonly what: string
  /** What a person can do. */
  readonly remedy: string
  /** Microseconds until a new try makes sense; 0 where nothing is known. */
  readonly retryAfterMicros: number

  constructor(code: ResilienceErrorCode, what: string, message: string, retryAfterMicros = 0, cause?: unknown) {
    super(`${what}: ${message}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.what = what
    this.remedy = remedies[code]
    this.retryAfterMicros = retryAfterMicros
  }
}

const remedies: Readonly<Record<ResilienceErrorCode, string>> = {
  'deadline-exceeded': 'What was asked for may have happened: ask the other side, then decide.',
  'retries-exhausted': 'See the cause, which is the last failure; try again when it is mended.',
  'circuit-open': 'The other side has failed too often: see its state, or wait until it is tried again.',
}

export function isResilienceError(error: unknown, code?: ResilienceErrorCode): error is ResilienceError {
  return error instanceof ResilienceError && (code === undefined || error.code === code)
}
