/** The one order in which events from several partitions are folded: that of their stamps, whatever partition they
 *  came from and however they were batched. */
import { compareStamps, type Event } from '@tideway/schemas'

/** M1  Before one microsecond's inputs come its timers, then config, commands, clock, reports, ticks (topic rank), then
 *      key, source and seq; under one root, what a stage derived comes by stage rank, key and count. */
export function compareForMerge(a: Event, b: Event): number {
  return a.ingestTime - b.ingestTime || compareStamps(a.stamp, b.stamp) // the ingest time is the root's
}
