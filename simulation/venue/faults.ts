/** How a simulated venue misbehaves: rates are chances in [0, 1], delays are drawn evenly up to their largest. */
import type { Randomness } from '@tideway/resilience'
import { between, drawn } from './draw.ts'

export interface VenueFaults {
  /** From us to the venue. A request that takes the receive window or longer has no effect. */
  readonly requestDelayMicrosMax: number
  /** From the venue to us. */
  readonly answerDelayMicrosMax: number
  readonly reportDelayMicrosMax: number
  /** The request never reaches the venue. */
  readonly lostRequest: number
  /** It took effect, and its sender is not told. */
  readonly lostAnswer: number
  readonly lostReport: number
  readonly repeatedReport: number
  /** A good order is refused. */
  readonly refused: number
  /** The venue remembers what it refused: asked for it, it says `rejected` instead of `not-found`. */
  readonly refusalRemembered: number
}

/** Everything works; only the wire takes its time. */
export const noFaults: VenueFaults = {
  requestDelayMicrosMax: 1_000,
  answerDelayMicrosMax: 1_000,
  reportDelayMicrosMax: 1_000,
  lostRequest: 0,
  lostAnswer: 0,
  lostReport: 0,
  repeatedReport: 0,
  refused: 0,
  refusalRemembered: 0,
}

/** Faults of one seed: some seeds are nearly calm, others lose every third message and let requests arrive too late. */
export function drawFaults(random: Randomness, receiveWindow: number): VenueFaults {
  const rate = (most: number) => (drawn(random, 0.3) ? 0 : random.next() * most)
  const delay = (most: number) => between(random, 1, Math.floor(most))
  return {
    requestDelayMicrosMax: delay(1.2 * receiveWindow),
    answerDelayMicrosMax: delay(receiveWindow),
    reportDelayMicrosMax: delay(3 * receiveWindow),
    lostRequest: rate(0.3),
    lostAnswer: rate(0.3),
    lostReport: rate(0.5),
    repeatedReport: rate(0.5),
    refused: rate(0.2),
    refusalRemembered: random.next(),
  }
}
