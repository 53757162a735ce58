/** What came out of a replay: counts and hashes of the topics, orders, fills, and what the portfolios are worth. */
import { Decimal, type Event, partitionsOf, type TopicName, topicNames, topics } from '@tideway/schemas'
import { eventOf, isEventTopic, type Log, TopicHasher } from '@tideway/streams'

export interface TopicSummary {
  readonly count: number
  /** Of the hashed topics. */
  readonly sha256?: string
}

export interface Summary {
  readonly topics: Readonly<Record<string, TopicSummary>>
  /** Orders that reached the venue. */
  readonly orders: number
  readonly intents: number
  readonly denials: number
  readonly fills: number
  /** Sums over the portfolios, as decimals. */
  readonly equity: string
  readonly realised: string
  readonly unrealised: string
  readonly fees: string
}

const READ = { records: 10_000, bytes: 16 << 20 }

/** Without `hash` events are only counted and added up. */
export async function summarise(log: Log, hash = true): Promise<Summary> {
  const tally = new Tally()
  const summaries: Record<string, TopicSummary> = {}
  for (const topic of topicNames) summaries[topic] = await summariseTopic(log, topic, tally, hash)
  return { topics: summaries, ...tally.result() }
}

async function summariseTopic(log: Log, topic: TopicName, tally: Tally, hash: boolean): Promise<TopicSummary> {
  const { hashed } = topics[topic]
  const hasher = hash && hashed ? new TopicHasher() : undefined
  let count = 0
  for (let partition = 0; partition < partitionsOf(topic, log.layout); partition++) {
    const { first, next } = await log.ends(topic, partition)
    if (!hashed) {
      count += next - first
      continue
    }
    for (let offset = first; offset < next; ) {
      const batch = await log.read(topic, partition, offset, READ)
      for (const record of batch.records) {
        if (!isEventTopic(topic)) continue
        const event = eventOf(topic, record)
        hasher?.add(event, record.value)
        tally.take(event)
      }
      count += batch.records.length
      offset = batch.nextOffset
    }
  }
  return hasher ? { count, sha256: hasher.digest().sha256 } : { count }
}

class Tally {
  #submitted = 0
  #intents = 0
  #denials = 0
  #fills = 0
  readonly #marks = new Map<string, Extract<Event, { type: 'EquityMarked' }>['data']>()

  take(event: Event): void {
    switch (event.type) {
      case 'OrderIntended':
        this.#intents++
        break
      case 'OrderSubmitted':
        this.#submitted++
        break
      case 'OrderDenied':
        this.#denials++
        break
      case 'FillRecorded':
        this.#fills++
        break
      case 'EquityMarked':
        this.#marks.set(event.key, event.data)
        break
    }
  }

  result() {
    const sum = (field: 'equity' | 'realised' | 'unrealised' | 'fees') =>
      [...this.#marks.values()].reduce((total, mark) => total.plus(mark[field]), new Decimal(0)).toFixed()
    return {
      orders: this.#submitted,
      intents: this.#intents,
      denials: this.#denials,
      fills: this.#fills,
      equity: sum('equity'),
      realised: sum('realised'),
      unrealised: sum('unrealised'),
      fees: sum('fees'),
    }
  }
}
