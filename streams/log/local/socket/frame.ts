/** Frames on the engine's socket: length (u32), length of the header (u32), header (JSON), payload (bytes); big-endian.
 *
 *  P1  Nothing that a peer sends is ever run or revived as more than JSON and bytes.
 *  P2  A frame over the limit, or one whose header is no JSON object, ends the connection with a reason. */
import { LogError } from '../../errors.ts'

/** Larger than any record and its header. */
export const maxFrameBytes = 32 * 1024 * 1024

const LENGTHS = 8

export type Header = Readonly<Record<string, unknown>>

export interface Frame {
  readonly header: Header
  readonly payload: Uint8Array
}

const none = new Uint8Array()

export function encodeFrame(header: Header, payload: Uint8Array = none): Buffer {
  const text = JSON.stringify(header)
  const headerBytes = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(LENGTHS + headerBytes + payload.byteLength)
  if (frame.byteLength > maxFrameBytes) throw malformed(`A message of ${frame.byteLength} bytes is too large`)
  frame.writeUInt32BE(4 + headerBytes + payload.byteLength, 0)
  frame.writeUInt32BE(headerBytes, 4)
  frame.write(text, LENGTHS)
  frame.set(payload, LENGTHS + headerBytes)
  return frame
}

/** Cuts what arrives into frames, whatever the pieces. */
export class FrameReader {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(maxBytes = maxFrameBytes) {
    this.#maxBytes = maxBytes
  }

  /** The frames that are whole with this chunk. Throws `refused` for a malformed one (P2). */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    while (this.#bytes >= LENGTHS) {
      const start = this.#peek(LENGTHS)
      const length = start.readUInt32BE(0)
      const headerBytes = start.readUInt32BE(4)
      if (length + 4 > this.#maxBytes) throw malformed(`A message of ${length} bytes is too large`)
      if (headerBytes + 4 > length) throw malformed('A header is longer than its message')
      if (this.#bytes < 4 + length) return
      const frame = this.#take(4 + length)
      const header = parsed(frame.toString('utf8', LENGTHS, LENGTHS + headerBytes))
      yield { header, payload: frame.subarray(LENGTHS + headerBytes) }
    }
  }

  #peek(bytes: number): Buffer {
    if ((this.#chunks[0]?.byteLength ?? 0) < bytes) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }

  #take(bytes: number): Buffer {
    const all = this.#peek(bytes)
    const rest = all.subarray(bytes)
    if (rest.byteLength > 0) this.#chunks[0] = rest
    else this.#chunks.shift()
    this.#bytes -= bytes
    return all.subarray(0, bytes)
  }
}

function parsed(text: string): Header {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw malformed('A header is no JSON')
  }
  if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header as Header
  throw malformed('A header is no JSON object')
}

export function malformed(problem: string): LogError {
  return new LogError('refused', `${problem}.`, 'Speak the protocol of streams/log/local/socket.')
}
