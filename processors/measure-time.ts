/** When risk and portfolio measure what a portfolio has: as the clock tells of a whole second of stamp time.
 *
 *  The clock is an event and no wake-up that asks for the next: seconds that nobody lived are told by nobody, so that a
 *  start after a night measures once and goes on. */
import { MICROS_PER_SECOND } from '@tideway/domain'

export function isMeasureTime(timeMicros: number): boolean {
  return timeMicros % MICROS_PER_SECOND === 0
}
