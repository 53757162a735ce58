/** The refusals that a task knows of: events and wake-ups that a stage threw at, which the next fold leaves out.
 *  Kept after they are behind, because a refold meets them again, until a snapshot lies past them. */
import type { StageRefusal } from './refusal.ts'

export class Refusals {
  readonly #reasons = new Map<string, unknown>()
  #passed: string[] = []

  get size(): number {
    return this.#reasons.size
  }

  has(refusal: string): boolean {
    return this.#reasons.has(refusal)
  }

  reason(refusal: string): unknown {
    return this.#reasons.get(refusal)
  }

  /** Throws one that is known already: leaving the event out did not help, so the task stops. */
  note(error: StageRefusal): void {
    if (this.#reasons.has(error.refusal)) throw error
    this.#reasons.set(error.refusal, error.cause)
  }

  /** The fold has gone past it. */
  pass(refusal: string): void {
    this.#passed.push(refusal)
  }

  /** A snapshot lies past those that were passed: nothing meets them again. */
  forgetPassed(): void {
    for (const refusal of this.#passed.splice(0)) this.#reasons.delete(refusal)
  }

  /** The fold starts again from an earlier place. */
  turnBack(): void {
    this.#passed = []
  }

  /** Another may have committed meanwhile: a refold meets what still holds. */
  clear(): void {
    this.#reasons.clear()
    this.#passed = []
  }
}
