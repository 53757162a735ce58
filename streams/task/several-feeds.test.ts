/** A partition that several feeds write is not in the order of its stamps: rounds are, and restarts lose nothing. */
import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../log/memory/index.ts'
import { feedToy, hashesOf, toySymbols, toyTrades } from '../testing/scenario.ts'
import { toyTasks } from '../testing/toy.ts'
import { drain } from './drain.ts'
import { Feed } from './feed.ts'
import { Task } from './task.ts'
import type { TaskOptions } from './task-spec.ts'

const layout = { partitions: 1, shards: 2 }
const trades = toyTrades(500, 3)
const BEFORE = (trades[0]?.receiveTime ?? 0) - 500_000

/** Two feeds share the symbols and commit in turn, each `strides[feed]` trades at once. */
async function fedByTwo(options: Partial<TaskOptions>, strides: readonly [number, number], restart: boolean) {
  const log = new MemoryLog({ layout })
  const open = () => Promise.all(toyTasks(layout).map(spec => Task.open(spec, log, options)))
  let tasks = await open()
  const feeds = [await Feed.open('one', log, ['ticks']), await Feed.open('two', log, ['ticks'])]
  for (const feed of feeds) {
    feed.promise(BEFORE)
    await feed.commit()
  }
  await feedToy(log, [], 1, () => drain(tasks))
  await setupEnds(log)

  const shares = [0, 1].map(at => trades.filter(({ key }) => toySymbols.indexOf(key) % 2 === at))
  const next = [0, 0]
  while (next.some((from, at) => from < (shares[at]?.length ?? 0))) {
    for (const [at, feed] of feeds.entries()) {
      const from = next[at] ?? 0
      const part = (shares[at] ?? []).slice(from, from + (strides[at] ?? 1))
      next[at] = from + part.length
      for (const { key, receiveTime, ...trade } of part) {
        const times = { eventTime: receiveTime, receiveTime }
        const data = { ...trade, aggressor: 'buy' } as const
        feed.append({ topic: 'ticks', type: 'TradePrinted', key, source: 'toy', ...times, data })
      }
      feed.promise(part.at(-1)?.receiveTime ?? (trades.at(-1)?.receiveTime ?? 0) + 60_000_000)
      await feed.commit()
      for (let steps = 0; steps < 2; steps++) for (const task of tasks) await task.step()
      if (restart) tasks = await open()
    }
  }
  for (const feed of feeds) {
    feed.promise((trades.at(-1)?.receiveTime ?? 0) + 60_000_000)
    await feed.commit()
  }
  await drain(tasks)
  return hashesOf(log)
}

/** The feed that set the portfolios up is gone; nothing more comes from where it wrote. */
async function setupEnds(log: MemoryLog): Promise<void> {
  const gone = (topic: 'config' | 'commands' | 'ticks') => ({ topic, partition: 0, source: 'feed', time: null })
  const never = (topic: 'config' | 'commands') => ({ topic, partition: 0, source: 'nobody', time: 2 ** 52 })
  const writer = await log.open('rest')
  const watermarks = [never('config'), never('commands'), gone('config'), gone('commands'), gone('ticks')]
  await writer.commit({ outputs: [], watermarks, positions: [], progress: new Uint8Array(), state: [] })
}

describe('a partition that two feeds write', async () => {
  const expected = await fedByTwo({}, [1000, 1000], false)

  it('brings every trade to its stage', () => {
    expect(Object.keys(expected).sort()).toEqual(['books', 'features', 'orders', 'signals'])
  })

  it.each([
    [1, 1, 5_000],
    [3, 40, 5_000],
    [40, 3, 7],
    [17, 90, 1],
  ])('gives the same bytes for feeds that commit %i and %i at once, %i events a round', async (a, b, maxEvents) => {
    expect(await fedByTwo({ maxEvents }, [a, b], false)).toEqual(expected)
  })

  it.each([
    [3, 40, 5_000, 1_000_000],
    [40, 3, 7, 20],
    [17, 90, 3, 1_000_000],
  ])(
    'and for tasks that are restored after each commit of a feed (%i, %i, %i events a round, a snapshot every %i)',
    async (a, b, maxEvents, snapshotEvery) => {
      expect(await fedByTwo({ maxEvents, snapshotEvery }, [a, b], true)).toEqual(expected)
    },
  )
})
