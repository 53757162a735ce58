import { describe, expect, it } from 'vitest'
import { aCommit, aRecord, describeLog, everything, layout, textsOf, wrote } from '../conformance.ts'
import type { NewRecord } from '../log.ts'
import { MemoryLog, type PlaceableRecord } from './index.ts'

describeLog(
  'memory log',
  async settings => {
    const log = new MemoryLog(settings)
    return { log, reopen: async () => log, dispose: () => log.close() }
  },
  { describe, it, expect },
)

const tick = (records: readonly NewRecord[]) => aCommit({ outputs: [{ topic: 'ticks', partition: 0, records }] })

class Lazy implements PlaceableRecord {
  offset = -1
  readonly key = 'binance:BTCUSDT'
  readonly event = { type: 'TradePrinted' } as unknown as NonNullable<NewRecord['event']>
  get value(): Uint8Array {
    throw new Error('encoded without need')
  }
}

describe('records in memory', () => {
  it('are the objects that came in, their value never asked for', async () => {
    const log = new MemoryLog({ layout, maxRecordBytes: 1 })
    const records = [new Lazy(), new Lazy()]
    await (await log.open('task')).commit(tick(records))
    const batch = await log.read('ticks', 0, 0, { records: 10, bytes: 1 })
    expect(batch.records).toHaveLength(2)
    expect(batch.records[0]).toBe(records[0])
    expect(batch.records.map(record => record.offset)).toEqual([0, 1])
  })

  it('that are plain may be appended twice: each place has its own offset', async () => {
    const log = new MemoryLog({ layout })
    const record = aRecord('a')
    const placeable: PlaceableRecord = { ...record, offset: -1 }
    await (await log.open('task')).commit(tick([record, placeable, placeable, record]))
    const { records } = await log.read('ticks', 0, 0, everything)
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3])
    expect(record).not.toHaveProperty('offset')
  })

  it('are read alike over the borders of chunks', async () => {
    const log = new MemoryLog({ layout })
    const writer = await log.open('feed')
    const values = Array.from({ length: 10_000 }, (_, i) => String(i))
    await writer.commit(wrote('ticks', 0, ...values.slice(0, 5000)))
    await writer.commit(wrote('ticks', 0, ...values.slice(5000)))
    for (const records of [333, 4096, 6000, 100_000]) {
      expect(await textsOf(log, 'ticks', 0, { records, bytes: 1e9 })).toEqual(values)
    }
  })
})

describe('trimming', () => {
  it('forgets exactly what lies below, keeps offsets and watermarks', async () => {
    const log = new MemoryLog({ layout })
    const writer = await log.open('feed')
    for (let i = 0; i < 10; i++) {
      const records = Array.from({ length: 1000 }, (_, j) => aRecord(String(1000 * i + j)))
      await writer.commit({
        ...tick(records),
        watermarks: [{ topic: 'ticks', partition: 0, source: 'binance', time: 1000 * (i + 1) }],
      })
    }
    log.trim('ticks', 0, 9000)
    expect(await log.ends('ticks', 0)).toEqual({ first: 9000, next: 10_000, watermark: 10_000 })
    await expect(log.read('ticks', 0, 8999, everything)).rejects.toMatchObject({ code: 'out-of-range' })
    const batch = await log.read('ticks', 0, 9000, { records: 1, bytes: 1e9 })
    expect([new TextDecoder().decode(batch.records[0]?.value), batch.watermark]).toEqual(['9000', 9000])
    log.trim('ticks', 0, 1e9)
    expect(await log.ends('ticks', 0)).toEqual({ first: 10_000, next: 10_000, watermark: 10_000 })
    await writer.commit(wrote('ticks', 0, 'next'))
    expect(await textsOf(log, 'ticks', 0)).toEqual(['next'])
  })

  it('follows the slowest reader where only what is unread is kept', async () => {
    const log = new MemoryLog({ layout, keep: 'unread' })
    const at = (offset: number) => aCommit({ positions: [{ topic: 'ticks', partition: 0, offset }] })
    await (await log.open('feed')).commit(wrote('ticks', 0, 'a', 'b', 'c'))
    const fast = await log.open('fast')
    const slow = await log.open('slow')
    await slow.commit(at(1))
    await fast.commit(at(3))
    expect((await log.ends('ticks', 0)).first).toBe(1)
    await slow.commit(at(2))
    expect(await textsOf(log, 'ticks', 0)).toEqual(['c'])
  })
})
