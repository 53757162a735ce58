/** The order in which a commit took its inputs, where it does not follow from their stamps: live, commands and venue
 *  reports are folded as they arrive. A commit that took none of them has no record: a replay of the day folds by stamp
 *  up to where a record begins, and follows it. */
import type { Interleaving } from '@tideway/schemas'
import type { Log, Output } from '../log/log.ts'
import { decodeValue, encodeValue } from '../wire/codec.ts'

export function interleavingOutput(interleaving: Interleaving): Output {
  return {
    topic: 'interleavings',
    partition: 0,
    records: [{ key: interleaving.task, value: encodeValue('interleavings', interleaving) }],
  }
}

/** The records of one task, in the order of its commits. */
export async function* interleavingsOf(log: Log, task: string): AsyncGenerator<Interleaving> {
  for (let offset = 0; ; ) {
    const batch = await log.read('interleavings', 0, offset, { records: 1000, bytes: 8 << 20 })
    for (const { key, value } of batch.records)
      if (key === task) yield decodeValue('interleavings', value) as Interleaving
    if (batch.nextOffset === offset) return
    offset = batch.nextOffset
  }
}
