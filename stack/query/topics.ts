/** What a log holds: events and watermarks of its topics, and how far its writers have read. */
import { partitionsOf, type TopicKind, topicNames, topics } from '@tideway/schemas'
import type { ReadableLog } from './readable-log.ts'

export interface TopicState {
  readonly topic: string
  readonly kind: TopicKind
  readonly partitions: number
  /** Records that are kept. */
  readonly count: number
  /** Records that retention has taken. */
  readonly forgotten: number
  /** The least promise of its partitions; UTC microseconds, 0 for none. */
  readonly watermark: number
}

export interface WriterState {
  readonly writer: string
  readonly commits: number
  /** Records of its inputs that it has not read; undefined for a feed, which reads nothing. */
  readonly lag: number | undefined
}

export interface LogState {
  readonly incarnation: string
  readonly layout: { readonly partitions: number; readonly shards: number }
  readonly topics: readonly TopicState[]
  readonly writers: readonly WriterState[]
}

export async function logState(log: ReadableLog): Promise<LogState> {
  const states: TopicState[] = []
  for (const topic of topicNames) {
    const partitions = partitionsOf(topic, log.layout)
    const ends = await Promise.all(Array.from({ length: partitions }, (_, partition) => log.ends(topic, partition)))
    states.push({
      topic,
      kind: topics[topic].kind,
      partitions,
      count: ends.reduce((sum, { first, next }) => sum + next - first, 0),
      forgotten: ends.reduce((sum, { first }) => sum + first, 0),
      watermark: Math.min(...ends.map(({ watermark }) => watermark)),
    })
  }
  const writers: WriterState[] = []
  for (const { name, commits, positions } of await log.writers()) {
    let lag = 0
    for (const { topic, partition, offset } of positions)
      lag += Math.max(0, (await log.ends(topic, partition)).next - offset)
    writers.push({ writer: name, commits, lag: positions.length === 0 ? undefined : lag })
  }
  return { incarnation: log.incarnation, layout: log.layout, topics: states, writers }
}
