import { seededRandomness } from '@tideway/resilience/testing'
import { describe, expect, it } from 'vitest'
import { aCommit, bytes, describeLog, everything, layout, text, textsOf, wrote } from './conformance.ts'
import { isLogError } from './errors.ts'
import { FaultyLog, type LogFaults, noLogFaults } from './faulty.ts'
import { MemoryLog } from './memory/index.ts'

const faulty = (faults: Partial<LogFaults>, seed = 1) => {
  const log = new MemoryLog({ layout, incarnation: 'test' })
  const rates = () => ({ ...noLogFaults, ...faults })
  return { log, faulty: new FaultyLog(log, { randomness: seededRandomness(seed), rates }) }
}

describeLog(
  'a faulty log without faults',
  async settings => {
    const log = new FaultyLog(new MemoryLog(settings), { randomness: seededRandomness(1), rates: () => noLogFaults })
    return { log, reopen: async () => log, dispose: () => log.close() }
  },
  { describe, it, expect },
)

describe('a commit', () => {
  it('that fails before has done nothing, and can be tried again', async () => {
    const { log, faulty: seen } = faulty({ failBefore: 0.5 })
    const writer = await seen.open('task')
    let failures = 0
    for (let i = 0; i < 50; ) {
      try {
        await writer.commit(wrote('ticks', 0, String(i)))
        i++
      } catch (error) {
        if (!isLogError(error, 'unavailable')) throw error
        failures++
      }
    }
    expect(failures).toBeGreaterThan(10)
    expect(await textsOf(log, 'ticks', 0)).toEqual(Array.from({ length: 50 }, (_, i) => String(i)))
  })

  it('of unknown outcome is there or not, and whoever looks loses and doubles nothing', async () => {
    const { log, faulty: seen } = faulty({ unknownOutcome: 0.5 })
    let writer = await seen.open('task')
    const found = { there: 0, missing: 0 }
    for (let i = 0; i < 100; ) {
      try {
        await writer.commit({ ...wrote('ticks', 0, String(i)), progress: bytes(String(i)) })
        i++
      } catch (error) {
        if (!isLogError(error, 'unknown-outcome')) throw error
        await expect(writer.commit(aCommit())).rejects.toMatchObject({ code: 'unknown-outcome' })
        writer = await seen.open('task')
        const there = text((await writer.restore())?.progress) === String(i)
        found[there ? 'there' : 'missing']++
        if (there) i++
      }
    }
    expect(Math.min(found.there, found.missing)).toBeGreaterThan(10)
    expect(await textsOf(log, 'ticks', 0)).toEqual(Array.from({ length: 100 }, (_, i) => String(i)))
  })
})

describe('a read', () => {
  it('that is torn brings a beginning, and the next one goes on', async () => {
    const { faulty: seen } = faulty({ tornRead: 1 })
    const values = Array.from({ length: 20 }, (_, i) => String(i))
    await (await seen.open('feed')).commit(wrote('ticks', 0, ...values))
    const lengths = new Set<number>()
    for (let i = 0; i < 50; i++) lengths.add((await seen.read('ticks', 0, 0, everything)).records.length)
    expect(lengths.size).toBeGreaterThan(5)
    expect(lengths.has(0)).toBe(false)
    expect(await textsOf(seen, 'ticks', 0)).toEqual(values)
  })

  it('that is torn promises nothing about what it leaves out', async () => {
    const { faulty: seen } = faulty({ tornRead: 1 })
    const writer = await seen.open('feed')
    for (let time = 1; time <= 20; time++) {
      const watermarks = [{ topic: 'ticks' as const, partition: 0, source: 'binance', time: time + 1 }]
      await writer.commit({ ...wrote('ticks', 0, String(time)), watermarks })
    }
    for (let i = 0; i < 50; i++) {
      const { records, watermark } = await seen.read('ticks', 0, 0, everything)
      expect(watermark).toBeLessThanOrEqual(records.length + 1)
    }
  })
})

describe('being unavailable', () => {
  it('comes and goes, for reading, looking, opening and restoring', async () => {
    const { faulty: seen } = faulty({ unavailable: 0.5 })
    const counts = { ok: 0, failed: 0 }
    const tried = (promise: Promise<unknown>) =>
      promise.then(
        () => counts.ok++,
        error => {
          if (!isLogError(error, 'unavailable')) throw error
          counts.failed++
        },
      )
    for (let i = 0; i < 50; i++) {
      await tried(seen.read('ticks', 0, 0, everything))
      await tried(seen.ends('ticks', 0))
      await tried(seen.open('task').then(writer => writer.restore()))
    }
    expect(Math.min(counts.ok, counts.failed)).toBeGreaterThan(30)
  })
})

it('the same seed meets the same faults', async () => {
  const run = async (seed: number) => {
    const { faulty: seen } = faulty({ failBefore: 0.3, unknownOutcome: 0.3, unavailable: 0.3, tornRead: 0.3 }, seed)
    const outcomes: string[] = []
    for (let i = 0; i < 60; i++) {
      const outcome = await seen
        .open('task')
        .then(writer => writer.commit(wrote('ticks', 0, 'a', 'b')))
        .then(
          () => 'ok',
          error => (isLogError(error) ? error.code : 'bug'),
        )
      const read = await seen.read('ticks', 0, 0, everything).then(
        batch => String(batch.records.length),
        () => 'unavailable',
      )
      outcomes.push(outcome, read)
    }
    return outcomes
  }
  expect(await run(7)).toEqual(await run(7))
  expect(await run(7)).not.toEqual(await run(8))
})
