/** Dead letters as people ask for them: listed, and one by one.
 *
 *  A letter is named by its place, `dlq.ticks/17`: topic and offset in this log. */
import { type Event, type EventTopic, isTopic, type TopicName, topicNames } from '@tideway/schemas'
import { type DeadLetter, decodeEvent, isEventTopic, readDeadLetter, WireError } from '@tideway/streams'
import { StackError } from '../errors.ts'
import { type ReadableLog, recordsOf } from './readable-log.ts'

export interface ListedLetter extends DeadLetter {
  /** `dlq.ticks/17` */
  readonly id: string
}

export const deadLetterTopics = topicNames.filter(name => name.startsWith('dlq.'))

/** Letters in the order of their topics and places. `topic` is that of the records that were set aside. */
export async function* deadLetters(log: ReadableLog, topic?: string): AsyncGenerator<ListedLetter, void, undefined> {
  for (const name of topic === undefined ? deadLetterTopics : [topicOfLetters(topic)]) {
    for await (const record of recordsOf(log, name, 0)) {
      yield { id: `${name}/${record.offset}`, ...readDeadLetter(record.value) }
    }
  }
}

/** Throws StackError `not-found` where there is no such letter, `refused` where the text names none. */
export async function deadLetter(log: ReadableLog, id: string): Promise<ListedLetter> {
  const [, name = '', offset = ''] = /^(.+)\/(\d+)$/.exec(id) ?? []
  if (!isTopic(name) || !name.startsWith('dlq.')) {
    throw new StackError(
      'refused',
      `"${id}" names no dead letter.`,
      'Write TOPIC/OFFSET as `tideway dlq list` shows it, such as dlq.ticks/17.',
    )
  }
  const { first, next } = await log.ends(name, 0)
  const at = Number(offset)
  if (at >= first && at < next) {
    for await (const record of recordsOf(log, name, 0, { from: at, to: at + 1, batch: 1 }))
      return { id, ...readDeadLetter(record.value) }
  }
  throw new StackError('not-found', `There is no dead letter ${id}.`, 'See `tideway dlq list`.')
}

/** The event that was set aside; undefined where the bytes are none. */
export function eventOfLetter(letter: DeadLetter): Event | undefined {
  const topic = eventTopic(letter.topic)
  if (!topic || letter.bytes.length === 0) return undefined
  try {
    return decodeEvent(topic, letter.bytes)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

export function eventTopic(name: string): EventTopic | undefined {
  return isTopic(name) && isEventTopic(name) ? name : undefined
}

function topicOfLetters(topic: string): TopicName {
  const name = topic.startsWith('dlq.') ? topic : `dlq.${topic}`
  if (isTopic(name)) return name
  const known = deadLetterTopics.map(each => each.slice(4)).join(', ')
  throw new StackError('not-found', `There is no topic "${topic}" with dead letters.`, `Name one of ${known}.`)
}
