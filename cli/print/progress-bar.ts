/** A line on standard error that says how far a long work has come; redrawn in place, gone at the end.
 *  Where standard error is no terminal it says nothing. */
import { duration, grouped } from '@tideway/stack/supervise'

const REDRAW_MILLIS = 100
const BAR = 24

export interface Reached {
  /** In any unit. */
  readonly done: number
  readonly total: number
  /** What is counted for the rate. */
  readonly count: number
}

export class ProgressBar {
  readonly #what: string
  readonly #began = performance.now()
  #first: Reached | undefined
  #drawn = 0

  /** `what` is counted: `messages`. */
  constructor(what: string) {
    this.#what = what
  }

  show(reached: Reached): void {
    if (!process.stderr.isTTY) return
    this.#first ??= reached
    const now = performance.now()
    if (now - this.#drawn < REDRAW_MILLIS) return
    this.#drawn = now
    const { columns } = process.stderr
    process.stderr.write(`\r${this.#text(reached, now).slice(0, Math.max(0, columns - 1))}\u001b[K`)
  }

  /** The rate and the time left count from where this work began, which may have been resumed. */
  #text({ done, total, count }: Reached, now: number): string {
    const share = total === 0 ? 0 : Math.min(1, done / total)
    const filled = Math.round(share * BAR)
    const seconds = Math.max(0.001, (now - this.#began) / 1000)
    const perSecond = (count - (this.#first?.count ?? 0)) / seconds
    const sinceStart = done - (this.#first?.done ?? 0)
    const left = sinceStart > 0 ? duration(((total - done) / sinceStart) * seconds) : '-'
    const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}`
    return `${bar} ${Math.floor(share * 100)} %  ${grouped(Math.round(perSecond))} ${this.#what}/s  ${left} left`
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }
}
