/** The one order of events from several partitions.
 *
 *  M1  Events are folded in stamp order, whatever partition they came from and however they were batched. */
import { compareStamps, type Event } from '@tideway/schemas'

/** Sorts in place by stamp. Partitions come mostly sorted, which the engine's merge sort uses. */
export function sortByStamp(events: Event[]): void {
  for (let at = 1; at < events.length; at++) {
    const before = events[at - 1]
    const event = events[at]
    if (before && event && compareStamps(before.stamp, event.stamp) > 0) {
      events.sort((a, b) => compareStamps(a.stamp, b.stamp))
      return
    }
  }
}
