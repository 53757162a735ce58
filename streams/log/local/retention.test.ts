import { VirtualClock } from '@tideway/resilience/testing'
import { describe, expect, it } from 'vitest'
import { aCommit, bytes, commits, textsOf, wrote } from '../conformance.ts'
import type { Commit } from '../log.ts'
import type { LocalLog, LocalLogOptions } from './index.ts'
import { flipped, inFolder, tamper } from './testing/folder.ts'

const DAY = 24 * 3_600_000_000
const START = 1_700_000_000_000_000
const reads = (offset: number, parts: Partial<Commit> = {}): Commit =>
  aCommit({ positions: [{ topic: 'ticks', partition: 0, offset }], ...parts })

type Open = (options?: Partial<LocalLogOptions>) => Promise<LocalLog>

interface TenDays {
  readonly log: LocalLog
  readonly clock: VirtualClock
  readonly folder: string
  readonly open: Open
}

/** A log with a batch of two ticks a day, days 0 to 9, and the clock at day 10. */
const tenDays = (body: (parts: TenDays) => Promise<void>) =>
  inFolder(async (open, folder) => {
    const clock = new VirtualClock(START)
    const log = await open({ clock })
    const writer = await log.open('feed')
    for (let day = 0; day < 10; day++) {
      await writer.commit(wrote('ticks', 0, `${day}.0`, `${day}.1`))
      await writer.commit(wrote('orders', 0, `${day}`))
      await clock.advance(DAY)
    }
    await body({ log, clock, folder, open })
  })

describe('retention', () => {
  it('forgets whole batches older than their topic keeps, and topics kept for ever nothing', () =>
    tenDays(async ({ log, clock }) => {
      const report = await log.maintain(clock.now())
      // Day 3 was seven days ago to the microsecond: it stays.
      expect(report).toMatchObject({ forgotten: [{ topic: 'ticks', partition: 0, records: 6 }], held: [] })
      expect(await log.ends('ticks', 0)).toMatchObject({ first: 6, next: 20 })
      expect((await textsOf(log, 'ticks', 0))[0]).toBe('3.0')
      await expect(log.read('ticks', 0, 5, { records: 1, bytes: 1 })).rejects.toMatchObject({ code: 'out-of-range' })
      expect(await textsOf(log, 'orders', 0)).toHaveLength(10)
      expect((await log.check()).damages).toEqual([])
      expect(await log.maintain(clock.now())).toEqual({ forgotten: [], held: [] })
    }))

  it('may forget everything, and offsets go on', () =>
    tenDays(async ({ log, clock, open }) => {
      await log.maintain(clock.now() + 100 * DAY)
      expect(await log.ends('ticks', 0)).toMatchObject({ first: 20, next: 20 })
      await log.close()
      const again = await open({ clock })
      await commits(again, 'feed', wrote('ticks', 0, 'next'))
      expect(await again.ends('ticks', 0)).toMatchObject({ first: 20, next: 21 })
      expect(await textsOf(again, 'ticks', 0)).toEqual(['next'])
    }))

  it('keeps what a writer still has to read, and names it, until it has read on or is forgotten', () =>
    tenDays(async ({ log, clock }) => {
      const slow = await commits(log, 'slow', reads(3))
      await commits(log, 'fast', reads(20))
      expect(await log.maintain(clock.now())).toMatchObject({
        forgotten: [{ records: 2 }],
        held: [{ topic: 'ticks', partition: 0, writer: 'slow', offset: 3 }],
      })
      expect((await log.ends('ticks', 0)).first).toBe(2)
      await slow.commit(reads(4))
      await log.maintain(clock.now())
      expect((await log.ends('ticks', 0)).first).toBe(4)
      log.forget('slow')
      await log.maintain(clock.now())
      expect((await log.ends('ticks', 0)).first).toBe(6)
    }))

  it('keeps what follows the last snapshot of a writer that refolds from it', () =>
    tenDays(async ({ log, clock, open }) => {
      await commits(log, 'market', reads(2, { snapshot: bytes('s') }), reads(20))
      await log.maintain(clock.now())
      expect((await log.ends('ticks', 0)).first).toBe(2)
      await log.close()
      const again = await open({ clock })
      await again.maintain(clock.now())
      expect((await again.ends('ticks', 0)).first).toBe(2)
      await commits(again, 'market', aCommit({ snapshot: bytes('s') }))
      await again.maintain(clock.now())
      expect((await again.ends('ticks', 0)).first).toBe(6)
    }))

  it('leaves a damaged batch, and what follows it, for a person to see', () =>
    tenDays(async ({ log, clock, folder, open }) => {
      await log.close()
      const isSecondDay = (key: string) => key.startsWith('ticks\0') && key.endsWith('\x02')
      await tamper(folder, 'records', (value, key) => (isSecondDay(key) ? flipped(value) : value))
      const again = await open({ clock })
      await again.maintain(clock.now())
      expect((await again.ends('ticks', 0)).first).toBe(2)
      await again.repair()
      await again.maintain(clock.now())
      expect((await again.ends('ticks', 0)).first).toBe(6)
    }))

  it('beside an inspection is no damage', () =>
    inFolder(async open => {
      const clock = new VirtualClock(START)
      const log = await open({ clock, retentionMicros: () => DAY })
      const writer = await log.open('feed')
      for (let i = 0; i < 500; i++) await writer.commit(wrote('ticks', 0, 'a'))
      await clock.advance(2 * DAY)
      await writer.commit(wrote('ticks', 0, 'b'))
      const [inspection] = await Promise.all([log.check(), log.maintain(clock.now())])
      expect(inspection.damages).toEqual([])
      expect((await log.ends('ticks', 0)).first).toBe(500)
    }))

  it('gives the room to what comes next: the file stops growing', () =>
    inFolder(async open => {
      const clock = new VirtualClock(START)
      const log = await open({ clock, retentionMicros: () => DAY })
      const writer = await log.open('feed')
      const values = Array.from({ length: 100 }, (_, i) => String(i).repeat(500))
      const sizes: number[] = []
      for (let day = 0; day < 60; day++) {
        for (let i = 0; i < 5; i++) await writer.commit(wrote('ticks', 0, ...values))
        await clock.advance(DAY)
        await log.maintain(clock.now())
        sizes.push(log.size().fileBytes)
      }
      expect(sizes.at(-1)).toBeLessThanOrEqual(2 * (sizes[4] ?? 0))
      expect(log.size().usedBytes).toBeLessThan(log.size().fileBytes)
    }))
})
