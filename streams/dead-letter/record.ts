/** A record set aside: what stood there, where, and why. */
import type { TopicName } from '@tideway/schemas'
import { isTopic } from '@tideway/schemas'
import type { Output } from '../log/log.ts'
import { decodeValue, encodeValue } from '../wire/codec.ts'

export interface DeadLetter {
  readonly topic: string
  readonly partition: number
  /** -1 for an event that was still inside a task. */
  readonly offset: number
  readonly key: string
  readonly task: string
  /** Empty where it could not be decoded. */
  readonly stage: string
  readonly code: string
  readonly error: string
  /** Stream time of the task, UTC microseconds. */
  readonly time: number
  readonly headers: Readonly<Record<string, string>>
  /** The original value, frame and all; empty for a wake-up. */
  readonly bytes: Uint8Array
}

/** The dead-letter topic of a topic. */
export function deadLetterTopic(topic: string): TopicName {
  const name = `dlq.${topic}`
  return isTopic(name) ? name : 'dlq.config'
}

export function deadLetterOutput(letter: DeadLetter): Output {
  const bytes = Buffer.from(letter.bytes)
  return {
    topic: deadLetterTopic(letter.topic),
    partition: 0,
    records: [{ key: letter.key, value: encodeValue('dlq', { ...letter, bytes }) }],
  }
}

export function readDeadLetter(value: Uint8Array): DeadLetter {
  return decodeValue('dlq', value) as DeadLetter
}
