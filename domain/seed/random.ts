/** Chance that repeats: a stream of numbers that follows from an event's identity and a purpose.
 *
 *  The generator is sfc32 (Chris Doty-Humphrey, PractRand: "Small Fast Counting", 128 bits of state, period of at least
 *  2^32), seeded with the first 96 bits of SHA-256 and warmed by twelve draws as its author does.
 *  S1  The same identity and purpose give the same numbers on any machine: integer arithmetic only.
 *  S2  Two purposes of one event, or two events, give unrelated numbers. */
import { createHash } from 'node:crypto'
import { formatIdentity, type Identity } from '@tideway/schemas'

export interface SeededRandom {
  /** Uniform over 0 .. 2^32 - 1. */
  uint32(): number
  /** Uniform in [0, 1), with 53 bits. */
  next(): number
  /** Uniform over 0 .. below - 1, without bias; `below` from 1 to 2^32. */
  below(below: number): number
}

const WARM_UP = 12

/** Numbers for one purpose of one event. */
export function randomOf(identity: Identity, purpose: string): SeededRandom {
  return seededRandom(`${purpose}/${formatIdentity(identity)}`)
}

/** Numbers that follow from a text. */
export function seededRandom(seed: string): SeededRandom {
  const digest = createHash('sha256').update(seed).digest()
  let a = digest.readUInt32LE(0)
  let b = digest.readUInt32LE(4)
  let c = digest.readUInt32LE(8)
  let counter = 1

  function uint32(): number {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let i = 0; i < WARM_UP; i++) uint32()

  return {
    uint32,
    next() {
      const high = uint32() >>> 5
      const low = uint32() >>> 6
      return (high * 2 ** 26 + low) / 2 ** 53
    },
    below(below) {
      if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
        throw new RangeError(`a bound is a whole number from 1 to 2^32, not ${below}`)
      }
      // The last, incomplete run of remainders is drawn again: it would favour the small ones.
      const complete = 2 ** 32 - (2 ** 32 % below)
      let draw = uint32()
      while (draw >= complete) draw = uint32()
      return draw % below
    },
  }
}
