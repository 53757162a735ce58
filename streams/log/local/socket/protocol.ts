/** What is said over the engine's socket.
 *
 *  A client begins with `hello` and is told what log this is. Each request has an id and one reply, `ok` or `error`;
 *  they are answered in order. After `watch` the engine also says `changed`, with the version, whenever it moves. */
import { LogError, type LogErrorCode } from '../../errors.ts'
import type { Batch, StoredRecord } from '../../log.ts'
import { type Frame, type Header, malformed } from './frame.ts'

export const protocolVersion = 1

/** An input event that somebody outside the engine wants in the log; the engine stamps it. */
export interface AppendRequest {
  readonly topic: string
  readonly key: string
  readonly type: string
  /** JSON. */
  readonly data: unknown
  /** For what is no JSON: the original bytes of a dead letter, a model's weights. */
  readonly bytes?: Uint8Array
}

/** What the engine answers to an append: JSON, such as the identity that the event was given. */
export type AppendReply = Readonly<Record<string, unknown>>

/** Decides on an append and carries it out. A LogError goes to the client as it is, any other error as `refused`. */
export type OnAppend = (request: AppendRequest) => Promise<AppendReply>

export function appendOf({ header, payload }: Frame): AppendRequest {
  const { topic, key, type, data } = header
  if (typeof topic !== 'string' || typeof key !== 'string' || typeof type !== 'string') {
    throw malformed('An append names topic, key and type')
  }
  return { topic, key, type, data, ...(payload.byteLength > 0 ? { bytes: payload } : {}) }
}

export function batchHeader({ records, nextOffset, watermark }: Batch): Header {
  return {
    nextOffset,
    watermark,
    offsets: records.map(record => record.offset),
    keys: records.map(record => record.key),
    sizes: records.map(record => record.value.byteLength),
  }
}

interface BatchHeader {
  readonly nextOffset: number
  readonly watermark: number
  readonly offsets: readonly number[]
  readonly keys: readonly string[]
  readonly sizes: readonly number[]
}

export function batchOf({ header, payload }: Frame): Batch {
  const { nextOffset, watermark, offsets, keys, sizes } = header as unknown as BatchHeader
  let at = 0
  const records: StoredRecord[] = offsets.map((offset, i) => {
    const size = sizes[i] ?? 0
    at += size
    return { offset, key: keys[i] ?? '', value: payload.subarray(at - size, at) }
  })
  return { records, nextOffset, watermark }
}

export function errorHeader(error: unknown): Header {
  if (error instanceof LogError) {
    const { code, message, remedy, where } = error
    return { code, message, remedy, where }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'refused', message, remedy: 'Change the request.', where: {} }
}

export function errorOf(header: unknown): LogError {
  const { code, message, remedy, where } = header as {
    readonly code: LogErrorCode
    readonly message: string
    readonly remedy: string
    readonly where: Record<string, string | number>
  }
  return new LogError(code, message, remedy, where)
}
