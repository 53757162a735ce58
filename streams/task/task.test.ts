import type { Layout } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { readDeadLetter } from '../dead-letter/record.ts'
import { MemoryLog } from '../log/memory/index.ts'
import { feedToy, hashesOf, toyTrades } from '../testing/scenario.ts'
import { toyBook, toyTasks } from '../testing/toy.ts'
import { decodeEvent } from '../wire/codec.ts'
import { drain } from './drain.ts'
import { NondeterminismError, WatermarkError } from './errors.ts'
import { Feed } from './feed.ts'
import { Task } from './task.ts'
import { defaultTaskOptions, type TaskOptions } from './task-spec.ts'

const trades = toyTrades(600)

interface Run {
  layout?: Layout
  split?: boolean
  chunk?: number
  options?: Partial<TaskOptions>
}

async function run({ layout = { partitions: 1, shards: 1 }, split = false, chunk = 600, options = {} }: Run = {}) {
  const log = new MemoryLog({ layout })
  const tasks = await Promise.all(
    toyTasks(layout, { split }).map(spec => Task.open(spec, log, { ...defaultTaskOptions, ...options })),
  )
  await feedToy(log, trades, chunk, () => drain(tasks))
  return { log, hashes: await hashesOf(log) }
}

describe('tasks on one log', async () => {
  const { hashes: expected } = await run()

  it('write every topic of the toy topology', () => {
    expect(Object.keys(expected).sort()).toEqual(['books', 'features', 'orders', 'signals'])
  })
  it.each([1, 3, 8])('give the same bytes for %i partitions', async partitions => {
    expect((await run({ layout: { partitions, shards: 1 }, chunk: 37 })).hashes).toEqual(expected)
  })
  it.each([1, 2, 5])('give the same bytes for %i shards', async shards => {
    expect((await run({ layout: { partitions: 3, shards } })).hashes).toEqual(expected)
  })
  it.each([1, 7, 100, 600])('give the same bytes for chunks of %i', async chunk => {
    expect((await run({ chunk })).hashes).toEqual(expected)
  })
  it.each([1, 10, 5000])('give the same bytes for rounds of %i events', async maxEvents => {
    expect((await run({ options: { maxEvents }, layout: { partitions: 3, shards: 2 } })).hashes).toEqual(expected)
  })
  it('give the same bytes with their market stages apart', async () => {
    expect((await run({ split: true, layout: { partitions: 3, shards: 2 }, chunk: 11 })).hashes).toEqual(expected)
  })
  it('give the same bytes without persistence', async () => {
    expect((await run({ options: { persist: false } })).hashes).toEqual(expected)
  })
})

describe('the future', () => {
  it('does not show in the past: with the rest cut off, the outputs are the same up to there', async () => {
    const layout = { partitions: 2, shards: 2 }
    const outputsOf = async (part: typeof trades) => {
      const log = new MemoryLog({ layout })
      const tasks = await Promise.all(toyTasks(layout).map(spec => Task.open(spec, log)))
      await feedToy(log, part, 50, () => drain(tasks))
      const values: string[] = []
      for (const topic of ['books', 'features', 'signals', 'orders'] as const) {
        for (let partition = 0; partition < 2; partition++) {
          const { records } = await log.read(topic, partition, 0, { records: 1e6, bytes: 1e9 })
          for (const { value } of records) {
            const event = decodeEvent(topic, value)
            if (event.ingestTime < cut) values.push(Buffer.from(value).toString('hex'))
          }
        }
      }
      return values
    }
    const cut = trades[300]?.receiveTime ?? 0
    const before = trades.filter(({ receiveTime }) => receiveTime < cut)
    const whole = await outputsOf(trades)
    expect(whole.length).toBeGreaterThan(100)
    expect(await outputsOf(before)).toEqual(whole)
  })

  it('that comes too late, below a promised watermark, stops the task (K6)', async () => {
    const log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const [spec] = toyTasks(log.layout)
    if (!spec) throw new Error('no task')
    const task = await Task.open(spec, log)
    await feedToy(log, trades.slice(0, 10), 10, () => drain([task]))
    const late = await Feed.open('late', log, [])
    const [trade] = trades
    if (!trade) throw new Error('no trade')
    const { key, receiveTime, ...data } = trade
    const at = {
      topic: 'ticks',
      type: 'TradePrinted',
      key,
      source: 'late',
      eventTime: receiveTime,
      receiveTime,
    } as const
    late.append({ ...at, data: { ...data, aggressor: 'buy' } })
    await late.commit()
    await expect(task.step()).rejects.toThrow(WatermarkError)
  })
})

describe('a task that is thrown away between rounds', async () => {
  const { hashes: expected } = await run()

  it.each([
    [1, 50],
    [3, 1_000_000],
    [17, 50],
  ])(
    'and restored after every %i-th chunk, with a snapshot every %i events, goes on with the same bytes',
    async (every, snapshotEvery) => {
      const layout = { partitions: 3, shards: 2 }
      const log = new MemoryLog({ layout })
      const options = { ...defaultTaskOptions, snapshotEvery, maxEvents: 40 }
      const open = () => Promise.all(toyTasks(layout).map(spec => Task.open(spec, log, options)))
      let tasks = await open()
      let chunks = 0
      await feedToy(log, trades, 13, async () => {
        await drain(tasks)
        if (++chunks % every === 0) tasks = await open()
      })
      expect(await hashesOf(log)).toEqual(expected)
    },
  )

  it('refuses to go on when the refold gives other bytes (K4)', async () => {
    const log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const [spec] = toyTasks(log.layout)
    if (!spec) throw new Error('no task')
    const task = await Task.open(spec, log)
    await feedToy(log, trades, 100, () => drain([task]))
    const [changed] = toyTasks(log.layout, { book: { ...toyBook(2), version: 1 } })
    if (!changed) throw new Error('no task')
    await expect(Task.open(changed, log)).rejects.toThrow(NondeterminismError)
  })

  it('goes on under a new version, from a snapshot of its own (K5)', async () => {
    const log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const [spec] = toyTasks(log.layout)
    const [changed] = toyTasks(log.layout, { book: toyBook(2) })
    if (!spec || !changed) throw new Error('no task')
    const half = trades.slice(0, 300)
    const task = await Task.open(spec, log)
    await feedToy(log, half, 100, () => drain([task]))
    const newer = await Task.open(changed, log)
    await feedToy(
      log,
      trades.map(trade => ({ ...trade, receiveTime: trade.receiveTime + 120_000_000 })),
      100,
      () => drain([newer]),
    )
    await expect(Task.open(changed, log)).resolves.toBeDefined()
  })
})

describe('an event that a stage refuses', () => {
  it('goes to the dead letters, alone, on fused and split tasks alike [REL-06]', async () => {
    const bad = trades.map((trade, at) => (at === 250 ? { ...trade, sizeLots: -5 } : trade))
    const results = []
    for (const split of [false, true]) {
      for (const persist of [true, false]) {
        const log = new MemoryLog({ layout: { partitions: 3, shards: 2 } })
        const tasks = await Promise.all(
          toyTasks(log.layout, { split }).map(spec =>
            Task.open(spec, log, { ...defaultTaskOptions, persist, snapshotEvery: 70 }),
          ),
        )
        await feedToy(log, bad, 50, () => drain(tasks))
        const letters = await log.read('dlq.ticks', 0, 0, { records: 10, bytes: 1e6 })
        expect(letters.records).toHaveLength(1)
        const [letter] = letters.records.map(record => readDeadLetter(record.value))
        expect(letter).toMatchObject({ stage: 'book', topic: 'ticks', code: 'refused', key: bad[250]?.key })
        expect(letter?.error).toContain('a trade of -5 lots')
        results.push(await hashesOf(log))
      }
    }
    for (const result of results) expect(result).toEqual(results[0])
  })

  it('that cannot be decoded goes to the dead letters with its bytes', async () => {
    const log = new MemoryLog({ layout: { partitions: 1, shards: 1 } })
    const tasks = await Promise.all(toyTasks(log.layout).map(spec => Task.open(spec, log)))
    const vandal = await log.open('vandal')
    const poison = Buffer.from('not an event at all')
    await vandal.commit({
      outputs: [{ topic: 'ticks', partition: 0, records: [{ key: 'binance:BTC/USDT', value: poison }] }],
      watermarks: [],
      positions: [],
      progress: new Uint8Array(),
      state: [],
    })
    await feedToy(log, trades, 100, () => drain(tasks))
    const letters = (await log.read('dlq.ticks', 0, 0, { records: 10, bytes: 1e6 })).records.map(record =>
      readDeadLetter(record.value),
    )
    expect(letters.map(letter => [letter.task, letter.code, Buffer.from(letter.bytes).toString()])).toEqual([
      ['market-0', 'no-frame', 'not an event at all'],
      ['trading-0', 'no-frame', 'not an event at all'],
    ])
  })
})

describe('a commit larger than what a task reads at once', async () => {
  const { hashes: expected } = await run()

  it.each([1, 13, 100])('is read on until its watermark is there, %i records at a time', async records => {
    const options = { readLimit: { records, bytes: 8 << 20 } }
    expect((await run({ layout: { partitions: 3, shards: 2 }, options })).hashes).toEqual(expected)
  })

  it('is refolded as well', async () => {
    const layout = { partitions: 1, shards: 1 }
    const log = new MemoryLog({ layout })
    const options = { readLimit: { records: 20, bytes: 8 << 20 }, snapshotEvery: 1_000_000 }
    const open = () => Promise.all(toyTasks(layout).map(spec => Task.open(spec, log, options)))
    let tasks = await open()
    await feedToy(log, trades, 200, async () => {
      await drain(tasks)
      tasks = await open()
    })
    expect(await hashesOf(log)).toEqual(expected)
  })
})
