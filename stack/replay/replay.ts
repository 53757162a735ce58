/** A replay: captures through the whole topology on one log, as fast as the processor goes.
 *  The same captures give the same hashes on every log, for every layout, round size and interruption. */
import { binanceDecoder, type Capture, type Decode, describeCapture, instrumentsOf } from '@tideway/connectors'
import type { InstrumentListed } from '@tideway/schemas'
import { drain, type Log, Task, type TaskOptions, type TaskSpec } from '@tideway/streams'
import { type TopologyOptions, taskSpecs } from '../topology.ts'
import { type FeedProgress, feedCaptures, openCaptureFeed } from './capture-feed.ts'
import { openingOf } from './opening.ts'
import { type Summary, summarise } from './summary.ts'

export interface ReplayOptions extends TopologyOptions {
  readonly log: Log
  readonly captures: readonly string[]
  /** Messages of a commit of the feed. */
  readonly chunk?: number
  readonly tasks?: Partial<TaskOptions>
  /** What the portfolios trade by in turn; the built-in ones where absent. */
  readonly strategies?: readonly string[]
  /** Whether to hash what came out; true where absent. */
  readonly hash?: boolean
  /** Awaited after each commit of the feed, once the tasks have folded it. */
  readonly onProgress?: (progress: FeedProgress) => void | Promise<void>
  /** Exchanges tasks: for tests that break a stage on purpose. */
  readonly exchange?: (spec: TaskSpec) => TaskSpec
}

export interface ReplayResult extends Summary {
  readonly messages: number
  /** Messages that could not be read or decoded; they stand in `dlq.ticks`. */
  readonly damaged: number
  /** Instruments whose tick and lot were inferred from the capture. */
  readonly inferred: readonly string[]
}

/** Throws CaptureError where a capture cannot be read; what was committed by then stays, and a second call goes on. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { log, chunk = 2_000, onProgress } = options
  const captures = await Promise.all(options.captures.map(describeCapture))
  const found = await instrumentsOf(captures)
  const instruments = found.map(({ instrument }) => instrument)
  const topology = options.split ? 'one task a stage' : 'stages fused'
  const opening = openingOf(instruments, options.strategies)
  const feeding = { log, captures, opening, decoders: decodersOf(captures, instruments), chunk, topology }
  const feed = await openCaptureFeed(feeding)
  const tasks: Task[] = []
  for (const spec of taskSpecs(log.layout, options)) {
    const exchanged = options.exchange?.(spec) ?? spec
    tasks.push(await Task.open(exchanged, log, { persist: log.kind !== 'memory', ...options.tasks }))
  }
  let last: FeedProgress = { messages: 0, damaged: 0, bytesRead: 0, bytesTotal: 0 }
  await drain(tasks)
  for await (const progress of feedCaptures(feed, feeding)) {
    last = progress
    await drain(tasks)
    await onProgress?.(progress)
  }
  for (const task of tasks) await task.close()
  const inferred = found
    .filter(each => each.inferred)
    .map(({ instrument }) => `${instrument.venue}:${instrument.symbol}`)
  return { ...(await summarise(log, options.hash)), messages: last.messages, damaged: last.damaged, inferred }
}

function decodersOf(captures: readonly Capture[], instruments: readonly InstrumentListed[]): Map<Capture, Decode> {
  return new Map(
    captures.map(capture => [
      capture,
      binanceDecoder({ venue: capture.venue, instruments, symbol: capture.venueSymbol }),
    ]),
  )
}
