/** Keys of the store, in the order of their bytes.
 *
 *  Records and partitions: topic, 0, partition (u32), for records also the first offset of the batch (u64); big-endian.
 *  What belongs to a writer: its name, 0, then what it is. No name holds a 0. */

const END = Buffer.alloc(9, 0xff)

export function partitionKey(topic: string, partition: number): Buffer {
  const name = Buffer.from(topic)
  const key = Buffer.alloc(name.byteLength + 5)
  key.set(name)
  key.writeUInt32BE(partition, name.byteLength + 1)
  return key
}

/** Topic and partition of a key that `partitionKey` or `batchKey` made. */
export function partitionOfKey(key: Uint8Array): { readonly topic: string; readonly partition: number } {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  const zero = bytes.indexOf(0)
  return { topic: bytes.toString('utf8', 0, zero), partition: bytes.readUInt32BE(zero + 1) }
}

export function batchKey(partition: Uint8Array, offset: number): Buffer {
  const key = Buffer.allocUnsafe(partition.byteLength + 8)
  key.set(partition)
  key.writeUInt32BE(Math.floor(offset / 2 ** 32), partition.byteLength)
  key.writeUInt32BE(offset % 2 ** 32, partition.byteLength + 4)
  return key
}

export function offsetOfKey(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset + key.byteLength - 8, 8)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}

/** After every batch of the partition. */
export function afterBatches(partition: Uint8Array): Buffer {
  return Buffer.concat([partition, END])
}

export function writerKey(writer: string, what = ''): Buffer {
  return Buffer.from(`${writer}\0${what}`)
}

/** After everything of the writer. */
export function afterWriter(writer: string): Buffer {
  return Buffer.from(`${writer}\x01`)
}

export function nameOfKey(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  return bytes.toString('utf8', 0, bytes.indexOf(0))
}

/** The part of a writer's key that says what it is. */
export function whatOfKey(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  return bytes.toString('utf8', bytes.indexOf(0) + 1)
}
