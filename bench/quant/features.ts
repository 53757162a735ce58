/** What a tick costs in the market stages: nanoseconds a tick of one core, from decoded events.
 *
 *    node bench/quant/features.ts [--capture PATH] [--rounds 20] [--json]
 *
 *  Rows: the loop alone (it reads every level of every message), the book, each market stage on its own, features on
 *  every tick. A number is the median over the rounds; a round goes once through the capture with an empty state, the
 *  rows in turn. What is timed: the folds and what they emit, wake-ups among it.
 *  Not measured: decoding, stamps and causes, logs, hashing; and caches are warm, since the capture goes round. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { instrumentOf } from '@tideway/domain'
import { marketSegment } from '@tideway/processors'
import { marketWorld } from '@tideway/processors/testing'
import { Book } from '@tideway/quant'
import type { Event, RankedStage, Turn } from '@tideway/schemas'
import { type CaptureTicks, ticksOfCapture } from '../capture-events.ts'

const { values: given } = parseArgs({
  options: {
    capture: { type: 'string', default: '../shared/data/binance-spot/btcusdt_20240809.gz' },
    rounds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
})
if (!existsSync(given.capture)) {
  console.error(`no capture at ${given.capture}: give one with --capture`)
  process.exit(3)
}

/** Keeps results alive, so that nothing measured is left out by the compiler. */
let sink = 0

/** What a stage sees, at the least cost. */
class BareTurn implements Turn<unknown> {
  readonly trigger = { topic: 'ticks', key: '', source: '', seq: 0 }
  readonly views: unknown
  readonly key: string
  time = 0
  due = Number.POSITIVE_INFINITY
  tag = ''
  emitted = 0

  constructor(key: string, views: unknown) {
    this.key = key
    this.views = views
  }

  emit() {
    this.emitted++
    return this.trigger
  }

  /** The stages measured here have one wake-up at a time, candles but for the last of two. */
  wakeAt(due: number, tag: string) {
    if (due >= this.due) return
    this.due = due
    this.tag = tag
  }
}

const capture = await ticksOfCapture(given.capture)
const key = capture.ticks[0]?.tick.key ?? ''
const events = capture.ticks.map(eventOf)

const market = marketSegment().stages
const everyTick = marketSegment({ everyTick: true }).stages
const rows: Record<string, () => void> = {
  'loop alone': readOnly,
  book: foldBook,
  ...Object.fromEntries(market.map(ranked => [`${ranked.stage.name} stage`, () => foldStage(ranked)])),
  'features stage, every tick': () => foldStage(everyTick.find(({ stage }) => stage.name === 'features')),
}

const nanos = new Map(Object.keys(rows).map(name => [name, [] as number[]]))
for (let round = 0; round < Number(given.rounds); round++) {
  for (const [name, run] of Object.entries(rows)) {
    const start = process.hrtime.bigint()
    run()
    nanos.get(name)?.push(Number(process.hrtime.bigint() - start) / events.length)
  }
}
const medians = [...nanos].map(([name, each]) => [name, median(each)] as const)
const base = medians[0]?.[1] ?? 1
const result = {
  capture: given.capture,
  ticks: events.length,
  rows: medians.map(([name, each]) => ({
    name,
    nanosPerTick: Math.round(each),
    ratio: Math.round((each / base) * 10) / 10,
  })),
}
if (given.json) console.log(JSON.stringify(result))
else console.table(result.rows)
if (sink === 1) console.log('')

function eventOf({ tick, receiveTime }: CaptureTicks['ticks'][number], seq: number): Event {
  const root = { time: receiveTime, rank: 5, key: tick.key, source: 'bench', seq }
  const stamp = { root, rank: 0, key: tick.key, count: 0 }
  const place = { topic: 'ticks', key: tick.key, source: 'bench', seq, ingestTime: receiveTime, stamp }
  return { ...place, type: tick.type, eventTime: tick.eventTime, causes: [], replayOf: null, data: tick.data } as Event
}

function readOnly(): void {
  for (const { type, data } of events) {
    if (type === 'DepthChanged' || type === 'BookSnapshotted') {
      for (let i = 0; i < data.bidTicks.length; i++) sink += (data.bidTicks[i] ?? 0) + (data.bidLots[i] ?? 0)
      for (let i = 0; i < data.askTicks.length; i++) sink += (data.askTicks[i] ?? 0) + (data.askLots[i] ?? 0)
    } else if (type === 'QuoteChanged') sink += data.bidTicks + data.askTicks
  }
}

function foldBook(): void {
  const book = new Book()
  for (const { type, data } of events) {
    if (type === 'QuoteChanged') book.takeQuote(data)
    else if (type === 'DepthChanged') book.takeDepth(data)
    else if (type === 'BookSnapshotted') book.takeSnapshot(data)
    sink += book.best('bid') + book.best('ask')
  }
}

function foldStage(ranked: RankedStage | undefined): void {
  if (!ranked) throw new Error('no such stage')
  const { stage } = ranked
  const state = stage.empty(key)
  const world = marketWorld(...capture.instruments.map(instrumentOf))
  const turn = new BareTurn(key, world.views)
  for (const event of events) {
    while (turn.due <= event.ingestTime) {
      turn.time = turn.due
      turn.due = Number.POSITIVE_INFINITY
      stage.wake?.(state, turn.tag, turn)
    }
    turn.time = event.ingestTime
    world.fold(event)
    const handler = stage.on[event.type] as ((state: unknown, event: Event, turn: Turn<unknown>) => void) | undefined
    handler?.(state, event, turn)
  }
  sink += turn.emitted
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
