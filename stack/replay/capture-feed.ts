/** Captures as a feed: every raw message becomes an event of `ticks`, or a dead letter that says why not.
 *
 *  In     captures merged by receive time
 *  Out    config (instruments, portfolios, limits) one second before the first message; ticks; clock at each whole
 *         100 ms of receive time until 60 s past the last message
 *
 *  C1  A restart goes on after the last committed message: the position is the number of messages taken.
 *  C2  After each commit nothing will be stamped below its last receive time; at the end, below the closing clock.
 *  C3  A log takes the captures that it began with and no others: their events would get the places of the first. The
 *      same holds for how its stages are spread over tasks: other tasks would write everything once more. */
import { type Capture, type Decode, DecodeError, type MergedEntry, mergeCaptures } from '@tideway/connectors'
import type { Identity } from '@tideway/schemas'
import { deadLetterOutput, Feed, isLogError, type Log } from '@tideway/streams'
import { StackError } from '../errors.ts'
import type { Opening } from './opening.ts'

export const CLOCK_MICROS = 100_000
const SETUP_LEAD_MICROS = 1_000_000
const CLOSING_MICROS = 60_000_000

export interface FeedPosition {
  /** Feeds of the captures, their first receive times, and the topology (C3). */
  readonly began: string
  /** Messages taken, damaged ones counted. */
  readonly messages: number
  readonly damaged: number
  readonly lastTime: number
  readonly lastClock: number
  readonly ended: boolean
}

export interface FeedProgress {
  readonly messages: number
  readonly damaged: number
  readonly bytesRead: number
  readonly bytesTotal: number
}

export interface CaptureFeedOptions {
  readonly log: Log
  readonly captures: readonly Capture[]
  readonly opening: Opening
  readonly decoders: ReadonlyMap<Capture, Decode>
  /** Messages of a commit. */
  readonly chunk: number
  /** How the stages are spread over tasks, in words. */
  readonly topology: string
}

/** Takes the feed over, before any task writes. Throws StackError (`refused`) for another replay than the log holds (C3). */
export async function openCaptureFeed({ log, captures, topology }: CaptureFeedOptions): Promise<Feed<FeedPosition>> {
  const feed = await Feed.open<FeedPosition>('capture', log, ['config', 'commands', 'clock', 'reports', 'ticks'])
  const began = beginningOf(captures, topology)
  if (feed.position && feed.position.began !== began) throw otherBeginning(feed.position.began, began)
  return feed
}

/** Feeds the log chunk by chunk; after each one the caller lets the tasks work. Ends with the closing clock. */
export async function* feedCaptures(
  feed: Feed<FeedPosition>,
  options: CaptureFeedOptions,
): AsyncGenerator<FeedProgress, void, undefined> {
  const { captures, opening, chunk, topology } = options
  const began = beginningOf(captures, topology)
  let position = feed.position
  if (!position) {
    const first = Math.min(...captures.map(capture => capture.firstTime))
    appendOpening(feed, opening, first - SETUP_LEAD_MICROS)
    position = {
      began,
      messages: 0,
      damaged: 0,
      lastTime: first,
      lastClock: Math.ceil(first / CLOCK_MICROS) * CLOCK_MICROS - CLOCK_MICROS,
      ended: false,
    }
    await feed.commit(position)
  }
  if (position.ended) {
    yield { messages: position.messages, damaged: position.damaged, bytesRead: 1, bytesTotal: 1 }
    return
  }
  const state = { ...position, skip: position.messages, sinceCommit: 0 }
  let progress = { bytesRead: 0, bytesTotal: 0 }
  const commit = async (): Promise<FeedProgress> => {
    feed.promise(state.lastTime)
    const { messages, damaged, lastTime, lastClock } = state
    await feed.commit({ began, messages, damaged, lastTime, lastClock, ended: false })
    state.sinceCommit = 0
    return { messages, damaged, ...progress }
  }
  for await (const merged of mergeCaptures(captures)) {
    progress = { bytesRead: merged.bytesRead, bytesTotal: merged.bytesTotal }
    for (const entry of merged.entries) {
      if (state.skip > 0) {
        state.skip--
        continue
      }
      state.lastClock = appendClock(feed, state.lastClock, entry.time)
      if (!appendMessage(feed, options, entry)) state.damaged++
      state.lastTime = entry.time
      state.messages++
      if (++state.sinceCommit >= chunk) yield await commit()
    }
  }
  yield await commit()
  const closing = Math.floor((state.lastTime + CLOSING_MICROS) / CLOCK_MICROS) * CLOCK_MICROS
  appendClock(feed, state.lastClock, closing)
  feed.promise(closing + 1)
  const { messages, damaged, lastTime } = state
  await feed.commit({ began, messages, damaged, lastTime, lastClock: closing, ended: true })
  yield { messages, damaged, ...progress }
  await feed.close()
}

/** By content, not by path: a capture may be moved. */
function beginningOf(captures: readonly Capture[], topology: string): string {
  const feeds = captures
    .map(({ source, firstTime }) => `${source}@${firstTime}`)
    .sort()
    .join(' ')
  return `${feeds}, ${topology}`
}

function otherBeginning(had: string, given: string): StackError {
  const remedy = 'Give what it began with, or another folder.'
  return new StackError('refused', `The log holds a replay of ${had}; this is ${given}.`, remedy)
}

function appendOpening(feed: Feed<FeedPosition>, { instruments, portfolios }: Opening, time: number): void {
  const common = { topic: 'config', source: 'setup', eventTime: time, receiveTime: time } as const
  for (const data of instruments)
    feed.append({ ...common, type: 'InstrumentListed', key: `${data.venue}:${data.symbol}`, data })
  for (const { name, opened, limits } of portfolios) {
    feed.append({ ...common, type: 'PortfolioOpened', key: name, data: opened })
    feed.append({ ...common, type: 'LimitsSet', key: name, data: limits })
  }
}

/** Every whole period after `last`, up to and including `until`; gives the last one. */
function appendClock(feed: Feed<FeedPosition>, last: number, until: number): number {
  let time = last
  while (time + CLOCK_MICROS <= until) {
    time += CLOCK_MICROS
    const data = { periodMicros: CLOCK_MICROS }
    feed.append({
      topic: 'clock',
      type: 'TimePassed',
      key: 'clock',
      source: 'clock',
      eventTime: time,
      receiveTime: time,
      data,
    })
  }
  return time
}

const noCauses: readonly Identity[] = []

function appendMessage(
  feed: Feed<FeedPosition>,
  { log, decoders }: CaptureFeedOptions,
  { capture, time, entry }: MergedEntry,
): boolean {
  if (entry.kind === 'damage') {
    const error = 'the line cannot be read as `RECEIVE_TIME_NS JSON`'
    setAside({ feed, log }, { capture, time, line: entry.line }, entry.reason, error, entry.bytes)
    return false
  }
  try {
    const decode = decoders.get(capture)
    if (!decode) throw new Error(`no decoder for ${capture.source}`)
    const tick = decode(entry.raw, time)
    feed.append({ topic: 'ticks', source: capture.source, receiveTime: time, causes: noCauses, ...tick })
    return true
  } catch (error) {
    if (!(error instanceof DecodeError || isLogError(error, 'record-too-large'))) throw error
    setAside({ feed, log }, { capture, time, line: entry.line }, error.code, error.message, Buffer.from(entry.raw))
    return false
  }
}

interface Line {
  readonly capture: Capture
  readonly time: number
  readonly line: number
}

function setAside(
  { feed, log }: { readonly feed: Feed<FeedPosition>; readonly log: Log },
  { capture, time, line }: Line,
  code: string,
  error: string,
  bytes: Uint8Array,
): void {
  const letter = {
    topic: 'ticks',
    partition: -1,
    offset: -1,
    key: `${capture.venue}:${capture.symbol}`,
    task: 'capture',
    stage: '',
    code,
    error,
    time,
    headers: { source: capture.source, line: String(line), receiveTime: String(time) },
    bytes,
  }
  feed.appendOutput(deadLetterOutput(letter, log.maxRecordBytes))
}
