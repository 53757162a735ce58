/** Dead letters of a task: a record that cannot be decoded, an event or a wake-up that a stage refused. */
import type { Event } from '@tideway/schemas'
import { deadLetterOutput } from '../dead-letter/record.ts'
import type { Output } from '../log/log.ts'
import { encodeEvent } from '../wire/codec.ts'
import type { Poison } from './intake.ts'
import { isTimer } from './refusal.ts'
import type { Timer } from './timers.ts'

/** Who sets aside, and what a record of its log may have. */
export interface Sender {
  readonly task: string
  readonly partition: number
  readonly maxRecordBytes: number
}

export function poisonLetter(sender: Sender, { input, record, time, error }: Poison): Output {
  const letter = {
    topic: input.topic,
    partition: input.partition,
    offset: record.offset,
    key: record.key,
    task: sender.task,
    stage: '',
    code: error?.code ?? 'malformed',
    error: error?.message ?? 'it cannot be decoded',
    time,
    headers: {},
    bytes: record.value,
  }
  return deadLetterOutput(letter, sender.maxRecordBytes)
}

export function refusalLetter(sender: Sender, stage: string, subject: Event | Timer, reason: unknown): Output {
  const { task, partition, maxRecordBytes } = sender
  const common = { partition, offset: -1, key: subject.key, task, stage, error: textOf(reason) }
  if (isTimer(subject)) {
    const { cause, root, tag } = subject
    const at = { topic: cause.topic, code: 'wake-up-refused', time: root.time, headers: { tag } }
    return deadLetterOutput({ ...common, ...at, bytes: new Uint8Array() }, maxRecordBytes)
  }
  const { topic, type, source, seq, ingestTime } = subject
  const headers = { type, source, seq: String(seq) }
  const at = { topic, code: 'refused', time: ingestTime, headers }
  return deadLetterOutput({ ...common, ...at, bytes: encodeEvent(subject) }, maxRecordBytes)
}

/** Name and message: a stack would differ between machines. */
function textOf(reason: unknown): string {
  return reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)
}
