/** What an event is.
 *
 *  Identity  (topic, key, source, seq): names it on any log. `seq` counts per key and source, from 0.
 *  Stamp     where it stands in the one order of all events.
 *  Causes    identities: the trigger first.
 *  Times     eventTime (the party's own clock, payload) and ingestTime (its root's time); UTC microseconds.
 *
 *  E1  An input event is its own root: (ingestTime, topic rank, key, source, seq); stage rank 0.
 *  E2  A derived event's stamp is its root, then (stage rank, key, count), count from 0 per root, rank and key.
 *  E3  A timer is a root of rank 0, before every topic: (due, 0, key, stage rank, number); its `source` is the stage's rank, padded to three digits.
 *  E4  Stamps of different events differ: the order is total. */
import type { DataOf, EventsOf, Identity, Root } from './generated/events.ts'
import { rankOf, type TopicName } from './topics.ts'

export type { Identity, Root } from './generated/events.ts'

/** `rank` 0 stands for the root itself. */
export interface Stamp {
  readonly root: Root
  readonly rank: number
  readonly key: string
  readonly count: number
}

export type EventTopic = keyof EventsOf

/** One event, with its type known: `EventOf<'ticks', 'TradePrinted'>`. */
export interface EventOf<T extends EventTopic, K extends EventsOf[T]> {
  readonly topic: T
  readonly type: K
  readonly key: string
  readonly source: string
  readonly seq: number
  readonly eventTime: number
  readonly ingestTime: number
  readonly stamp: Stamp
  readonly causes: readonly Identity[]
  readonly replayOf: Identity | null
  readonly data: `${T}/${K}` extends keyof DataOf ? DataOf[`${T}/${K}`] : never
}

/** Any event of a topic; a union told apart by `type`. */
export type EventIn<T extends EventTopic> = { [K in EventsOf[T]]: EventOf<T, K> }[EventsOf[T]]

/** Any event at all. */
export type Event = { [T in EventTopic]: EventIn<T> }[EventTopic]

export const TIMER_RANK = 0

export function identityOf(event: Event): Identity {
  return { topic: event.topic, key: event.key, source: event.source, seq: event.seq }
}

/** `topic/key/source/seq`, as people and scripts write it. Keys may hold slashes; the other parts may not. */
export function formatIdentity(id: Identity): string {
  return `${id.topic}/${id.key}/${id.source}/${id.seq}`
}

/** Reads what `formatIdentity` writes; undefined where the text is no identity. */
export function parseIdentity(text: string): Identity | undefined {
  const parts = /^([^/]+)\/(.+)\/([^/]+)\/(\d+)$/s.exec(text)
  if (!parts?.[1] || !parts[2] || !parts[3] || !parts[4]) return undefined
  return { topic: parts[1], key: parts[2], source: parts[3], seq: Number(parts[4]) }
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.seq === b.seq && a.key === b.key && a.source === b.source && a.topic === b.topic
}

export function rootOfInput(topic: TopicName, ingestTime: number, key: string, source: string, seq: number): Root {
  return { time: ingestTime, rank: rankOf(topic), key, source, seq }
}

/** An input event is its own root (E1). */
export function stampOfInput(topic: TopicName, ingestTime: number, key: string, source: string, seq: number): Stamp {
  return { root: rootOfInput(topic, ingestTime, key, source, seq), rank: 0, key, count: 0 }
}

export function rootOfTimer(due: number, key: string, stageRank: number, number: number): Root {
  return { time: due, rank: TIMER_RANK, key, source: String(stageRank).padStart(3, '0'), seq: number }
}

/** Strings compare by UTF-16 code unit: no locale. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** The order of roots: time, rank, key, source, seq. */
export function compareRoots(a: Root, b: Root): number {
  if (a === b) return 0
  return (
    a.time - b.time || a.rank - b.rank || compareText(a.key, b.key) || compareText(a.source, b.source) || a.seq - b.seq
  )
}

/** The one order of all events: root, then stage rank, key, count. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return compareRoots(a.root, b.root) || a.rank - b.rank || compareText(a.key, b.key) || a.count - b.count
}
