/** Several captures as one, in the order in which a machine with all these feeds would have received them.
 *
 *  M1  The order is total: receive time, then the feed's name, then the line. It does not depend on the order in which
 *      the captures were given or on where their files are cut into pieces.
 *  M2  Receive time never goes back: where a capture's does (its machine's clock was set), the entry takes the time of
 *      the one before it in that capture. A damaged line has no time and takes it likewise.
 *  M3  Where a file ends early or breaks, what was merged before comes first, then the error.
 *  M4  Two captures of one feed follow each other. Where they overlap they are refused: a message would count twice. */
import type { Capture } from './describe.ts'
import { CaptureError } from './errors.ts'
import { type CaptureChunk, type CaptureEntry, readCapture } from './read.ts'

export interface MergedEntry {
  readonly capture: Capture
  /** UTC microseconds; never goes back (M2). */
  readonly time: number
  readonly entry: CaptureEntry
}

export interface MergedChunk {
  readonly entries: readonly MergedEntry[]
  /** Over all files, for a progress bar. */
  readonly bytesRead: number
  readonly bytesTotal: number
}

/** Entries handed on at once. */
const CHUNK_ENTRIES = 1024

/** Merges captures. Throws CaptureError: `overlap` before the first entry, or what the reader throws. */
export async function* mergeCaptures(captures: readonly Capture[]): AsyncGenerator<MergedChunk, void, undefined> {
  const feeds = (await feedsOf(captures)).map(files => new Feed(files))
  try {
    for (const feed of feeds) await feed.start()
    let entries: MergedEntry[] = []
    let failure: unknown
    for (let next = earliest(feeds); next?.head && !failure; next = earliest(feeds)) {
      entries.push(next.head)
      if (!next.advance()) failure = await next.refill().catch(error => error)
      if (entries.length < CHUNK_ENTRIES) continue
      yield chunkOf(entries, feeds)
      entries = []
    }
    if (entries.length > 0) yield chunkOf(entries, feeds)
    if (failure) throw failure // M3
  } finally {
    for (const feed of feeds) await feed.stop()
  }
}

/** The feed whose head comes first; feeds are sorted by name, so the first of several is the right one (M1). */
function earliest(feeds: readonly Feed[]): Feed | undefined {
  let best: Feed | undefined
  for (const feed of feeds) {
    if (feed.head && (!best?.head || feed.head.time < best.head.time)) best = feed
  }
  return best
}

function chunkOf(entries: readonly MergedEntry[], feeds: readonly Feed[]): MergedChunk {
  const sum = (what: 'bytesRead' | 'bytesTotal') => feeds.reduce((total, feed) => total + feed[what], 0)
  return { entries, bytesRead: sum('bytesRead'), bytesTotal: sum('bytesTotal') }
}

/** The captures of each feed in the order of time, feeds by name (M4). */
async function feedsOf(captures: readonly Capture[]): Promise<readonly (readonly Capture[])[]> {
  const bySource = new Map<string, Capture[]>()
  for (const capture of captures) bySource.set(capture.source, [...(bySource.get(capture.source) ?? []), capture])
  for (const files of bySource.values()) {
    files.sort((a, b) => a.firstTime - b.firstTime || (a.path < b.path ? -1 : 1))
    for (const [i, next] of files.entries()) {
      const before = files[i - 1]
      if (before && (await lastTime(before)) >= next.firstTime) {
        throw new CaptureError('overlap', `covers the same time of ${next.source} as ${before.path}`, next)
      }
    }
  }
  return [...bySource].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, files]) => files)
}

async function lastTime({ path }: Capture): Promise<number> {
  let last = 0
  try {
    for await (const { entries } of readCapture(path)) {
      for (const entry of entries) if (entry.kind === 'message') last = Math.max(last, entry.receiveTime)
    }
  } catch (error) {
    if (!(error instanceof CaptureError) || error.code === 'unreadable') throw error
    // A file that is cut off lasts until there; the merge itself reports it (M3).
  }
  return last
}

/** One feed's files, one after the other. */
class Feed {
  head: MergedEntry | undefined
  bytesRead = 0
  bytesTotal = 0
  readonly #files: readonly Capture[]
  #file = -1
  #chunks: AsyncGenerator<CaptureChunk, void, undefined> | undefined
  #entries: readonly CaptureEntry[] = []
  #next = 0
  #time = 0
  /** Bytes of the files that are read to the end. */
  #bytesDone = 0

  constructor(files: readonly Capture[]) {
    this.#files = files
  }

  async start(): Promise<void> {
    this.#time = this.#files[0]?.firstTime ?? 0
    await this.refill()
  }

  /** Moves to the next entry that is at hand; false where there is none. */
  advance(): boolean {
    const entry = this.#entries[this.#next]
    const capture = this.#files[this.#file]
    if (!entry || !capture) return false
    this.#next++
    if (entry.kind === 'message' && entry.receiveTime > this.#time) this.#time = entry.receiveTime // M2
    this.head = { capture, time: this.#time, entry }
    return true
  }

  /** Reads on until there is an entry or the last file has ended. */
  async refill(): Promise<void> {
    this.head = undefined
    for (;;) {
      const chunk = await this.#chunks?.next()
      if (!chunk || chunk.done) {
        this.#bytesDone = this.bytesTotal
        const file = this.#files[++this.#file]
        if (!file) return
        this.#chunks = readCapture(file.path)
        continue
      }
      this.#entries = chunk.value.entries
      this.#next = 0
      this.bytesRead = this.#bytesDone + chunk.value.bytesRead
      this.bytesTotal = this.#bytesDone + chunk.value.bytesTotal
      if (this.advance()) return
    }
  }

  async stop(): Promise<void> {
    await this.#chunks?.return()
  }
}
