/** A replay of the simulated market on local logs, for tests that disturb it. */

import type { TopicName } from '@tideway/schemas'
import { type ReplayOptions, replay } from '@tideway/stack'
import { type DeadLetter, type Log, readDeadLetter } from '@tideway/streams'
import { LocalLog, type LocalLogOptions } from '@tideway/streams/log/local'
import { type Fingerprint, fingerprintOf } from '../../acceptance/testing/fingerprint.ts'

export const layout = { partitions: 3, shards: 2 }

export function openLog(folder: string, options: Partial<LocalLogOptions> = {}): Promise<LocalLog> {
  return LocalLog.open({ folder, layoutIfNew: layout, durability: 'process', ...options })
}

export async function replayed(options: ReplayOptions): Promise<Fingerprint> {
  return fingerprintOf(await replay({ chunk: 200, ...options }))
}

/** What stands for a process that dies: tasks and feed are left as they are, nothing is closed. */
export class Stopped extends Error {}

/** Replays until so many messages are taken, and stops dead. */
export async function replayedUntil(messages: number, options: ReplayOptions): Promise<void> {
  const onProgress: ReplayOptions['onProgress'] = async progress => {
    await options.onProgress?.(progress)
    if (progress.messages >= messages) throw new Stopped()
  }
  try {
    await replay({ chunk: 200, ...options, onProgress })
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return
  }
  throw new Error(`the replay ended before ${messages} messages`)
}

/** Fingerprint without the dead letters: what a disturbance must leave as it was. */
export function outcomeOf({ topics, ...rest }: Fingerprint): Fingerprint {
  return { ...rest, topics: Object.fromEntries(Object.entries(topics).filter(([name]) => !name.startsWith('dlq.'))) }
}

export async function lettersOf(log: Log, topic: TopicName = 'dlq.ticks'): Promise<DeadLetter[]> {
  const { records } = await log.read(topic, 0, 0, { records: 10_000, bytes: 1e9 })
  return records.map(({ value }) => readDeadLetter(value))
}

/** Somebody who writes what he likes past every feed. */
export async function vandal(log: Log, topic: TopicName, partition: number, values: readonly Uint8Array[]) {
  const writer = await log.open('vandal')
  await writer.commit({
    outputs: [{ topic, partition, records: values.map(value => ({ key: 'simulated:BTC/USDT', value })) }],
    watermarks: [],
    positions: [],
    progress: new Uint8Array(),
    state: [],
  })
  await writer.close()
}
