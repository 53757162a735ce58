/** Fault rates of a seed: each is drawn, and each is often zero, so that runs differ in kind and not only in measure. */
import type { SeededRandom } from '@tideway/domain'
import type { LogFaults } from '@tideway/streams/log/faulty'
import type { ActorFaults } from './actor.ts'
import { drawFaults as drawVenueFaults, noFaults as noVenueFaults, type VenueFaults } from './venue/index.ts'

export const RECEIVE_WINDOW_MICROS = 100_000

export interface Faults {
  readonly log: LogFaults
  readonly actor: ActorFaults
  readonly venue: VenueFaults
}

export function drawFaults(chance: SeededRandom): Faults {
  const rate = (most: number) => (chance.below(3) === 0 ? 0 : chance.next() * most)
  return {
    log: { failBefore: rate(0.05), unknownOutcome: rate(0.05), unavailable: rate(0.05), tornRead: rate(0.3) },
    actor: { death: rate(0.02), takeOver: rate(0.03) },
    venue: drawVenueFaults(chance, RECEIVE_WINDOW_MICROS),
  }
}

export const noFaults: Faults = {
  log: { failBefore: 0, unknownOutcome: 0, unavailable: 0, tornRead: 0 },
  actor: { death: 0, takeOver: 0 },
  venue: noVenueFaults,
}
