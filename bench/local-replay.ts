/** Local log: a long replay through the whole chain, persisted; what it takes on disk and in memory.
 *
 *    node bench/local-replay.ts [--events 5000000] [--portfolios 10] [--json]
 *
 *  Resident size is read after a fifth of the events and after all, each after a collection where the process was
 *  started with --expose-gc: it should not grow. It is the process's own memory (RssAnon of Linux; elsewhere heap and
 *  buffers): the store is mapped, and how many of its pages the system keeps at hand is the system's affair. Bytes on disk are of the store's file, snapshots and changelog among
 *  them. Not measured: a disk's own speed (the log runs without a sync per commit), more than one core. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { topicNames } from '@tideway/schemas'
import { taskSpecs } from '@tideway/stack'
import { Task } from '@tideway/streams'
import { LocalLog } from '@tideway/streams/log/local'
import { ticksOfCapture } from './capture-events.ts'
import { foldChunk, openPortfolios, ticksBetween } from './drive-chain.ts'

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '5000000' },
    portfolios: { type: 'string', default: '10' },
    capture: { type: 'string', default: '../shared/data/binance-spot/btcusdt_20240809.gz' },
    json: { type: 'boolean', default: false },
  },
})
const CHUNK = 4_000

if (!existsSync(given.capture)) {
  console.error(`no capture at ${given.capture}: give one with --capture`)
  process.exit(3)
}
const capture = await ticksOfCapture(given.capture)
const events = Number(given.events)
const folder = mkdtempSync(join(tmpdir(), 'tideway-bench-'))
try {
  const result = await replayInto(folder)
  if (given.json) console.log(JSON.stringify(result))
  else console.log(result)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function replayInto(home: string) {
  const log = await LocalLog.open({ folder: home, layoutIfNew: { partitions: 1, shards: 1 }, durability: 'process' })
  const tasks: Task[] = []
  for (const spec of taskSpecs(log.layout)) tasks.push(await Task.open(spec, log))
  await openPortfolios(log, capture, Number(given.portfolios))
  const input = await log.open('bench')
  let nanos = 0n
  let residentAtFifth = 0
  for (let from = 0; from < events; from += CHUNK) {
    nanos += await foldChunk(input, tasks, ticksBetween(capture, from, Math.min(from + CHUNK, events)))
    if (from < events / 5 && from + CHUNK >= events / 5) residentAtFifth = resident()
  }
  const residentAtEnd = resident()
  let records = 0
  for (const topic of topicNames) records += (await log.ends(topic, 0)).next
  const { fileBytes, usedBytes } = log.size()
  await log.close()
  const seconds = Number(nanos) / 1e9
  return {
    events,
    portfolios: Number(given.portfolios),
    seconds: round(seconds),
    ticksPerSecond: Math.round(events / seconds),
    recordsInLog: records,
    fileMegabytes: round(fileBytes / 2 ** 20),
    usedMegabytes: round(usedBytes / 2 ** 20),
    bytesPerRecord: round(usedBytes / records),
    residentMegabytesAtFifth: residentAtFifth,
    residentMegabytesAtEnd: residentAtEnd,
    ratio: round(residentAtEnd / residentAtFifth),
  }
}

function resident(): number {
  globalThis.gc?.()
  const own = existsSync('/proc/self/status') && /RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
  const { heapTotal, external } = process.memoryUsage()
  return Math.round((own ? Number(own[1]) * 1024 : heapTotal + external) / 2 ** 20)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
