/** Rows of the store other than record batches: a checksum, then bytes or JSON. */
import { crc32 } from 'node:zlib'

/** Puts a checksum before the bytes. */
export function sealed(bytes: Uint8Array): Buffer {
  const row = Buffer.allocUnsafe(4 + bytes.byteLength)
  row.writeUInt32LE(crc32(bytes), 0)
  row.set(bytes, 4)
  return row
}

export function sealedJson(value: unknown): Buffer {
  return sealed(Buffer.from(JSON.stringify(value)))
}

/** The bytes within a row; undefined where it does not check. */
export function unsealed(row: Uint8Array): Uint8Array | undefined {
  if (row.byteLength < 4) return undefined
  const bytes = row.subarray(4)
  const crc = new DataView(row.buffer, row.byteOffset, 4).getUint32(0, true)
  return crc === crc32(bytes) ? bytes : undefined
}

/** What `sealedJson` wrote; undefined where the row does not check. The checksum vouches for its shape. */
export function unsealedJson<T>(row: Uint8Array): T | undefined {
  const bytes = unsealed(row)
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as T)
}
