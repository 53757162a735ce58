import type { TopicName } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import type { Log } from '../log/log.ts'
import { MemoryLog } from '../log/memory/index.ts'
import { feedToy, hashesOf, toyPortfolios, toyTrades } from '../testing/scenario.ts'
import { toyTasks } from '../testing/toy.ts'
import { drain } from './drain.ts'
import { Feed } from './feed.ts'
import { interleavingsOf } from './interleaving.ts'
import { Task } from './task.ts'

const layout = { partitions: 2, shards: 2 }
const trades = toyTrades(300)

/** A live day: commands arrive between the chunks of the market, stamped earlier or later than what was folded. */
async function aLiveDay({ restart = false } = {}): Promise<Log> {
  const log = new MemoryLog({ layout })
  const options = { prompt: new Set(['commands'] as const), snapshotEvery: 60 }
  const open = () =>
    Promise.all(toyTasks(layout).map(spec => Task.open(spec, log, spec.name.startsWith('trading') ? options : {})))
  let tasks = await open()
  const operator = await Feed.open('operator', log, [])
  let chunk = 0
  await feedToy(log, trades, 20, async () => {
    const now = trades[Math.min(chunk * 20, trades.length - 1)]?.receiveTime ?? 0
    const key = toyPortfolios[chunk % toyPortfolios.length] ?? ''
    operator.append({
      topic: 'commands',
      type: 'HaltTrading',
      key,
      source: 'operator',
      eventTime: now,
      receiveTime: now + ((chunk % 3) - 1) * 40_000,
      data: { reason: 'x'.repeat(chunk) },
    })
    await operator.commit()
    await drain(tasks)
    if (restart && chunk % 3 === 1) tasks = await open()
    chunk++
  })
  return log
}

/** The inputs of one log at the same offsets in a new one. */
async function inputsOf(day: Log): Promise<Log> {
  const copy = new MemoryLog({ layout })
  const writer = await copy.open('copy')
  for (const topic of ['config', 'commands', 'ticks'] as const satisfies TopicName[]) {
    for (let partition = 0; partition < (topic === 'ticks' ? layout.partitions : 1); partition++) {
      const { records, watermark } = await day.read(topic, partition, 0, { records: 1e6, bytes: 1e9 })
      await writer.commit({
        outputs: [{ topic, partition, records: records.map(({ key, value }) => ({ key, value })) }],
        watermarks: [{ topic, partition, source: 'copy', time: watermark }],
        positions: [],
        progress: new Uint8Array(),
        state: [],
      })
    }
  }
  return copy
}

async function replayFollowing(day: Log): Promise<Log> {
  const log = await inputsOf(day)
  for (const spec of toyTasks(layout)) {
    if (spec.name.startsWith('market')) await drain([await Task.open(spec, log)])
  }
  for (const spec of toyTasks(layout)) {
    if (!spec.name.startsWith('trading')) continue
    const task = await Task.open(spec, log, { prompt: new Set(['commands']) })
    for await (const record of interleavingsOf(day, spec.name)) {
      while (!(await task.stepFollowing(record)));
    }
    await drain([task])
  }
  return log
}

describe('the interleaving of a live day', () => {
  it('differs from the order of stamps, and a replay that follows it gives the bytes of the day', async () => {
    const day = await aLiveDay()
    const byStamp = await inputsOf(day)
    await drain(await Promise.all(toyTasks(layout).map(spec => Task.open(spec, byStamp))))
    const expected = await hashesOf(day)
    expect((await hashesOf(byStamp)).signals).not.toBe(expected.signals)
    expect(await hashesOf(await replayFollowing(day))).toEqual(expected)
  })

  it('goes on over restarts of the tasks: the day after a take-over is the day without', async () => {
    expect(await hashesOf(await aLiveDay({ restart: true }))).toEqual(await hashesOf(await aLiveDay()))
  })

  it('made with other partitions is refused, not guessed', async () => {
    const day = await aLiveDay()
    const [spec] = toyTasks({ partitions: 1, shards: 2 }).filter(each => each.name.startsWith('trading'))
    if (!spec) throw new Error('no task')
    const log = new MemoryLog({ layout: { partitions: 1, shards: 2 } })
    const task = await Task.open(spec, log, { prompt: new Set(['commands']) })
    for await (const record of interleavingsOf(day, spec.name)) {
      await expect(task.stepFollowing(record)).rejects.toThrow(/use the same partitions and shards/)
      break
    }
  })
})
