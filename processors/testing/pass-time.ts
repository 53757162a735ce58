/** Lets the clock tell the stages how far time has come, as a feed does. */
import { MICROS_PER_SECOND, nextInterval } from '@tideway/domain'
import { aClockTick } from '@tideway/domain/testing'
import type { Event } from '@tideway/schemas'
import type { Drive } from './drive.ts'

/** A tick of the clock at each whole period after the time reached so far, up to `until`, and the wake-ups due by then.
 *  By default the seconds alone, by which portfolios are measured. Returns what was emitted meanwhile. */
export function passTime(driven: Drive, until: number, periodMicros = MICROS_PER_SECOND): readonly Event[] {
  const before = driven.emitted.length
  for (let time = nextInterval(driven.time, periodMicros); time <= until; time += periodMicros) {
    driven.give(aClockTick({ periodMicros }, { time }))
  }
  driven.advanceTo(until)
  return driven.emitted.slice(before)
}
