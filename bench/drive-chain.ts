/** Drives the whole chain on a log as the benchmarks do: portfolios opened, ticks committed chunk by chunk, tasks stepped
 *  until none moves. */
import { openingOf } from '@tideway/stack'
import { drain, Feed, type Log, type Task, type Writer } from '@tideway/streams'
import { type CaptureTicks, recordAt } from './capture-events.ts'

const inputTopics = ['ticks', 'config', 'clock', 'commands', 'reports'] as const

/** Puts the instruments and the first `count` portfolios on config, one second before the first tick. */
export async function openPortfolios(log: Log, { ticks, instruments }: CaptureTicks, count: number): Promise<void> {
  const time = (ticks[0]?.receiveTime ?? 0) - 1_000_000
  const feed = await Feed.open('setup', log, [])
  const common = { topic: 'config', source: 'setup', eventTime: time, receiveTime: time } as const
  for (const data of instruments) {
    feed.append({ ...common, type: 'InstrumentListed', key: `${data.venue}:${data.symbol}`, data })
  }
  for (const { name, opened, limits } of openingOf(instruments).portfolios.slice(0, count)) {
    feed.append({ ...common, type: 'PortfolioOpened', key: name, data: opened })
    feed.append({ ...common, type: 'LimitsSet', key: name, data: limits })
  }
  await feed.commit()
}

export type EncodedTick = ReturnType<typeof recordAt>

/** Encoded events `from` up to `to` of the endless capture: made before the clock is started. */
export function ticksBetween(capture: CaptureTicks, from: number, to: number): EncodedTick[] {
  return Array.from({ length: to - from }, (_, at) => recordAt(capture, from + at))
}

/** Commits the ticks and steps the tasks until none moves; gives the nanoseconds that this took. */
export async function foldChunk(
  input: Writer,
  tasks: readonly Task[],
  records: readonly EncodedTick[],
): Promise<bigint> {
  const time = records.at(-1)?.time ?? 0 // the next chunk may begin in the same microsecond
  const began = process.hrtime.bigint()
  await input.commit({
    outputs: [{ topic: 'ticks', partition: 0, records }],
    watermarks: inputTopics.map(topic => ({ topic, partition: 0, source: 'bench', time })),
    positions: [],
    progress: new Uint8Array(),
    state: [],
  })
  await drain(tasks)
  return process.hrtime.bigint() - began
}
