/** The log: topics of partitions of records, and the writers that append to them.
 *
 *  Everything that writes is a writer: a task (reads, folds, writes) or a feed (writes only). A writer's commit is
 *  atomic: records, watermarks, its progress, its state and its snapshot are all there, or none is.
 *
 *  L1  A partition's records keep their order and their offsets; readers see committed records only.
 *  L2  `open` fences: an earlier writer of the same name can commit no more (code `fenced`).
 *  L3  A commit that fails leaves nothing behind. One whose outcome is unknown (code `unknown-outcome`) is resolved by
 *      opening the writer again and reading what it saved.
 *  L4  A watermark `w` of a partition promises that no record with a root time below `w` follows. It is the minimum
 *      over the partition's sources; one that was removed no longer counts.
 *  L5  A record larger than `maxRecordBytes` is refused before anything is written (code `record-too-large`); a dead
 *      letter has 64 KB more, so that it can hold any record.
 *  L6  Damage is reported with topic, partition and offsets (code `damaged`), never skipped in silence. */
import type { Event, Layout, TopicName } from '@tideway/schemas'

/** A record on its way in. `event` is the decoded form where the writer still has it: a log in memory may hand it on. */
export interface NewRecord {
  readonly key: string
  /** Confluent frame and Avro body. */
  readonly value: Uint8Array
  readonly event?: Event
}

export interface StoredRecord extends NewRecord {
  readonly offset: number
  /** Kept by whoever decodes it first. */
  event?: Event
}

export interface Batch {
  readonly records: readonly StoredRecord[]
  /** Where the next read goes on. */
  readonly nextOffset: number
  /** What the partition promises once these records have been taken; UTC microseconds, 0 for no promise. */
  readonly watermark: number
}

export interface PartitionEnds {
  /** First offset still kept. */
  readonly first: number
  readonly next: number
  readonly watermark: number
}

export interface Output {
  readonly topic: TopicName
  readonly partition: number
  readonly records: readonly NewRecord[]
}

export interface Watermark {
  readonly topic: TopicName
  readonly partition: number
  /** The feed's name, or the stage's. */
  readonly source: string
  /** UTC microseconds; `null` removes the source. */
  readonly time: number | null
}

/** How far a writer has read; for lag and for people. */
export interface Position {
  readonly topic: TopicName
  readonly partition: number
  readonly offset: number
}

export interface Commit {
  readonly outputs: readonly Output[]
  readonly watermarks: readonly Watermark[]
  readonly positions: readonly Position[]
  /** The writer's own record of where it stands; replaces the last one. */
  readonly progress: Uint8Array
  /** Changelog: the new value of each state entry that changed; null deletes it. */
  readonly state: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  /** Replaces the last snapshot. */
  readonly snapshot?: Uint8Array
}

/** What a writer finds when it opens. */
export interface Saved {
  readonly progress: Uint8Array
  readonly state: ReadonlyMap<string, Uint8Array>
  readonly snapshot?: Uint8Array
}

export interface Writer {
  readonly name: string
  /** Undefined for a writer that has never committed. */
  restore(): Promise<Saved | undefined>
  commit(commit: Commit): Promise<void>
  close(): Promise<void>
}

export interface WriterInfo {
  readonly name: string
  readonly positions: readonly Position[]
  readonly commits: number
}

export interface ReadLimit {
  readonly records: number
  readonly bytes: number
}

export interface Log {
  readonly kind: 'memory' | 'local' | 'kafka'
  /** Drawn when the log is created; offsets mean nothing across incarnations. */
  readonly incarnation: string
  readonly layout: Layout
  /** Bytes that a record's value may have (L5). */
  readonly maxRecordBytes: number
  /** Committed records from `from`; none where there are none yet, with the partition's watermark all the same. */
  read(topic: TopicName, partition: number, from: number, limit: ReadLimit): Promise<Batch>
  ends(topic: TopicName, partition: number): Promise<PartitionEnds>
  /** Counts commits; changes with every one. */
  readonly version: number
  /** Resolves once `version` differs from the one given; rejects when the signal aborts. */
  changed(version: number, signal?: AbortSignal): Promise<void>
  open(writer: string): Promise<Writer>
  writers(): Promise<readonly WriterInfo[]>
  close(): Promise<void>
}
