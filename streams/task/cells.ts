/** The state of one key: what each stage folded, its sequence numbers, timers and the count under the current root.
 *  Everything here belongs to the key, never to the task that happens to hold it. */
import type { EventTopic, RankedStage, Root } from '@tideway/schemas'
import type { Timer } from './timers.ts'

/** Counts under one rank: the stages of a trading segment share theirs. */
export interface CountCell {
  root: Root | undefined
  count: number
  /** Number of the next timer. */
  timers: number
}

export interface StageCell {
  readonly key: string
  /** Index of the stage in the segment. */
  readonly index: number
  readonly ranked: RankedStage
  readonly counts: CountCell
  state: unknown
  /** Next sequence number per topic that the stage writes, in the order of `writes`. */
  readonly seqs: number[]
  /** Pending wake-ups in the order in which they were asked for. */
  timers: Timer[]
  dirty: boolean
}

/** A cell as plain data. */
export interface SavedCell {
  readonly state: unknown
  readonly seqs: readonly number[]
  readonly timers: readonly Timer[]
  readonly counts: { readonly root: Root | undefined; readonly count: number; readonly timers: number }
}

export function saveCell(cell: StageCell): SavedCell {
  const { root, count, timers } = cell.counts
  return {
    state: cell.ranked.stage.save(cell.state),
    seqs: cell.seqs,
    timers: cell.timers,
    counts: { root: root && plainRoot(root), count, timers },
  }
}

/** Roots decoded from a log carry the codec's class; saved data is plain. */
function plainRoot({ time, rank, key, source, seq }: Root): Root {
  return { time, rank, key, source, seq }
}

export function nextSeq(cell: StageCell, topic: EventTopic): number {
  const at = cell.ranked.stage.writes.indexOf(topic)
  if (at < 0) throw new Error(`stage ${cell.ranked.stage.name} does not write ${topic}: add it to its \`writes\``)
  const seq = cell.seqs[at] ?? 0
  cell.seqs[at] = seq + 1
  return seq
}
