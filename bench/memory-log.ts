/** Memory log: ticks per second of one core through the whole chain, from encoded input.
 *
 *    node bench/memory-log.ts [--events 5000000] [--portfolios 1] [--every-tick] [--hash] [--rounds 1] [--json]
 *
 *  In one run, in turn: the full chain, and the same loop with empty processors (decode, merge, routing, commits, and
 *  nothing folded). What is timed: reading, decoding, folding, committing. What is not: encoding the input.
 *  Not measured: disk, network, more than one core, more than one symbol. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { marketSegment, tradingSegment } from '@tideway/processors'
import { hashedTopics, type Segment, type Stage, type View } from '@tideway/schemas'
import { taskSpecs } from '@tideway/stack'
import { builtInStrategies } from '@tideway/strategies'
import { eventOf, isEventTopic, type Log, Task, type TaskSpec, TopicHasher } from '@tideway/streams'
import { MemoryLog } from '@tideway/streams/log/memory'
import { ticksOfCapture } from './capture-events.ts'
import { foldChunk, openPortfolios, ticksBetween } from './drive-chain.ts'

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '5000000' },
    portfolios: { type: 'string', default: '1' },
    capture: { type: 'string', default: '../shared/data/binance-spot/btcusdt_20240809.gz' },
    'every-tick': { type: 'boolean', default: false },
    hash: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
/** Small enough that what a round allocates dies young. */
const CHUNK = 4_000

if (!existsSync(given.capture)) {
  console.error(`no capture at ${given.capture}: give one with --capture`)
  process.exit(3)
}
const capture = await ticksOfCapture(given.capture)
const events = Number(given.events)
const layout = { partitions: 1, shards: 1 }
const full = taskSpecs(layout, { featuresEveryTick: given['every-tick'] })
const warm = Math.min(events, capture.ticks.length)
await measure(full, warm)
await measure(full.map(emptied), warm)
const rounds: { chain: Measure; empty: Measure }[] = []
for (let round = 0; round < Number(given.rounds); round++) {
  rounds.push({ chain: await measure(full, events), empty: await measure(full.map(emptied), events) })
}
const result = {
  events,
  portfolios: Number(given.portfolios),
  features: given['every-tick'] ? 'every tick' : 'every 100 ms',
  hashing: given.hash,
  rounds: rounds.length,
  ticksPerSecond: median(rounds.map(({ chain }) => chain.ticksPerSecond)),
  emptyTicksPerSecond: median(rounds.map(({ empty }) => empty.ticksPerSecond)),
  ratio: median(rounds.map(({ chain, empty }) => round(chain.ticksPerSecond / empty.ticksPerSecond))),
  residentMegabytes: rounds.at(-1)?.chain.residentMegabytes,
}
if (given.json) console.log(JSON.stringify(result))
else console.log(result)

interface Measure {
  readonly ticksPerSecond: number
  readonly residentMegabytes: number
}

async function measure(specs: readonly TaskSpec[], count: number): Promise<Measure> {
  const log = new MemoryLog({ layout })
  const tasks: Task[] = []
  for (const spec of specs)
    tasks.push(
      await Task.open(spec, log, {
        persist: false,
        maxEvents: 100_000,
        readLimit: { records: 20_000, bytes: 64 << 20 },
      }),
    )
  await openPortfolios(log, capture, Number(given.portfolios))
  const input = await log.open('bench')
  const hashers = given.hash
    ? new Map(hashedTopics.map(topic => [topic, { hasher: new TopicHasher(), offset: 0 }]))
    : undefined
  let nanos = 0n
  for (let from = 0; from < count; from += CHUNK) {
    nanos += await foldChunk(input, tasks, ticksBetween(capture, from, Math.min(from + CHUNK, count)))
    const began = process.hrtime.bigint()
    if (hashers) await hashNew(log, hashers)
    // A backtest keeps what it made; what went in and was read is let go.
    for (const topic of ['ticks', 'features', 'books', 'candles'] as const)
      log.trim(topic, 0, (await log.ends(topic, 0)).next)
    nanos += process.hrtime.bigint() - began
  }
  const seconds = Number(nanos) / 1e9
  return {
    ticksPerSecond: Math.round(count / seconds),
    residentMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
  }
}

async function hashNew(
  log: Log,
  hashers: Map<(typeof hashedTopics)[number], { hasher: TopicHasher; offset: number }>,
): Promise<void> {
  for (const [topic, state] of hashers) {
    if (!isEventTopic(topic)) continue
    const { first } = await log.ends(topic, 0)
    const batch = await log.read(topic, 0, Math.max(first, state.offset), { records: 1e9, bytes: 1e12 })
    for (const record of batch.records) state.hasher.add(eventOf(topic, record), record.value)
    state.offset = batch.nextOffset
  }
}

/** The same task with stages and views that fold nothing. */
function emptied(spec: TaskSpec): TaskSpec {
  const segment: Segment = spec.segment.per === 'symbol' ? marketSegment() : tradingSegment(builtInStrategies)
  const hollow = (stage: Stage): Stage => ({
    ...stage,
    empty: () => null,
    save: () => null,
    load: () => null,
    on: Object.fromEntries(Object.keys(stage.on).map(type => [type, () => {}])) as Stage['on'],
  })
  const views = segment.views.map(view => (view.name === 'books' ? { ...view, fold: () => {} } : view)) as View<never>[]
  return {
    ...spec,
    segment: {
      ...segment,
      views,
      stages: segment.stages.map(({ rank, stage }) => ({ rank, stage: hollow(stage as Stage) })),
    },
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
