/** Input events off the wire, read by hand up to their data: hot code, held to the plain codec by its test.
 *
 *  Every input schema begins alike (codec W2): key, source, seq, eventTime, ingestTime, causes, replayOf, data. Most
 *  events have neither causes nor replayOf, so their heads are a few varints and two names; names repeat, so the same
 *  bytes give the same string object, whose hash is known. Anything else is left to the plain codec.
 *
 *  H1  What this reads equals what the plain codec reads, field by field.
 *  H2  The stamp is made when somebody asks: most ticks are never compared with one of their own microsecond. */
import { type EventTopic, type Identity, type Stamp, stampOfInput } from '@tideway/schemas'
import { FRAME_BYTES } from './frame.ts'

const noCauses: readonly Identity[] = []

export class InputEvent {
  readonly topic: EventTopic
  readonly type: string
  readonly key: string
  readonly source: string
  readonly seq: number
  readonly eventTime: number
  readonly ingestTime: number
  readonly causes: readonly Identity[]
  readonly replayOf: Identity | null
  readonly data: unknown
  private made: Stamp | undefined

  constructor(
    topic: EventTopic,
    type: string,
    { key, source, seq, eventTime, ingestTime }: Head,
    causes: readonly Identity[],
    replayOf: Identity | null,
    data: unknown,
  ) {
    this.topic = topic
    this.type = type
    this.key = key
    this.source = source
    this.seq = seq
    this.eventTime = eventTime
    this.ingestTime = ingestTime
    this.causes = causes
    this.replayOf = replayOf
    this.data = data
    this.made = undefined
  }

  get stamp(): Stamp {
    const { topic, key, source, seq, ingestTime } = this
    this.made ??= stampOfInput(topic, ingestTime, key, source, seq)
    return this.made
  }
}

export interface Head {
  key: string
  source: string
  seq: number
  eventTime: number
  ingestTime: number
}

/** One kind of event that a topic holds: avsc's type of its data. */
export interface Branch {
  readonly type: string
  readonly data: { decode(bytes: Buffer, at: number): { value: unknown; offset: number } }
}

/** One head, used again for every event: its fields are copied out at once. */
const head: Head = { key: '', source: '', seq: 0, eventTime: 0, ingestTime: 0 }
let cursor = 0

/** The event, or undefined where the plain codec has to read it: causes, replayOf, an end too early, bytes left over. */
export function readInputEvent(topic: EventTopic, bytes: Buffer, branches: readonly Branch[]): InputEvent | undefined {
  cursor = FRAME_BYTES
  head.key = name(bytes)
  head.source = name(bytes)
  head.seq = long(bytes)
  head.eventTime = long(bytes)
  head.ingestTime = long(bytes)
  if (bytes[cursor] !== 0 || bytes[cursor + 1] !== 0) return undefined
  cursor += 2
  const index = long(bytes)
  if (cursor >= bytes.length) return undefined
  const branch = branches[index]
  if (branch === undefined) return undefined
  try {
    const { value, offset } = branch.data.decode(bytes, cursor)
    return offset === bytes.length ? new InputEvent(topic, branch.type, head, noCauses, null, value) : undefined
  } catch {
    return undefined // an end within a decimal: avsc throws what it met, the plain codec says what it is
  }
}

/** Zigzag varint up to 2^53. Past the end it reads zeros; the caller sees that the cursor ran out. */
function long(bytes: Buffer): number {
  let byte = bytes[cursor++] ?? 0
  let value = byte & 0x7f
  let scale = 128
  while (byte >= 0x80) {
    byte = bytes[cursor++] ?? 0
    value += (byte & 0x7f) * scale
    scale *= 128
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

interface Known {
  readonly bytes: Buffer
  readonly text: string
}
/** Names seen, by a hash of their bytes; bounded, a collision only costs a conversion. */
const NAMES = 4096
const known: (Known | undefined)[] = new Array(NAMES).fill(undefined)

function name(bytes: Buffer): string {
  const length = long(bytes)
  const start = cursor
  const end = start + length
  cursor = end
  if (length <= 0 || end > bytes.length) return ''
  let hash = length
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
  const slot = (hash ^ (hash >>> 12)) & (NAMES - 1)
  const found = known[slot]
  if (found !== undefined && equals(found.bytes, bytes, start, length)) return found.text
  const text = bytes.toString('utf8', start, end)
  known[slot] = { bytes: Buffer.from(bytes.subarray(start, end)), text }
  return text
}

function equals(a: Buffer, b: Buffer, start: number, length: number): boolean {
  if (a.length !== length) return false
  for (let at = 0; at < length; at++) if (a[at] !== b[start + at]) return false
  return true
}
