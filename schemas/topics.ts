/** The one table of topics.
 *
 *  T1  A topic is input (from outside), derived (a stage made it) or control (the machinery's own), never two of them.
 *  T2  Rank orders input events of one microsecond: configuration before commands before the market.
 *  T3  `per` says how many partitions it has and what its key is: one, a symbol (`venue:symbol`) or a portfolio. */
export type TopicKind = 'input' | 'derived' | 'control'
export type Partitioning = 'one' | 'symbol' | 'portfolio'

export interface TopicSpec {
  readonly kind: TopicKind
  readonly rank: number
  readonly per: Partitioning
  /** Hours that records are kept at least; null keeps them for ever. */
  readonly retentionHours: number | null
  /** Part of the determinism proof. */
  readonly hashed: boolean
}

const input = (rank: number, per: Partitioning, retentionHours: number | null): TopicSpec => ({
  kind: 'input',
  rank,
  per,
  retentionHours,
  hashed: false,
})
const derived = (per: Partitioning, retentionHours: number | null): TopicSpec => ({
  kind: 'derived',
  rank: 0,
  per,
  retentionHours,
  hashed: true,
})
const control = (retentionHours: number | null): TopicSpec => ({
  kind: 'control',
  rank: 0,
  per: 'one',
  retentionHours,
  hashed: false,
})

const DAY = 24

export const topics = {
  config: input(1, 'one', null),
  commands: input(2, 'one', null),
  clock: input(3, 'one', 7 * DAY),
  reports: input(4, 'portfolio', null),
  ticks: input(5, 'symbol', 7 * DAY),
  books: derived('symbol', 7 * DAY),
  candles: derived('symbol', 365 * DAY),
  features: derived('symbol', 7 * DAY),
  signals: derived('portfolio', null),
  orders: derived('portfolio', null),
  'reports.paper': derived('portfolio', null),
  executions: derived('portfolio', null),
  positions: derived('portfolio', null),
  risk: derived('portfolio', 365 * DAY),
  'dlq.config': control(null),
  'dlq.commands': control(null),
  'dlq.clock': control(null),
  'dlq.reports': control(null),
  'dlq.ticks': control(null),
  'dlq.books': control(null),
  'dlq.candles': control(null),
  'dlq.features': control(null),
  'dlq.signals': control(null),
  'dlq.orders': control(null),
  'dlq.reports.paper': control(null),
  'dlq.executions': control(null),
  'dlq.positions': control(null),
  'dlq.risk': control(null),
  interleavings: control(7 * DAY),
} as const satisfies Record<string, TopicSpec>

export type TopicName = keyof typeof topics

export const topicNames = Object.keys(topics) as TopicName[]
export const hashedTopics = topicNames.filter(name => topics[name].hashed)

export function isTopic(name: string): name is TopicName {
  return Object.hasOwn(topics, name)
}

export function rankOf(topic: TopicName): number {
  return topics[topic].rank
}

/** How many partitions each kind of key is spread over; fixed when a log is created. */
export interface Layout {
  /** Partitions of what is kept per symbol. */
  readonly partitions: number
  /** Shards of what is kept per portfolio. */
  readonly shards: number
}

export function partitionsOf(topic: TopicName, layout: Layout): number {
  const { per } = topics[topic]
  return per === 'symbol' ? layout.partitions : per === 'portfolio' ? layout.shards : 1
}

/** The schema's name: every dead-letter topic shares one. */
export function schemaOf(topic: TopicName): string {
  return topic.startsWith('dlq.') ? 'dlq' : topic
}
