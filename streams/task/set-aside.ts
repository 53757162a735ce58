/** Dead letters of a task: a record that cannot be decoded, an event or a wake-up that a stage refused. */
import type { Event } from '@tideway/schemas'
import { deadLetterOutput } from '../dead-letter/record.ts'
import type { Output } from '../log/log.ts'
import { encodeEvent } from '../wire/codec.ts'
import type { Entry, Input } from './input.ts'
import { isTimer } from './refusal.ts'
import type { Timer } from './timers.ts'

export function poisonLetter(task: string, input: Input, { record, poison, time }: Entry): Output {
  return deadLetterOutput({
    topic: input.topic,
    partition: input.partition,
    offset: record.offset,
    key: record.key,
    task,
    stage: '',
    code: poison?.code ?? 'malformed',
    error: poison?.message ?? 'it cannot be decoded',
    time,
    headers: {},
    bytes: record.value,
  })
}

export function refusalLetter(
  task: string,
  partition: number,
  stage: string,
  subject: Event | Timer,
  reason: unknown,
): Output {
  const common = { partition, offset: -1, key: subject.key, task, stage, error: textOf(reason) }
  if (isTimer(subject)) {
    const { cause, root, tag } = subject
    return deadLetterOutput({
      ...common,
      topic: cause.topic,
      code: 'wake-up-refused',
      time: root.time,
      headers: { tag },
      bytes: new Uint8Array(),
    })
  }
  const { topic, type, source, seq, ingestTime } = subject
  const headers = { type, source, seq: String(seq) }
  return deadLetterOutput({ ...common, topic, code: 'refused', time: ingestTime, headers, bytes: encodeEvent(subject) })
}

/** Name and message: a stack would differ between machines. */
function textOf(reason: unknown): string {
  return reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)
}
