/** What every log checks before it writes anything, so that a refused commit leaves nothing behind (L3, L5). */
import { isTopic, type Layout, partitionsOf, type TopicName } from '@tideway/schemas'
import { LogError } from './errors.ts'
import type { Commit } from './log.ts'

/** Value bytes that a record may have where a log is not told otherwise: 8 MB. */
export const defaultMaxRecordBytes = 8 * 1024 * 1024

/** Throws `not-found` unless the partition exists in this layout. */
export function admitPartition(topic: TopicName, partition: number, layout: Layout): void {
  if (!isTopic(topic)) {
    throw new LogError('not-found', `There is no topic "${topic}".`, 'Use a topic of schemas/topics.ts.', { topic })
  }
  const count = partitionsOf(topic, layout)
  if (Number.isInteger(partition) && partition >= 0 && partition < count) return
  throw new LogError('not-found', `Topic "${topic}" has no partition ${partition}.`, `It has 0 to ${count - 1}.`, {
    topic,
    partition,
  })
}

/** A dead letter holds the record that it is about: it may be larger by what it says of it. */
export const letterRoomBytes = 64 * 1024

/** Throws `record-too-large`, naming where the record was to go. */
export function admitSize(bytes: number, maxRecordBytes: number, topic: TopicName, partition: number, key: string) {
  if (bytes <= maxRecordBytes) return
  if (topic.startsWith('dlq.') && bytes <= maxRecordBytes + letterRoomBytes) return
  throw new LogError(
    'record-too-large',
    `A record of ${bytes} bytes for "${topic}" is larger than ${maxRecordBytes}.`,
    'Set the record aside, or raise maxRecordBytes.',
    { topic, partition, key, bytes, maxRecordBytes },
  )
}

/** Throws unless every partition that the commit names exists. Sizes are checked where the bytes are looked at. */
export function admitPartitions(commit: Commit, layout: Layout): void {
  for (const output of commit.outputs) admitPartition(output.topic, output.partition, layout)
  for (const watermark of commit.watermarks) admitPartition(watermark.topic, watermark.partition, layout)
  for (const position of commit.positions) admitPartition(position.topic, position.partition, layout)
}

/** Throws `out-of-range` unless `first <= from <= next`. */
export function admitOffset(topic: TopicName, partition: number, from: number, first: number, next: number): void {
  if (Number.isSafeInteger(from) && from >= first && from <= next) return
  throw new LogError(
    'out-of-range',
    `Offset ${from} of "${topic}" ${partition} is not kept: there are ${first} to ${next}.`,
    from < first
      ? 'Start from `first`: what was before is past retention.'
      : 'Start from `next`, or see whether the log was replaced.',
    { topic, partition, from, first, next },
  )
}

export function closedError(what: string): LogError {
  return new LogError('closed', `${what} is closed.`, 'Open it again.')
}

export function fencedError(writer: string): LogError {
  return new LogError(
    'fenced',
    `Another writer "${writer}" has taken over.`,
    'Stop: it goes on from what was committed.',
    {
      writer,
    },
  )
}

const maxNameBytes = 200
const maxStateKeyBytes = 1000
// biome-ignore lint/suspicious/noControlCharactersInRegex: a name may hold none of them, and keys end at a 0
const control = /[\u0000-\u001f]/

/** A writer's name: 1 to 200 bytes, no control characters. */
export function admitWriterName(name: string): void {
  if (name.length > 0 && Buffer.byteLength(name) <= maxNameBytes && !control.test(name)) return
  const remedy = `Use 1 to ${maxNameBytes} bytes without control characters.`
  throw new LogError('refused', `"${name}" cannot name a writer.`, remedy, { writer: name })
}

/** Keys of state entries are short: 1,000 bytes at most. */
export function admitStateKeys(commit: Commit): void {
  for (const { key } of commit.state) {
    if (key.length * 3 <= maxStateKeyBytes || Buffer.byteLength(key) <= maxStateKeyBytes) continue
    const remedy = `Use keys of at most ${maxStateKeyBytes} bytes.`
    throw new LogError('refused', `A state key of ${Buffer.byteLength(key)} bytes is too long.`, remedy)
  }
}
