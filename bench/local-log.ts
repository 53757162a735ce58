/** Local log: records per second and the restoring of state, beside bare LMDB with the same bytes.
 *
 *    node bench/local-log.ts [--rounds 7] [--records 500000] [--state-mb 100] [--json]
 *
 *  Each round runs every way once, each in a fresh folder, in an order that turns; the ratios are of medians.
 *  write   one commit a batch. Bare, `joined`: the batch's values are put together and written as one row, what any
 *          log on LMDB must do at least. Bare, `ready`: the joined bytes are there already.
 *  read    all records in reads of 2,000, each value looked at; bare: the rows that `joined` wrote.
 *  restore what a writer finds when it opens; bare: all rows of the same sizes.
 *  Not measured: a file larger than memory, old files with free pages, many writers at once. Whether the disk keeps
 *  its word on fsync is the disk's affair: `power` says what waiting for it costs here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Durability, LocalLog } from '@tideway/streams/log/local'
import { openBareStore } from '@tideway/streams/log/local/bare'

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    records: { type: 'string', default: '500000' },
    'state-mb': { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(given.rounds)
const records = Number(given.records)
const stateEntries = Number(given['state-mb']) * 1000
const ENTRY_BYTES = 1000
const layout = { partitions: 1, shards: 1 }

type Way = (folder: string) => Promise<Record<string, number>>

/** Values as encoded ticks have them, 120 to 259 bytes; the same in every run. */
const values = Array.from({ length: 10_000 }, (_, i) => Buffer.alloc(120 + ((i * 7919) % 140), i))

function batchesOf(size: number, count: number) {
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) =>
    Array.from({ length: size }, (_, i) => ({
      key: i % 3 === 0 ? 'binance:ETHUSDT' : 'binance:BTCUSDT',
      value: values[(batch * size + i) % values.length] as Buffer,
    })),
  )
}

async function seconds(work: () => void | Promise<void>): Promise<number> {
  const began = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - began) / 1e9
}

function writing(durability: Durability, size: number, count: number): Record<string, Way> {
  const batches = batchesOf(size, count)
  const total = batches.length * size
  const joined = batches.map(batch => Buffer.concat(batch.map(({ value }) => value)))
  const bare = (write: (put: (number: number, bytes: Uint8Array) => void) => void, reads: boolean): Way => {
    return async folder => {
      const store = openBareStore(folder, durability)
      const write_ = total / (await seconds(() => write(store.put)))
      const read_ = await seconds(() => {
        for (let i = 0; reads && i < batches.length; i++) if (!store.get(i)) throw new Error('a row is missing')
      })
      await store.close()
      return reads ? { write: write_, read: total / read_ } : { write: write_ }
    }
  }
  return {
    local: async folder => {
      const log = await LocalLog.open({ folder, layoutIfNew: layout, durability })
      const writer = await log.open('bench')
      const progress = Buffer.alloc(40)
      const none = { watermarks: [], positions: [], state: [], progress }
      const write = await seconds(async () => {
        for (const batch of batches)
          await writer.commit({ ...none, outputs: [{ topic: 'ticks', partition: 0, records: batch }] })
      })
      let bytes = 0
      const read = await seconds(async () => {
        for (let from = 0; from < total; ) {
          const batch = await log.read('ticks', 0, from, { records: 2000, bytes: 8e6 })
          for (const record of batch.records) bytes += record.value.byteLength
          from = batch.nextOffset
        }
      })
      if (bytes !== joined.reduce((sum, each) => sum + each.byteLength, 0)) throw new Error('bytes are missing')
      await log.close()
      return { write: total / write, read: total / read }
    },
    joined: bare(put => {
      for (const [i, batch] of batches.entries()) put(i, Buffer.concat(batch.map(({ value }) => value)))
    }, true),
    ready: bare(put => {
      for (const [i, bytes] of joined.entries()) put(i, bytes)
    }, false),
  }
}

function restoring(): Record<string, Way> {
  const value = Buffer.alloc(ENTRY_BYTES, 7)
  const keys = Array.from({ length: stateEntries }, (_, i) => `portfolio-${i % 100}/stage/${i}`)
  return {
    local: async folder => {
      const options = { folder, layoutIfNew: layout, durability: 'process' } as const
      const log = await LocalLog.open(options)
      const writer = await log.open('bench')
      const none = { outputs: [], watermarks: [], positions: [], progress: value }
      for (let at = 0; at < keys.length; at += 1000) {
        await writer.commit({ ...none, state: keys.slice(at, at + 1000).map(key => ({ key, value })) })
      }
      await log.close()
      const again = await LocalLog.open(options)
      const opened = await again.open('bench')
      const took = await seconds(async () => {
        if ((await opened.restore())?.state.size !== keys.length) throw new Error('state is missing')
      })
      await again.close()
      return { restoreSeconds: took }
    },
    bare: async folder => {
      const store = openBareStore(folder, 'process')
      for (const i of keys.keys()) store.put(i, value)
      const took = await seconds(() => {
        if (store.scan() !== keys.length * ENTRY_BYTES) throw new Error('rows are missing')
      })
      await store.close()
      return { restoreSeconds: took }
    },
  }
}

async function medians(ways: Record<string, Way>): Promise<Record<string, Record<string, number>>> {
  const names = Object.keys(ways)
  const found = new Map<string, Record<string, number>[]>(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] ?? ''
      const folder = mkdtempSync(join(tmpdir(), 'tideway-bench-'))
      found.get(name)?.push((await ways[name]?.(folder)) ?? {})
      rmSync(folder, { recursive: true })
    }
  }
  const middle = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
  return Object.fromEntries(
    names.map(name => {
      const runs = found.get(name) ?? []
      const what = Object.keys(runs[0] ?? {})
      return [name, Object.fromEntries(what.map(key => [key, middle(runs.map(run => run[key] ?? Number.NaN))]))]
    }),
  )
}

const figures: Record<string, Record<string, number>> = {}
for (const [name, durability, size, count] of [
  ['batches of 1,000, process', 'process', 1000, records],
  ['batches of 1,000, power', 'power', 1000, records / 5],
  ['batches of 10, process', 'process', 10, records / 10],
  ['batches of 10, power', 'power', 10, records / 100],
] as const) {
  const { local, joined, ready } = await medians(writing(durability, size, count))
  figures[name] = {
    recordsPerSecond: Math.round(local?.write ?? 0),
    ofJoined: ratio(local?.write, joined?.write),
    ofReady: ratio(local?.write, ready?.write),
    readPerSecond: Math.round(local?.read ?? 0),
    readOfBare: ratio(local?.read, joined?.read),
  }
}
const { local, bare } = await medians(restoring())
figures[`restore of ${given['state-mb']} MB of state`] = {
  seconds: Number(local?.restoreSeconds?.toFixed(3)),
  ofBare: ratio(bare?.restoreSeconds, local?.restoreSeconds),
}

if (given.json) console.log(JSON.stringify({ rounds, records, figures }))
else for (const [name, row] of Object.entries(figures)) console.log(name, row)

function ratio(a = Number.NaN, b = Number.NaN): number {
  return Number((a / b).toFixed(2))
}
