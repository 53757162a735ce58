/** A record set aside: what stood there, where, and why.
 *
 *  D1  A letter always fits: bytes longer than a record may be are cut, and the header `cut` says how many there were. */
import type { DeadLetter, TopicName } from '@tideway/schemas'
import { isTopic } from '@tideway/schemas'
import type { Output } from '../log/log.ts'
import { decodeValue, encodeValue } from '../wire/codec.ts'

export type { DeadLetter } from '@tideway/schemas'

/** The dead-letter topic of a topic. */
export function deadLetterTopic(topic: string): TopicName {
  const name = `dlq.${topic}`
  return isTopic(name) ? name : 'dlq.config'
}

/** Characters kept of a text that somebody else wrote. */
const TEXT_MOST = 2_000

/** `maxBytes` is what a record of the log may have (D1). */
export function deadLetterOutput(letter: DeadLetter, maxBytes: number): Output {
  const bytes = Buffer.from(letter.bytes.subarray(0, maxBytes))
  const cut = bytes.length < letter.bytes.length
  const headers = cut ? { ...letter.headers, cut: String(letter.bytes.length) } : letter.headers
  const key = letter.key.slice(0, TEXT_MOST)
  const error = letter.error.slice(0, TEXT_MOST)
  return {
    topic: deadLetterTopic(letter.topic),
    partition: 0,
    records: [{ key, value: encodeValue('dlq', { ...letter, key, error, headers, bytes }) }],
  }
}

export function readDeadLetter(value: Uint8Array): DeadLetter {
  return decodeValue('dlq', value) as DeadLetter
}
