/** What a replay must give again: counts and hashes of its topics, orders, fills, and what the portfolios are worth. */
import { join } from 'node:path'
import type { Layout } from '@tideway/schemas'
import { type ReplayOptions, type ReplayResult, replay, type Summary } from '@tideway/stack'
import { LocalLog } from '@tideway/streams/log/local'
import { MemoryLog } from '@tideway/streams/log/memory'
import { scratch } from './captures.ts'

export type Fingerprint = Summary & Pick<ReplayResult, 'messages' | 'damaged'>

/** Topics without records are left out. */
export function fingerprintOf({ inferred: _, topics, ...rest }: ReplayResult): Fingerprint {
  return { topics: Object.fromEntries(Object.entries(topics).filter(([, { count }]) => count > 0)), ...rest }
}

export interface Manner extends Pick<ReplayOptions, 'split' | 'chunk' | 'tasks'> {
  readonly kind: 'memory' | 'local'
  readonly layout: Layout
}

export const plainly: Manner = { kind: 'memory', layout: { partitions: 1, shards: 1 } }

/** Replays captures on a log of their own, which is gone afterwards. */
export async function fingerprint(captures: readonly string[], manner: Manner = plainly): Promise<Fingerprint> {
  const { kind, layout, ...options } = manner
  if (kind === 'memory') return fingerprintOf(await replay({ log: new MemoryLog({ layout }), captures, ...options }))
  const { folder, discard } = scratch('replay')
  try {
    const log = await LocalLog.open({ folder: join(folder, 'log'), layoutIfNew: layout, durability: 'process' })
    try {
      return fingerprintOf(await replay({ log, captures, ...options }))
    } finally {
      await log.close()
    }
  } finally {
    discard()
  }
}

/** `local log, 3 partitions, 2 shards, split, chunks of 7`: for titles. */
export function titleOf({ kind, layout, split, chunk, tasks }: Manner): string {
  const parts = [`${kind} log`, `${layout.partitions} partitions`, `${layout.shards} shards`]
  parts.push(split ? 'one task a stage' : 'stages fused')
  if (chunk) parts.push(`chunks of ${chunk}`)
  if (tasks?.maxEvents) parts.push(`rounds of ${tasks.maxEvents}`)
  if (tasks?.readLimit) parts.push(`reads of ${tasks.readLimit.records}`)
  if (tasks?.snapshotEvery) parts.push(`a snapshot every ${tasks.snapshotEvery}`)
  return parts.join(', ')
}
