import { type EventTopic, type Identity, identityOf } from '@tideway/schemas'
import { Feed } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventsIn, simulatedLog } from '../testing/simulated-log.ts'
import { findEvent, offsetAt } from './find.ts'
import type { ReadableLog } from './readable-log.ts'

let log: MemoryLog
beforeAll(async () => {
  log = await simulatedLog(30)
})

const topics: readonly EventTopic[] = ['config', 'clock', 'ticks', 'features', 'signals', 'orders', 'executions']

/** The log, counting the records that are read. */
function counting(inner: ReadableLog): { readonly log: ReadableLog; readonly read: () => number } {
  let count = 0
  const read: ReadableLog['read'] = async (...place) => {
    const batch = await inner.read(...place)
    count += batch.records.length
    return batch
  }
  const { incarnation, layout } = inner
  const log = {
    incarnation,
    layout,
    read,
    ends: (...place: Parameters<ReadableLog['ends']>) => inner.ends(...place),
    writers: () => inner.writers(),
  }
  return { log, read: () => count }
}

describe('an event is found by its identity', () => {
  it.each(topics)('wherever it stands in %s', async topic => {
    const events = await eventsIn(log, topic)
    expect(events.length).toBeGreaterThan(10)
    const step = Math.max(1, Math.floor(events.length / 100))
    for (let at = 0; at < events.length; at += step) {
      const { event, partition, offset } = events[at] as (typeof events)[number]
      expect(await findEvent(log, identityOf(event))).toMatchObject({ partition, offset })
    }
  })

  it('by halves: of thousands of ticks only some are read', async () => {
    const events = await eventsIn(log, 'ticks')
    const counted = counting(log)
    const wanted = events[Math.floor(events.length / 3)]?.event
    if (!wanted) throw new Error('there are no ticks')
    await findEvent(counted.log, identityOf(wanted))
    expect(counted.read()).toBeLessThan(events.length / 2)
  })

  it('among any mixture of keys and sources that share a partition', async () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const source = fc.constantFrom('x', 'y')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, source), { maxLength: 200 }), fc.nat(), async (pairs, pick) => {
        const mixed = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
        const feed = await Feed.open('feed', mixed, ['commands'])
        for (const [at, [key, source]] of pairs.entries()) {
          const times = { eventTime: at, receiveTime: at }
          feed.append({ topic: 'commands', type: 'HaltTrading', key, source, ...times, data: { reason: '' } })
        }
        await feed.commit()
        const events = await eventsIn(mixed, 'commands')
        const wanted = events[pick % Math.max(1, events.length)]
        if (wanted) expect(await findEvent(mixed, identityOf(wanted.event))).toMatchObject({ offset: wanted.offset })
        const later: Identity = { topic: 'commands', key: 'a', source: 'x', seq: pairs.length }
        expect(await findEvent(mixed, later)).toEqual({ missing: 'unknown' })
      }),
      { numRuns: 50 },
    )
  })

  it('or told to be past retention, where later ones of its key are there and it is not', async () => {
    const [first] = await eventsIn(log, 'clock')
    if (!first) throw new Error('there is no clock')
    const { log: seen } = counting(log)
    const forgetful: ReadableLog = {
      ...seen,
      ends: async (...place) => ({ ...(await log.ends(...place)), first: 50 }),
    }
    expect(await findEvent(forgetful, identityOf(first.event))).toEqual({ missing: 'forgotten' })
    expect(await findEvent(log, { ...identityOf(first.event), seq: 1e9 })).toEqual({ missing: 'unknown' })
  })

  it('unless its topic holds none', async () => {
    const letter = { topic: 'dlq.ticks', key: 'k', source: 's', seq: 0 }
    await expect(findEvent(log, letter)).rejects.toMatchObject({ code: 'refused' })
  })
})

it('the first event from a time on is found by halves', async () => {
  const events = (await eventsIn(log, 'clock')).map(({ event }) => event.ingestTime)
  for (const [offset, time] of events.entries()) {
    expect(await offsetAt(log, 'clock', 0, time)).toBe(offset)
    expect(await offsetAt(log, 'clock', 0, time + 1)).toBe(offset + 1)
  }
})
