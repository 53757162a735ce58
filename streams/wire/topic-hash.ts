/** The hash of a topic: SHA-256 over (key, source, count, digest) of each key and source, strings length-prefixed, in
 *  UTF-8 byte order of key then source; the digest is SHA-256 of that pair's records by seq, each as uint32 big-endian
 *  length and Avro body. Independent of partitions, batches, offsets and schema ids.
 *
 *  H1  Records of a pair must come by seq, from 0 without a gap: anything else is a defect of the log and throws. */
import { createHash, type Hash } from 'node:crypto'
import type { Event } from '@tideway/schemas'
import { bodyOf } from './frame.ts'

export interface TopicHash {
  readonly count: number
  readonly sha256: string
}

export class TopicHasher {
  readonly #pairs = new Map<string, { key: string; source: string; count: number; hash: Hash }>()
  #count = 0

  add(event: Event, value: Uint8Array): void {
    const name = `${event.key}\u0000${event.source}`
    let pair = this.#pairs.get(name)
    if (!pair) {
      pair = { key: event.key, source: event.source, count: 0, hash: createHash('sha256') }
      this.#pairs.set(name, pair)
    }
    if (event.seq !== pair.count) {
      throw new Error(`${event.topic} ${event.key} ${event.source}: expected seq ${pair.count}, found ${event.seq}`)
    }
    pair.count++
    this.#count++
    const body = bodyOf(value)
    pair.hash.update(uint32(body.length)).update(body)
  }

  /** Ends the hasher. */
  digest(): TopicHash {
    const pairs = [...this.#pairs.values()].map(pair => ({
      ...pair,
      keyBytes: Buffer.from(pair.key),
      sourceBytes: Buffer.from(pair.source),
    }))
    pairs.sort((a, b) => Buffer.compare(a.keyBytes, b.keyBytes) || Buffer.compare(a.sourceBytes, b.sourceBytes))
    const total = createHash('sha256')
    for (const { keyBytes, sourceBytes, count, hash } of pairs) {
      total.update(uint32(keyBytes.length)).update(keyBytes)
      total.update(uint32(sourceBytes.length)).update(sourceBytes)
      total.update(uint64(count)).update(hash.digest())
    }
    return { count: this.#count, sha256: total.digest('hex') }
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
