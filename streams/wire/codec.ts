/** Events to bytes and back: Confluent's frame and plain avsc.
 *
 *  W1  decode(encode(event)) equals the event; encode(decode(bytes)) equals the bytes of the newest version.
 *  W2  The header (key, source, seq, eventTime, ingestTime) stands first in every event schema, so that time and key
 *      can be read without the rest (`peekIngestTime`).
 *  W3  An input event's stamp is not written: it follows from identity and ingestTime (E1). */
import {
  type Event,
  type EventTopic,
  type Identity,
  type Root,
  type Stamp,
  schemaOf,
  stampOfInput,
  type TopicName,
  topics,
} from '@tideway/schemas'
import { FRAME_BYTES, FrameError, schemaIdOf, writeFrame } from './frame.ts'
import { readInputEvent } from './input-event.ts'
import { type Reader, readerOf, writerOf } from './schemas.ts'

export type WireErrorCode = 'no-frame' | 'unknown-schema' | 'wrong-schema' | 'malformed'

/** A value that cannot be read; its record goes to the dead letters. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  constructor(code: WireErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

let scratch = Buffer.allocUnsafe(1 << 16)

/** Frame and Avro body of any value of a schema; throws where the value does not fit it. */
export function encodeValue(schema: string, value: unknown): Uint8Array {
  const { id, type } = writerOf(schema)
  let end = type.encode(value, scratch, FRAME_BYTES)
  if (end < 0) {
    scratch = Buffer.allocUnsafe(Math.max(scratch.length * 2, scratch.length - end))
    end = type.encode(value, scratch, FRAME_BYTES)
  }
  writeFrame(scratch, id)
  const bytes = Buffer.allocUnsafe(end)
  scratch.copy(bytes, 0, 0, end)
  return bytes
}

/** The value under a frame; throws WireError. */
export function decodeValue(schema: string, bytes: Uint8Array): unknown {
  const reader = readerFor(schema, bytes)
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const { value, offset } = reader.type.decode(buffer, FRAME_BYTES, reader.resolver)
    if (offset !== buffer.length)
      throw new RangeError(offset < 0 ? 'it ends too early' : `${buffer.length - offset} bytes are left over`)
    return value
  } catch (error) {
    throw new WireError(
      'malformed',
      `not an Avro ${schema} value: ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
}

/** The reader of a frame's schema id; throws WireError for what is no frame, unknown or of another topic. */
function readerFor(schema: string, bytes: Uint8Array): Reader {
  let id: number
  try {
    id = schemaIdOf(bytes)
  } catch (error) {
    throw new WireError('no-frame', error instanceof FrameError ? error.message : String(error), error)
  }
  const reader = readerOf(id)
  if (!reader) {
    throw new WireError(
      'unknown-schema',
      `schema id ${id} is not known here: it was written by a newer version, or by somebody else`,
    )
  }
  if (reader.topic !== schema) {
    throw new WireError('wrong-schema', `schema id ${id} belongs to ${reader.topic}, not to ${schema}`)
  }
  return reader
}

interface InputBody {
  key: string
  source: string
  seq: number
  eventTime: number
  ingestTime: number
  causes: readonly Identity[]
  replayOf: Identity | null
  data: Record<string, unknown>
}
interface DerivedBody extends Omit<InputBody, 'replayOf'> {
  root: Root
  rank: number
  count: number
}

export function encodeEvent(event: Event): Uint8Array {
  const { key, source, seq, eventTime, ingestTime, causes, stamp } = event
  const data = { [event.type]: event.data }
  const body =
    topics[event.topic].kind === 'input'
      ? { key, source, seq, eventTime, ingestTime, causes, replayOf: event.replayOf, data }
      : {
          key,
          source,
          seq,
          eventTime,
          ingestTime,
          causes,
          root: stamp.root,
          rank: stamp.rank,
          count: stamp.count,
          data,
        }
  return encodeValue(event.topic, body)
}

/** Throws WireError for bytes that are no event of the topic. */
export function decodeEvent(topic: EventTopic, bytes: Uint8Array): Event {
  if (topics[topic].kind === 'input' && bytes instanceof Buffer) {
    const fast = decodeInput(topic, bytes)
    if (fast) return fast
  }
  return decodePlainly(topic, bytes)
}

/** The fast way for input events of the newest version; undefined where the plain way has to say what it is. */
export function decodeInput(topic: EventTopic, bytes: Buffer): Event | undefined {
  const reader = readerFor(topic, bytes)
  if (reader.resolver) return undefined
  return readInputEvent(topic, bytes, reader.branches) as Event | undefined
}

/** As `decodeEvent`, by avsc alone. */
export function decodePlainly(topic: EventTopic, bytes: Uint8Array): Event {
  const body = decodeValue(topic, bytes) as InputBody | DerivedBody
  const { key, source, seq, eventTime, ingestTime, causes } = body
  let type = ''
  for (const branch in body.data) {
    type = branch
    break
  }
  const derived = 'root' in body
  const stamp: Stamp = derived
    ? { root: body.root, rank: body.rank, key, count: body.count }
    : stampOfInput(topic, ingestTime, key, source, seq)
  const event = {
    topic,
    type,
    key,
    source,
    seq,
    eventTime,
    ingestTime,
    stamp,
    causes,
    replayOf: derived ? null : body.replayOf,
    data: body.data[type],
  }
  return event as Event
}

/** Ingest time (the root's time) of an encoded event, without decoding the rest (W2). Throws WireError. */
export function peekIngestTime(topic: EventTopic, bytes: Uint8Array): number {
  readerFor(topic, bytes)
  let at = FRAME_BYTES
  at = skipString(bytes, at)
  at = skipString(bytes, at)
  at = skipVarint(bytes, at)
  at = skipVarint(bytes, at)
  return readLong(bytes, at)
}

/** A string's length is a zigzag varint of its bytes. */
function skipString(bytes: Uint8Array, at: number): number {
  const length = readLong(bytes, at)
  return skipVarint(bytes, at) + length
}

function skipVarint(bytes: Uint8Array, at: number): number {
  let next = at
  for (;;) {
    const byte = bytes[next++]
    if (byte === undefined) throw new WireError('malformed', 'the value ends inside its header')
    if (byte < 0x80) return next
  }
}

/** Zigzag varint up to 2^53. */
function readLong(bytes: Uint8Array, at: number): number {
  let value = 0
  let scale = 1
  let next = at
  for (;;) {
    const byte = bytes[next++]
    if (byte === undefined) throw new WireError('malformed', 'the value ends inside its header')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) break
    scale *= 128
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** A record that still has its event: encoded only when somebody asks for the bytes. */
export class EventRecord {
  /** Set by a log that keeps the object itself. */
  offset = -1
  readonly key: string
  readonly event: Event
  #value: Uint8Array | undefined
  constructor(event: Event, value?: Uint8Array) {
    this.key = event.key
    this.event = event
    this.#value = value
  }
  get value(): Uint8Array {
    this.#value ??= encodeEvent(this.event)
    return this.#value
  }
}

/** The event of a record, decoded once: whoever reads the record after this finds it there. Throws WireError. */
export function eventOf(topic: EventTopic, record: { readonly value: Uint8Array; event?: Event }): Event {
  record.event ??= decodeEvent(topic, record.value)
  return record.event
}

export function isEventTopic(topic: TopicName): topic is EventTopic {
  return topics[topic].kind !== 'control' && schemaOf(topic) === topic
}
