/** Which stages of a segment handle which events, looked up once per topic and type. */
import type { Event, EventTopic, Segment, Turn } from '@tideway/schemas'

export type Handler = (state: unknown, event: Event, turn: Turn<unknown>) => void

export interface Handlers {
  /** By the stages' order; undefined where a stage does not handle the event. */
  readonly byStage: readonly (Handler | undefined)[]
  /** Indexes of the stages that do, in order. */
  readonly interested: readonly number[]
}

export class HandlerTable {
  readonly #segment: Segment
  readonly #topics = new Map<EventTopic, Map<string, Handlers>>()
  // Events of one topic come in long runs.
  #topic: EventTopic | undefined
  #types: Map<string, Handlers> = new Map()

  constructor(segment: Segment) {
    this.#segment = segment
  }

  of(event: Event): Handlers {
    if (event.topic !== this.#topic) this.#turnTo(event.topic)
    return this.#types.get(event.type) ?? this.#find(event)
  }

  #turnTo(topic: EventTopic): void {
    this.#topic = topic
    this.#types = this.#topics.get(topic) ?? new Map<string, Handlers>()
    this.#topics.set(topic, this.#types)
  }

  #find({ topic, type }: Event): Handlers {
    const byStage = this.#segment.stages.map(({ stage }) =>
      stage.reads.includes(topic) ? (stage.on[type] as Handler | undefined) : undefined,
    )
    const handlers = { byStage, interested: byStage.flatMap((handler, index) => (handler ? [index] : [])) }
    this.#types.set(type, handlers)
    return handlers
  }
}
