/** What a task is told to do, and what it tells of its work. */
import type { Event, EventTopic, Segment } from '@tideway/schemas'
import type { ReadLimit } from '../log/log.ts'
import { compareForMerge } from '../merge/order.ts'
import type { Progress } from './progress.ts'

export interface TaskSpec {
  /** `market-3`, `trading-0`; one writer of this name at a time. */
  readonly name: string
  readonly segment: Segment
  readonly inputs: readonly { readonly topic: EventTopic; readonly partition: number }[]
  /** Partition (or shard) of what it writes. */
  readonly partition: number
  owns(key: string): boolean
}

export interface TaskOptions {
  /** False for a log that dies with the process: no snapshots, no changelog. */
  readonly persist: boolean
  /** Events of a round, at most (more only where they share one microsecond). */
  readonly maxEvents: number
  readonly readLimit: ReadLimit
  /** Events between two snapshots. */
  readonly snapshotEvery: number
  /** Inputs taken as they arrive; the order taken is recorded. None for a replay or a backtest. */
  readonly prompt: ReadonlySet<EventTopic>
  /** The order of events in a round; another than `compareForMerge` only in a test that breaks it on purpose. */
  readonly order: (a: Event, b: Event) => number
  readonly observer?: TaskObserver
}

export const defaultTaskOptions: TaskOptions = {
  persist: true,
  maxEvents: 5_000,
  readLimit: { records: 10_000, bytes: 8 << 20 },
  snapshotEvery: 100_000,
  prompt: new Set(),
  order: compareForMerge,
}

/** What a task tells of its work, once per round. */
export interface TaskObserver {
  committed(task: string, round: RoundReport): void
  restored(task: string, refolded: number): void
  setAside(task: string, stage: string, error: unknown): void
  /** What was committed was folded by other versions of stages or views; the task goes on with its own. */
  versionChanged?(task: string, from: Progress['versions'], to: Progress['versions']): void
}

export interface RoundReport {
  readonly events: number
  readonly outputs: readonly Event[]
  readonly frontier: number
  readonly keys: number
  /** What each stage has folded since the task was restored. */
  readonly folded: readonly { readonly stage: string; readonly events: number }[]
  /** Bytes of state in this commit. */
  readonly stateBytes: number
}
