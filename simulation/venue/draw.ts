import type { Randomness } from '@tideway/resilience'

/** True at this rate. */
export function drawn(random: Randomness, rate: number): boolean {
  return random.next() < rate
}

/** A whole number from `from` to `to`, both included. */
export function between(random: Randomness, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1))
}
