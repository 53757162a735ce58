/** Confluent's frame: a zero byte, the schema id as uint32 big endian, the Avro body. */

export const FRAME_BYTES = 5

export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** Schema id of a framed value; throws FrameError where there is no frame. */
export function schemaIdOf(value: Uint8Array): number {
  if (value.length < FRAME_BYTES || value[0] !== 0) {
    throw new FrameError(
      `no Confluent frame: ${value.length} bytes beginning ${hex(value)}; was it written by another serializer?`,
    )
  }
  return ((value[1] ?? 0) * 2 ** 24 + ((value[2] ?? 0) << 16) + ((value[3] ?? 0) << 8) + (value[4] ?? 0)) >>> 0
}

export function writeFrame(target: Uint8Array, schemaId: number): void {
  target[0] = 0
  target[1] = schemaId >>> 24
  target[2] = schemaId >>> 16
  target[3] = schemaId >>> 8
  target[4] = schemaId
}

/** The Avro body without its frame; shares memory with `value`. */
export function bodyOf(value: Uint8Array): Uint8Array {
  return value.subarray(FRAME_BYTES)
}

function hex(value: Uint8Array): string {
  return Buffer.from(value.subarray(0, 8)).toString('hex') || 'with nothing'
}
