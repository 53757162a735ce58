/** Captures as a feed: every raw message becomes an event of `ticks`, or a dead letter that says why not.
 *
 *  In     captures merged by receive time
 *  Out    config (instruments, portfolios, limits) one second before the first message; ticks; clock at each whole
 *         100 ms of receive time until 60 s past the last message
 *
 *  C1  A restart goes on after the last committed message: the position is the number of messages taken.
 *  C2  After each commit nothing will be stamped below its last receive time; at the end, below the closing clock. */
import { type Capture, type Decode, DecodeError, type MergedEntry, mergeCaptures } from '@tideway/connectors'
import type { Identity } from '@tideway/schemas'
import { deadLetterOutput, Feed, type Log } from '@tideway/streams'
import type { Opening } from './opening.ts'

export const CLOCK_MICROS = 100_000
const SETUP_LEAD_MICROS = 1_000_000
const CLOSING_MICROS = 60_000_000

interface FeedPosition {
  /** Messages taken, damaged ones counted. */
  readonly messages: number
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
}

/** Feeds the log chunk by chunk; after each one the caller lets the tasks work. Ends with the closing clock. */
export async function* feedCaptures(options: CaptureFeedOptions): AsyncGenerator<FeedProgress, void, undefined> {
  const { log, captures, opening, chunk } = options
  const feed = await Feed.open<FeedPosition>('capture', log, ['config', 'commands', 'clock', 'reports', 'ticks'])
  let position = feed.position
  if (position?.ended) return
  if (!position) {
    const first = Math.min(...captures.map(capture => capture.firstTime))
    appendOpening(feed, opening, first - SETUP_LEAD_MICROS)
    position = {
      messages: 0,
      lastTime: first,
      lastClock: Math.ceil(first / CLOCK_MICROS) * CLOCK_MICROS - CLOCK_MICROS,
      ended: false,
    }
    await feed.commit(position)
  }
  const state = { ...position, damaged: 0, skip: position.messages, sinceCommit: 0 }
  let progress = { bytesRead: 0, bytesTotal: 0 }
  const commit = async (): Promise<FeedProgress> => {
    feed.promise(state.lastTime)
    const { messages, lastTime, lastClock } = state
    await feed.commit({ messages, lastTime, lastClock, ended: false })
    state.sinceCommit = 0
    return { messages, damaged: state.damaged, ...progress }
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
  await feed.commit({ messages: state.messages, lastTime: state.lastTime, lastClock: closing, ended: true })
  yield { messages: state.messages, damaged: state.damaged, ...progress }
  await feed.close()
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
  { decoders }: CaptureFeedOptions,
  { capture, time, entry }: MergedEntry,
): boolean {
  if (entry.kind === 'damage') {
    setAside(
      feed,
      capture,
      time,
      entry.line,
      entry.reason,
      'the line cannot be read as `RECEIVE_TIME_NS JSON`',
      entry.bytes,
    )
    return false
  }
  try {
    const decode = decoders.get(capture)
    if (!decode) throw new Error(`no decoder for ${capture.source}`)
    const tick = decode(entry.raw, time)
    feed.append({ topic: 'ticks', source: capture.source, receiveTime: time, causes: noCauses, ...tick })
    return true
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    setAside(feed, capture, time, entry.line, error.code, error.message, Buffer.from(entry.raw))
    return false
  }
}

function setAside(
  feed: Feed<FeedPosition>,
  capture: Capture,
  time: number,
  line: number,
  code: string,
  error: string,
  bytes: Uint8Array,
): void {
  feed.appendOutput(
    deadLetterOutput({
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
    }),
  )
}
