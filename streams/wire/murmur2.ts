/** Kafka's default partitioner: murmur2 of the key's UTF-8 bytes, made positive, modulo the partition count.
 *  Source: org.apache.kafka.common.utils.Utils.murmur2 (Austin Appleby's MurmurHash2, seed 0x9747b28c). */
import { type Layout, partitionsOf, type TopicName } from '@tideway/schemas'

const M = 0x5bd1e995
const SEED = 0x9747b28c

export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  let h = SEED ^ length
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    let k = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    k = Math.imul(k, M)
    h = Math.imul(h, M) ^ k
  }
  const rest = length & 3
  if (rest === 3) h ^= (bytes[whole + 2] ?? 0) << 16
  if (rest >= 2) h ^= (bytes[whole + 1] ?? 0) << 8
  if (rest >= 1) {
    h ^= bytes[whole] ?? 0
    h = Math.imul(h, M)
  }
  h ^= h >>> 13
  h = Math.imul(h, M)
  h ^= h >>> 15
  return h | 0
}

/** Partition of a key among `count`. */
export function partitionOfKey(key: string, count: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % count
}

/** Partition of a topic that a key belongs to; the same on every log. */
export function partitionFor(topic: TopicName, key: string, layout: Layout): number {
  const count = partitionsOf(topic, layout)
  return count === 1 ? 0 : partitionOfKey(key, count)
}
