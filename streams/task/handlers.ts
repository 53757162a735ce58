/** Which stages of a segment handle which events, looked up once per topic and type. */
import type { Event, EventTopic, Segment, Turn } from '@tideway/schemas'

export type Handler = (state: unknown, event: Event, turn: Turn<unknown>) => void
/** By the stages' order; undefined where a stage does not handle the event. */
export type Handlers = readonly (Handler | undefined)[]

export class HandlerTable {
  readonly #segment: Segment
  readonly #topics = new Map<EventTopic, Map<string, Handlers>>()

  constructor(segment: Segment) {
    this.#segment = segment
  }

  of(event: Event): Handlers {
    return this.#topics.get(event.topic)?.get(event.type) ?? this.#find(event)
  }

  #find({ topic, type }: Event): Handlers {
    const handlers = this.#segment.stages.map(({ stage }) =>
      stage.reads.includes(topic) ? (stage.on[type] as Handler | undefined) : undefined,
    )
    const types = this.#topics.get(topic) ?? new Map<string, Handlers>()
    types.set(type, handlers)
    this.#topics.set(topic, types)
    return handlers
  }
}
