/** A bound on how long to wait for an answer.
 *
 *  N1  After `micros` the caller has ResilienceError `deadline-exceeded`, whether or not the work listens to its signal.
 *  N2  The work is told through the signal, so that it can stop; what it answers later is dropped.
 *  N3  Silence is no answer: what was asked for may have happened. */
import type { Clock } from './clock.ts'
import { ResilienceError } from './errors.ts'

export interface DeadlinePolicy {
  readonly what: string
  readonly micros: number
}

/** Runs `work` with a signal that aborts at the deadline or with `signal`. Throws ResilienceError (N1), the signal's
 *  reason, or the work's own error. */
export async function withDeadline<T>(
  { what, micros }: DeadlinePolicy,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const forWork = new AbortController()
  const forTimer = new AbortController()
  let stop = () => {}
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: unknown) => {
      reject(reason)
      forWork.abort(reason)
    }
    stop = () => end(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    const late = () => end(new ResilienceError('deadline-exceeded', what, `no answer within ${micros / 1000} ms`))
    clock.sleep(micros, forTimer.signal).then(late, () => {})
  })
  try {
    return await Promise.race([work(forWork.signal), ended])
  } finally {
    signal?.removeEventListener('abort', stop)
    forTimer.abort()
  }
}
