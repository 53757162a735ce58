import type { Randomness } from '@tideway/resilience'

/** True at this rate. */
export function drawn(chance: Randomness, rate: number): boolean {
  return chance.next() < rate
}

/** A whole number from `from` to `to`, both included. */
export function between(chance: Randomness, from: number, to: number): number {
  return from + Math.floor(chance.next() * (to - from + 1))
}
