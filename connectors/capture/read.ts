/** A capture as entries: what a feed received, message by message.
 *
 *  A capture is gzip or plain text. A line is `RECEIVE_TIME_NS JSON`; the first may be a header,
 *  `0 {"tideway":"capture","venue":"simulated","version":1}`.
 *
 *  C1  Every line but the header is handed on: as a message, or as damage with its bytes as they stand in the file.
 *  C2  Receive time is microseconds, rounded down: computed on the digits, since nanoseconds exceed 2^53.
 *  C3  A file in whose first lines there is no message at all is no capture and is refused.
 *  C4  Where a file ends early or breaks, what could be read comes first, then the error.
 *
 *  The reader does not look into messages: whether the JSON is whole is for the decoder to say. */
import { isUtf8 } from 'node:buffer'
import { type Bytes, bytesOf } from './bytes.ts'
import { CaptureError } from './errors.ts'
import { CAPTURE_VERSION, type CaptureHeader, parseHeader } from './header.ts'

export type CaptureEntry = CaptureMessage | CaptureDamage

export interface CaptureMessage {
  readonly kind: 'message'
  /** From 1. */
  readonly line: number
  /** UTC microseconds. */
  readonly receiveTime: number
  readonly raw: string
}

export interface CaptureDamage {
  readonly kind: 'damage'
  readonly line: number
  readonly reason: 'not-utf8' | 'no-time' | 'too-long' | 'cut-off'
  /** The line without its line feed; the first part of one that is too long. */
  readonly bytes: Uint8Array
}

export interface CaptureChunk {
  readonly entries: readonly CaptureEntry[]
  /** For a progress bar: bytes of the file as it lies on disk. */
  readonly bytesRead: number
  readonly bytesTotal: number
  /** Only on the first chunk of a capture that has one. */
  readonly header?: CaptureHeader
}

/** Longest line that is held in memory. The largest snapshot that Binance answers (5,000 levels a side) has 0.4 MB. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024
/** A file without one message in so many lines is no capture (C3). */
export const LINES_TO_JUDGE = 100

const LINE_FEED = 10
const NONE = Buffer.alloc(0)

/** Reads a capture from its first line to its last. Throws CaptureError. */
export async function* readCapture(path: string): AsyncGenerator<CaptureChunk, void, undefined> {
  const lines = new LineReader()
  let held: CaptureEntry[] = [] // until the file has shown that it is a capture
  let judged = false
  let progress = { bytesRead: 0, bytesTotal: 0 }
  const pass = (entries: CaptureEntry[], atEnd: boolean): CaptureChunk | undefined => {
    held.push(...entries)
    judged ||= lines.header !== undefined || held.some(entry => entry.kind === 'message')
    if (!judged && (held.length >= LINES_TO_JUDGE || atEnd)) throw notACapture(path, held[0])
    if (!judged) return undefined
    const header = lines.takeHeader()
    if (header && header.version > CAPTURE_VERSION) throw tooNew(path, header.version)
    if (!header && held.length === 0) return undefined
    const chunk = { entries: held, ...progress, ...(header ? { header } : {}) }
    held = []
    return chunk
  }
  try {
    for await (const { bytes, bytesRead, bytesTotal } of bytesOf(path) as AsyncIterable<Bytes>) {
      progress = { bytesRead, bytesTotal }
      const chunk = pass(lines.take(bytes), false)
      if (chunk) yield chunk
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    const chunk = error.code === 'unreadable' ? undefined : pass(lines.cutOff(), true)
    if (chunk) yield chunk // C4
    throw new CaptureError(
      error.code,
      `${error.message.slice(path.length + 2)} after line ${lines.count}`,
      {
        path,
        line: lines.count,
      },
      error.cause,
    )
  }
  const chunk = pass(lines.end(), true)
  if (chunk) yield chunk
}

/** Splits bytes into lines, which may lie across the borders of pieces. */
class LineReader {
  count = 0
  header: CaptureHeader | undefined
  #headerTaken = false
  #rest: Buffer = NONE
  /** Inside a line that is too long: its end is awaited. */
  #skipping = false

  take(bytes: Buffer): CaptureEntry[] {
    const entries: CaptureEntry[] = []
    const last = bytes.lastIndexOf(LINE_FEED)
    if (last < 0) {
      this.#keep(bytes, entries)
      return entries
    }
    const whole = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes.subarray(0, last)]) : bytes.subarray(0, last)
    this.#rest = NONE
    const skip = this.#skipping ? whole.indexOf(LINE_FEED) : -1
    if (this.#skipping) {
      this.#skipping = false
      if (skip >= 0) this.#lines(whole.subarray(skip + 1), entries)
    } else this.#lines(whole, entries)
    this.#keep(bytes.subarray(last + 1), entries)
    return entries
  }

  /** A last line without a line feed is a line all the same. */
  end(): CaptureEntry[] {
    const entries: CaptureEntry[] = []
    if (this.#rest.length > 0) this.#lines(this.#rest, entries)
    this.#rest = NONE
    return entries
  }

  /** The file broke inside the last line. */
  cutOff(): CaptureEntry[] {
    const bytes = this.#rest
    this.#rest = NONE
    return bytes.length > 0 ? [{ kind: 'damage', line: ++this.count, reason: 'cut-off', bytes }] : []
  }

  takeHeader(): CaptureHeader | undefined {
    if (this.#headerTaken) return undefined
    this.#headerTaken = true
    return this.header
  }

  #keep(bytes: Buffer, entries: CaptureEntry[]): void {
    if (this.#skipping) return
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : Buffer.from(bytes)
    if (this.#rest.length <= MAX_LINE_BYTES) return
    entries.push({ kind: 'damage', line: ++this.count, reason: 'too-long', bytes: this.#rest.subarray(0, 1024) })
    this.#rest = NONE
    this.#skipping = true
  }

  #lines(whole: Buffer, entries: CaptureEntry[]): void {
    if (isUtf8(whole)) {
      const text = whole.toString('utf8')
      let from = 0
      for (;;) {
        const to = text.indexOf('\n', from)
        this.#line(to < 0 ? text.slice(from) : text.slice(from, to), undefined, entries)
        if (to < 0) return
        from = to + 1
      }
    }
    let from = 0
    for (;;) {
      const to = whole.indexOf(LINE_FEED, from)
      const bytes = whole.subarray(from, to < 0 ? whole.length : to)
      if (isUtf8(bytes)) this.#line(bytes.toString('utf8'), bytes, entries)
      else entries.push({ kind: 'damage', line: ++this.count, reason: 'not-utf8', bytes: Buffer.from(bytes) })
      if (to < 0) return
      from = to + 1
    }
  }

  #line(text: string, bytes: Buffer | undefined, entries: CaptureEntry[]): void {
    const line = ++this.count
    if (line === 1) {
      this.header = parseHeader(text)
      if (this.header) return
    }
    const receiveTime = microsOf(text)
    if (receiveTime >= 0) {
      const raw = text.slice(text.indexOf(' ') + 1)
      entries.push({ kind: 'message', line, receiveTime, raw })
    } else entries.push({ kind: 'damage', line, reason: 'no-time', bytes: Buffer.from(bytes ?? text) })
  }
}

/** Microseconds of the nanoseconds that start a line (C2); -1 where it does not start with a time and a space. */
function microsOf(text: string): number {
  const space = text.indexOf(' ')
  if (space < 1 || space > 19) return -1
  let micros = 0
  for (let i = 0; i < space; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    if (i < space - 3) micros = micros * 10 + digit
  }
  return micros
}

function tooNew(path: string, version: number): CaptureError {
  return new CaptureError('not-a-capture', `is of version ${version}; this reads up to ${CAPTURE_VERSION}`, { path })
}

function notACapture(path: string, first: CaptureEntry | undefined): CaptureError {
  const start = first?.kind === 'damage' ? Buffer.from(first.bytes.subarray(0, 60)).toString('latin1') : ''
  const what = first ? `no line is a message; it starts with ${JSON.stringify(start)}` : 'it is empty'
  return new CaptureError('not-a-capture', what, { path })
}
