/** Wakes those who wait for a version to change. */

interface Waiter {
  readonly wake: () => void
  readonly fail: (reason: unknown) => void
}

export class WakeUp {
  #version = 0
  #waiters: Waiter[] = []
  #ended: { readonly reason: unknown } | undefined

  get version(): number {
    return this.#version
  }

  /** A new version: one more than the last, or the one given. */
  ring(version: number = this.#version + 1): void {
    if (version === this.#version) return
    this.#version = version
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const { wake } of waiters) wake()
  }

  /** There will be no other version: whoever waits, or comes to wait, is told why. */
  end(reason: unknown): void {
    this.#ended = { reason }
    for (const { fail } of this.#waiters) fail(reason)
    this.#waiters = []
  }

  /** Resolves once the version differs from `version`; rejects with the signal's reason. */
  changed(version: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (version !== this.#version) return Promise.resolve()
    if (this.#ended) return Promise.reject(this.#ended.reason)
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiters = this.#waiters.filter(other => other !== waiter)
        reject(signal?.reason)
      }
      const leave = () => signal?.removeEventListener('abort', stop)
      const waiter: Waiter = {
        wake: () => {
          leave()
          resolve()
        },
        fail: reason => {
          leave()
          reject(reason)
        },
      }
      signal?.addEventListener('abort', stop, { once: true })
      this.#waiters.push(waiter)
    })
  }
}
