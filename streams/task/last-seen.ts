/** The last identity of every input, by topic and key: signals and orders name them among their causes, so that from a
 *  fill one walks back to the ticks and features that its decision rested on. A function of the log, like a view. */
import type { Event, Identity } from '@tideway/schemas'
import { identityOf } from '@tideway/schemas'

type Seen = Pick<Identity, 'topic' | 'key' | 'source' | 'seq'>

export class LastSeen {
  readonly #topics = new Map<string, Map<string, Seen>>()
  // Events of one topic come in long runs.
  #topic: string | undefined
  #keys = new Map<string, Seen>()

  note(event: Event): void {
    if (event.topic !== this.#topic) {
      this.#topic = event.topic
      this.#keys = this.#topics.get(event.topic) ?? new Map<string, Seen>()
      this.#topics.set(event.topic, this.#keys)
    }
    this.#keys.set(event.key, event)
  }

  /** Appends, in topic order, the last event of each subscribed key and of the reader's own key, the trigger left out. */
  addCauses(causes: Identity[], subscriptions: readonly string[], ownKey: string): void {
    const trigger = causes[0]
    for (const topic of this.#sortedTopics()) {
      const keys = this.#topics.get(topic)
      if (!keys) continue
      for (const key of subscriptions) add(keys.get(key))
      add(keys.get(ownKey))
    }
    function add(seen: Seen | undefined): void {
      if (!seen || isSame(seen, trigger)) return
      causes.push({ topic: seen.topic, key: seen.key, source: seen.source, seq: seen.seq })
    }
  }

  #sorted: string[] = []
  #sortedTopics(): string[] {
    if (this.#sorted.length !== this.#topics.size) this.#sorted = [...this.#topics.keys()].sort()
    return this.#sorted
  }

  save(): unknown {
    return [...this.#topics.values()].flatMap(keys => [...keys.values()].map(seen => identityOf(seen as Event)))
  }

  load(saved: unknown): void {
    for (const identity of (saved ?? []) as Identity[]) this.note(identity as unknown as Event)
  }
}

function isSame(seen: Seen, other: Seen | undefined): boolean {
  return (
    !!other &&
    seen.seq === other.seq &&
    seen.key === other.key &&
    seen.topic === other.topic &&
    seen.source === other.source
  )
}
