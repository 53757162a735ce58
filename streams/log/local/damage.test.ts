import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aCommit, bytes, commits, everything, text, textsOf, wrote } from '../conformance.ts'
import { isLogError } from '../errors.ts'
import type { Damage } from './index.ts'
import { flipped, inFolder, tamper } from './testing/folder.ts'

const ofBatch = (topic: string, partition: number, base: number) => (key: string) =>
  key.startsWith(`${topic}\0`) &&
  key.charCodeAt(topic.length + 4) === partition &&
  key.endsWith(String.fromCharCode(base))

const threeBatches = [wrote('ticks', 1, 'a', 'b'), wrote('ticks', 1, 'c', 'd', 'e'), wrote('ticks', 1, 'f')]

describe('a damaged batch of records', () => {
  it('is reported by reads with topic, partition and offsets, and what is around it can be read', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      await commits(written, 'feed', ...threeBatches, wrote('ticks', 0, 'x'))
      await written.close()
      const isSecond = ofBatch('ticks', 1, 2)
      await tamper(folder, 'records', (value, key) => (isSecond(key) ? flipped(value) : value))
      const log = await open()

      const before = await log.read('ticks', 1, 0, everything)
      expect(before.records.map(record => text(record.value))).toEqual(['a', 'b'])
      expect(before.nextOffset).toBe(2)
      for (const from of [2, 3, 4]) {
        await expect(log.read('ticks', 1, from, everything)).rejects.toMatchObject({
          code: 'damaged',
          where: { topic: 'ticks', partition: 1, from: 2, to: 5 },
        })
      }
      const after = await log.read('ticks', 1, 5, everything)
      expect(after.records.map(record => text(record.value))).toEqual(['f'])
      expect(await textsOf(log, 'ticks', 0)).toEqual(['x'])
      expect((await log.check()).damages).toEqual([{ what: 'records', topic: 'ticks', partition: 1, from: 2, to: 5 }])
    }))

  it('that is missing altogether is reported alike, first and last too', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      await commits(written, 'feed', ...threeBatches)
      await written.close()
      const kept = ofBatch('ticks', 1, 2)
      await tamper(folder, 'records', (value, key) => (kept(key) ? value : undefined))
      const log = await open()
      const lost = (from: number, to: number) => ({ code: 'damaged', where: { from, to } })
      await expect(log.read('ticks', 1, 0, everything)).rejects.toMatchObject(lost(0, 2))
      await expect(log.read('ticks', 1, 5, everything)).rejects.toMatchObject(lost(5, 6))
      expect((await log.read('ticks', 1, 2, everything)).nextOffset).toBe(5)
      expect((await log.check()).damages).toMatchObject([
        { from: 0, to: 2 },
        { from: 5, to: 6 },
      ])
    }))

  it('is given up on request only: reads go over it, what was lost is written down, offsets stay', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      await commits(written, 'feed', ...threeBatches)
      await written.close()
      const isSecond = ofBatch('ticks', 1, 2)
      await tamper(folder, 'records', (value, key) => (isSecond(key) ? flipped(value) : value))
      const log = await open()
      const loss = { topic: 'ticks', partition: 1, from: 2, to: 5 }
      expect(log.losses()).toEqual([])
      expect(await log.repair()).toEqual([{ what: 'records', ...loss }])
      expect(await textsOf(log, 'ticks', 1)).toEqual(['a', 'b', 'f'])
      expect((await log.read('ticks', 1, 3, everything)).records.map(record => record.offset)).toEqual([5])
      expect((await log.check()).damages).toEqual([])
      expect(await log.repair()).toEqual([])
      await log.close()
      const again = await open()
      expect(again.losses()).toMatchObject([loss])
      await commits(again, 'feed', wrote('ticks', 1, 'g'))
      expect(await textsOf(again, 'ticks', 1)).toEqual(['a', 'b', 'f', 'g'])
    }))
})

describe('other damage', () => {
  it('of what is known of a partition stops it alone, until it is rebuilt from its batches', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      const watermarks = [{ topic: 'ticks' as const, partition: 1, source: 'binance', time: 5 }]
      await commits(
        written,
        'feed',
        { ...wrote('ticks', 1, 'a'), watermarks },
        wrote('ticks', 1, 'b'),
        wrote('ticks', 0, 'x'),
      )
      await written.close()
      await tamper(folder, 'partitions', (value, key) => (key === 'ticks\0\0\0\0\x01' ? flipped(value) : value))
      const log = await open()
      const writer = await log.open('feed')
      for (const call of [
        log.ends('ticks', 1),
        log.read('ticks', 1, 0, everything),
        writer.commit(wrote('ticks', 1, 'c')),
      ]) {
        await expect(call).rejects.toMatchObject({ code: 'damaged', where: { topic: 'ticks', partition: 1 } })
      }
      await writer.commit(wrote('ticks', 0, 'y'))
      expect((await log.check()).damages).toEqual([{ what: 'partition', topic: 'ticks', partition: 1 }])
      await log.repair()
      expect(await log.ends('ticks', 1)).toEqual({ first: 0, next: 2, watermark: 5 })
      await writer.commit(wrote('ticks', 1, 'c'))
      expect(await textsOf(log, 'ticks', 1)).toEqual(['a', 'b', 'c'])
    }))

  it('of what a writer saved is named, never repaired; a person may forget the writer', () =>
    inFolder(async (open, folder) => {
      const saved = aCommit({ state: [{ key: 'p1', value: bytes('v') }], snapshot: bytes('s') })
      for (const [table, row, what] of [
        ['writers', 'task\0progress', 'progress'],
        ['writers', 'task\0snapshot', 'snapshot'],
        ['writers', 'task\0info', 'info'],
        ['state', 'task\0p1', 'state p1'],
      ] as const) {
        const written = await open()
        await commits(written, 'task', saved)
        await commits(written, 'other', saved)
        await written.close()
        await tamper(folder, table, (value, key) => (key === row ? flipped(value) : value))
        const log = await open()
        const damaged = { code: 'damaged', where: { writer: 'task', what } }
        const writer = await log.open('task')
        await expect(writer.restore()).rejects.toMatchObject(damaged)
        expect((await (await log.open('other')).restore())?.state.size).toBe(1)
        expect((await log.check()).damages).toEqual([{ what: 'writer', writer: 'task', row: what }])
        await log.repair()
        await expect(writer.restore()).rejects.toMatchObject(damaged)
        log.forget('task')
        await expect(writer.commit(saved)).rejects.toMatchObject({ code: 'fenced' })
        expect(await (await log.open('task')).restore()).toBeUndefined()
        expect((await log.check()).damages).toEqual([])
        await log.close()
      }
    }))

  it('of a byte on the disk is found like one in the store', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      const value = 'x'.repeat(20_000)
      await commits(written, 'feed', wrote('ticks', 0, value), wrote('ticks', 0, 'after'))
      await written.close()
      const file = join(folder, 'data.mdb')
      const disk = readFileSync(file)
      const at = disk.indexOf('x'.repeat(10_000))
      disk[at] = 121
      writeFileSync(file, disk)
      const log = await open()
      await expect(log.read('ticks', 0, 0, everything)).rejects.toMatchObject({
        code: 'damaged',
        where: { from: 0, to: 1 },
      })
      expect((await log.read('ticks', 0, 1, everything)).records).toHaveLength(1)
    }))

  it('of a file that was cut short is an error, not the end of the process', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      const values = Array.from({ length: 10 }, (_, i) => String(i).repeat(100_000))
      await commits(written, 'feed', ...values.map(value => wrote('ticks', 0, value)))
      await written.close()
      const file = join(folder, 'data.mdb')
      const whole = readFileSync(file)
      for (const share of [0.95, 0.5, 0.1, 0.03]) {
        writeFileSync(file, whole)
        truncateSync(file, Math.floor(whole.byteLength * share))
        const found = await open()
          .then(log => log.check().finally(() => log.close()))
          .then(report => report.damages)
          .catch((error: unknown) => [error])
        // Either the tree is whole and records are lost, or what is left says that the store is damaged.
        for (const damage of found) {
          expect(damage).toSatisfy(() => isLogError(damage, 'damaged') || (damage as Damage).what === 'records')
        }
        expect(found.length).toBeGreaterThan(0)
      }
    }))

  it('of the store as a whole keeps it closed: no store at all, no word of what it is', () =>
    inFolder(async (open, folder) => {
      const written = await open()
      await commits(written, 'feed', wrote('ticks', 0, 'x'.repeat(100_000)))
      await written.close()
      const file = join(folder, 'data.mdb')
      const whole = readFileSync(file)
      for (const wrong of [Buffer.alloc(50_000, 7), Buffer.alloc(10), whole.subarray(0, 4096)]) {
        writeFileSync(file, wrong)
        await expect(open()).rejects.toMatchObject({ code: 'damaged' })
      }
      writeFileSync(file, whole)
      expect(await (await open()).close()).toBeUndefined()
      await tamper(folder, 'meta', (value, key) => (key === 'birth' ? flipped(value) : value))
      await expect(open()).rejects.toMatchObject({ code: 'damaged' })
    }))

  it('is no longer looked for once the log is closed', () =>
    inFolder(async open => {
      const log = await open()
      const writer = await log.open('feed')
      for (let i = 0; i < 200; i++) await writer.commit(wrote('ticks', 0, 'a'))
      const outcomes = Promise.allSettled([log.check(), log.repair(), log.maintain(2 ** 52)])
      await log.close()
      for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'closed' } })
    }))

  it('is not found where there is none', () =>
    inFolder(async open => {
      const log = await open()
      const writer = await commits(log, 'feed', ...threeBatches)
      await writer.commit(aCommit({ state: [{ key: 'k', value: bytes('v') }] }))
      expect(await log.check()).toMatchObject({ batches: 3, records: 6, damages: [] })
    }))
})
