/** An event as scripts get it: its identity as text, its times in UTC microseconds, its data. */
import { type Event, formatIdentity, identityOf } from '@tideway/schemas'

export function plainEvent(event: Event) {
  const { type, eventTime, ingestTime, data } = event
  return { identity: formatIdentity(identityOf(event)), type, eventTime, ingestTime, data }
}
