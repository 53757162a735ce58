/** What a task remembers of itself in every commit. */
import { deserialize, serialize } from 'node:v8'
import type { Segment } from '@tideway/schemas'
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

export function versionsOf(segment: Segment): Record<string, number> {
  const versions: Record<string, number> = {}
  for (const { stage } of segment.stages) versions[stage.name] = stage.version
  for (const view of segment.views) versions[`view:${view.name}`] = view.version
  return versions
}

export function sameVersions(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}
