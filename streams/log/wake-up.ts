/** Counts commits and wakes those who wait for the next one. */

type Wake = () => void

export class WakeUp {
  #version = 0
  #waiters: Wake[] = []

  get version(): number {
    return this.#version
  }

  /** One more commit. Waiters run in later microtasks, in the order in which they came. */
  ring(): void {
    this.#version++
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  /** Resolves once the version differs from `version`; rejects with the signal's reason. */
  changed(version: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (version !== this.#version) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const wake = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const stop = () => {
        this.#waiters = this.#waiters.filter(other => other !== wake)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', stop, { once: true })
      this.#waiters.push(wake)
    })
  }
}
