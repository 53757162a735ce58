/** Time and chance as things that are passed in, so that a simulator can own them. */

export interface Clock {
  /** UTC microseconds, a safe integer. */
  now(): number
  /** Resolves after `micros`; rejects with the signal's reason when it is aborted. */
  sleep(micros: number, signal?: AbortSignal): Promise<void>
}

/** A source of numbers in [0, 1). */
export interface Randomness {
  next(): number
}

export const systemClock: Clock = {
  now: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
  sleep: (micros, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, micros / 1000)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

export const systemRandomness: Randomness = { next: () => Math.random() }
