/** The state of the keys: what each stage folded, its sequence numbers and timers, and the counts under the current root.
 *  Everything here belongs to a key, never to the task that happens to hold it. */
import { compareRoots, type EventTopic, type RankedStage, type Root, type Segment } from '@tideway/schemas'
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
  readonly counts: CountCell
}
export type NamedCell = readonly [stage: string, key: string, cell: SavedCell]

export class Cells {
  readonly #stages: readonly RankedStage[]
  /** Per key, the cells of the stages in their order. */
  readonly #keys = new Map<string, readonly StageCell[]>()
  // One key is often asked for many times in a row.
  #lastKey: string | undefined
  #lastCells: readonly StageCell[] = []

  constructor(segment: Segment) {
    this.#stages = segment.stages
  }

  get size(): number {
    return this.#keys.size
  }

  /** The cells of a key, made where it is new. */
  of(key: string): readonly StageCell[] {
    if (key === this.#lastKey) return this.#lastCells
    this.#lastCells = this.#keys.get(key) ?? this.#make(key)
    this.#lastKey = key
    return this.#lastCells
  }

  #make(key: string): readonly StageCell[] {
    const counts = new Map<number, CountCell>()
    const cells = this.#stages.map((ranked, index) => {
      const shared = counts.get(ranked.rank) ?? { root: undefined, count: 0, timers: 0 }
      counts.set(ranked.rank, shared)
      const { stage } = ranked
      const seqs = stage.writes.map(() => 0)
      return { key, index, ranked, counts: shared, state: stage.empty(key), seqs, timers: [], dirty: false }
    })
    this.#keys.set(key, cells)
    return cells
  }

  /** Cells changed since the last call. */
  takeChanged(): NamedCell[] {
    const changed: NamedCell[] = []
    for (const cells of this.#keys.values()) {
      for (const cell of cells) {
        if (!cell.dirty) continue
        cell.dirty = false
        changed.push(named(cell))
      }
    }
    return changed
  }

  save(): NamedCell[] {
    return [...this.#keys.values()].flatMap(cells => cells.map(named))
  }

  /** Loads one saved cell and gives it; undefined for a stage that is no longer part of the segment. */
  load([stageName, key, saved]: NamedCell): StageCell | undefined {
    const cell = this.of(key).find(({ ranked }) => ranked.stage.name === stageName)
    if (!cell) return undefined
    cell.state = cell.ranked.stage.load(saved.state)
    cell.seqs.splice(0, cell.seqs.length, ...saved.seqs)
    cell.timers = [...saved.timers]
    cell.dirty = false
    // Cells of one rank share their counts and are not always saved together: the furthest is the true one.
    const { counts } = cell
    if (saved.counts.timers > counts.timers) counts.timers = saved.counts.timers
    if (isLater(saved.counts, counts)) {
      counts.root = saved.counts.root
      counts.count = saved.counts.count
    }
    return cell
  }
}

function named(cell: StageCell): NamedCell {
  const { key, ranked, state, seqs, timers, counts } = cell
  const { root, count } = counts
  const savedCounts = { root: root && plainRoot(root), count, timers: counts.timers }
  return [ranked.stage.name, key, { state: ranked.stage.save(state), seqs, timers, counts: savedCounts }]
}

/** Roots decoded from a log carry the codec's class; saved data is plain. */
function plainRoot({ time, rank, key, source, seq }: Root): Root {
  return { time, rank, key, source, seq }
}

function isLater(saved: CountCell, known: CountCell): boolean {
  if (!saved.root) return false
  if (!known.root) return true
  const order = compareRoots(saved.root, known.root)
  return order > 0 || (order === 0 && saved.count > known.count)
}

export function nextSeq(cell: StageCell, topic: EventTopic): number {
  const at = cell.ranked.stage.writes.indexOf(topic)
  if (at < 0) throw new Error(`stage ${cell.ranked.stage.name} does not write ${topic}: add it to its \`writes\``)
  const seq = cell.seqs[at] ?? 0
  cell.seqs[at] = seq + 1
  return seq
}
