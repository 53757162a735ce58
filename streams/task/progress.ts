/** What a task remembers of itself in every commit. */
import { deserialize, serialize } from 'node:v8'
import type { Position } from '../log/log.ts'

export interface Progress {
  /** Everything with a root time below it is folded; UTC microseconds. */
  readonly frontier: number
  readonly positions: readonly Position[]
  /** Version of each stage and view that folded it. */
  readonly versions: Readonly<Record<string, number>>
  /** Where the snapshot was taken. */
  readonly snapshot: { readonly frontier: number; readonly positions: readonly Position[] } | undefined
  /** CRC32 over the outputs since the snapshot: a refold must give the same. */
  readonly digest: number
}

export function encodeProgress(progress: Progress): Uint8Array {
  return serialize(progress)
}

export function decodeProgress(bytes: Uint8Array): Progress {
  return deserialize(bytes) as Progress
}
