/** A clock that moves only when it is told to.
 *
 *  W1  Sleepers wake in the order of their due times, those of one microsecond in the order in which they lay down.
 *  W2  Between two wake-ups everything that the first one set off runs until it waits for something again. */
import type { Clock } from '../clock.ts'

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

export class VirtualClock implements Clock {
  #now: number
  #sleepers: Sleeper[] = []

  /** Starts at `startMicros` (UTC microseconds). */
  constructor(startMicros = 0) {
    this.#now = startMicros
  }

  now(): number {
    return this.#now
  }

  /** Sleepers that have not been woken. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  sleep(micros: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        this.#sleepers = this.#sleepers.filter(each => each !== sleeper)
        reject(signal?.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const sleeper = { due: this.#now + Math.max(0, micros), wake }
      const later = this.#sleepers.findIndex(each => each.due > sleeper.due)
      this.#sleepers.splice(later < 0 ? this.#sleepers.length : later, 0, sleeper) // W1
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** Lets `micros` pass. */
  async advance(micros: number): Promise<void> {
    const until = this.#now + micros
    await settled()
    while (this.#sleepers[0] && this.#sleepers[0].due <= until) await this.#wakeFirst()
    this.#now = until
  }

  /** Lets time pass until nobody sleeps. Throws after `wakeUps` of them: something sleeps for ever. */
  async run(wakeUps = 100_000): Promise<void> {
    await settled()
    for (let woken = 0; this.#sleepers.length > 0; woken++) {
      if (woken >= wakeUps) throw new Error(`${wakeUps} wake-ups and no end: what sleeps in a loop?`)
      await this.#wakeFirst()
    }
  }

  async #wakeFirst(): Promise<void> {
    const first = this.#sleepers.shift()
    if (!first) return
    this.#now = Math.max(this.#now, first.due)
    first.wake()
    await settled() // W2
  }
}

/** Runs whatever is ready to run. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
