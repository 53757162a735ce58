/** Chance that can be repeated: mulberry32 (T. Ettinger, public domain), 32 bits of state. Good enough to spread
 *  waits and to draw test cases; decisions take their seeds from the identity of events instead. */
import type { Randomness } from '../clock.ts'

/** The same numbers for the same seed. */
export function seededRandomness(seed: number): Randomness {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}

/** Always the same number in [0, 1). */
export function constantRandomness(value: number): Randomness {
  return { next: () => value }
}
