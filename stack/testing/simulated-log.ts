/** Logs for tests: the simulated market, recorded and replayed through the whole chain. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCapture, SIMULATED_VENUE, simulatedMarket } from '@tideway/connectors'
import { type Event, type EventTopic, type Layout, partitionsOf } from '@tideway/schemas'
import { eventOf } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import type { ReadableLog } from '../query/readable-log.ts'
import { replay } from '../replay/replay.ts'

const START = 1_700_000_000_000_000

/** A log of so many seconds of the simulated market. */
export async function simulatedLog(seconds: number, layout: Layout = { partitions: 2, shards: 2 }): Promise<MemoryLog> {
  const folder = mkdtempSync(join(tmpdir(), 'tideway-stack-'))
  try {
    const captures: string[] = []
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const path = join(folder, `${symbol}.gz`)
      const writer = await createCapture(path, { venue: SIMULATED_VENUE, symbol })
      const market = simulatedMarket({ seed: 3, symbols: [symbol], startMicros: START })
      for (const { time, raw } of market.until(START + seconds * 1e6)) await writer.write(time, raw)
      await writer.close()
      captures.push(path)
    }
    const log = new MemoryLog({ layout })
    await replay({ log, captures, hash: false })
    return log
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export interface Placed {
  readonly event: Event
  readonly partition: number
  readonly offset: number
}

/** Every event of a topic. */
export async function eventsIn(log: ReadableLog, topic: EventTopic): Promise<Placed[]> {
  const placed: Placed[] = []
  for (let partition = 0; partition < partitionsOf(topic, log.layout); partition++) {
    const { records } = await log.read(topic, partition, 0, { records: 1_000_000, bytes: 1e9 })
    for (const record of records) placed.push({ event: eventOf(topic, record), partition, offset: record.offset })
  }
  return placed
}
