/** What a writer has saved, and the one that may write it: the last that opened the shelf (L2). */
import type { TopicName } from '@tideway/schemas'
import { closedError, fencedError } from '../admission.ts'
import type { Commit, Position, Saved, Writer, WriterInfo } from '../log.ts'
import { comparePositions } from '../positions.ts'
import { compareUtf8 } from '../utf8-order.ts'

export class WriterShelf {
  readonly name: string
  epoch = 0
  commits = 0
  #progress: Uint8Array = new Uint8Array()
  #snapshot: Uint8Array | undefined
  readonly #state = new Map<string, Uint8Array>()
  readonly #positions = new Map<TopicName, Map<number, number>>()

  constructor(name: string) {
    this.name = name
  }

  take(commit: Commit): void {
    this.commits++
    this.#progress = commit.progress
    if (commit.snapshot !== undefined) this.#snapshot = commit.snapshot
    for (const { key, value } of commit.state) {
      if (value === null) this.#state.delete(key)
      else this.#state.set(key, value)
    }
    for (const { topic, partition, offset } of commit.positions) {
      const offsets = this.#positions.get(topic)
      if (offsets !== undefined) offsets.set(partition, offset)
      else this.#positions.set(topic, new Map([[partition, offset]]))
    }
  }

  saved(): Saved | undefined {
    if (this.commits === 0) return undefined
    const state = new Map([...this.#state].sort(([a], [b]) => compareUtf8(a, b)))
    const saved = { progress: this.#progress, state }
    return this.#snapshot === undefined ? saved : { ...saved, snapshot: this.#snapshot }
  }

  positionOf(topic: TopicName, partition: number): number | undefined {
    return this.#positions.get(topic)?.get(partition)
  }

  info(): WriterInfo {
    const positions: Position[] = []
    for (const [topic, offsets] of this.#positions) {
      for (const [partition, offset] of offsets) positions.push({ topic, partition, offset })
    }
    return { name: this.name, positions: positions.sort(comparePositions), commits: this.commits }
  }
}

export class MemoryWriter implements Writer {
  readonly name: string
  readonly #shelf: WriterShelf
  readonly #epoch: number
  readonly #apply: (commit: Commit) => void
  #closed = false

  constructor(shelf: WriterShelf, apply: (commit: Commit) => void) {
    this.name = shelf.name
    this.#shelf = shelf
    this.#epoch = ++shelf.epoch
    this.#apply = apply
  }

  async restore(): Promise<Saved | undefined> {
    this.#mine()
    return this.#shelf.saved()
  }

  async commit(commit: Commit): Promise<void> {
    this.#mine()
    this.#apply(commit)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #mine(): void {
    if (this.#closed) throw closedError(`Writer "${this.name}"`)
    if (this.#epoch !== this.#shelf.epoch) throw fencedError(this.name)
  }
}
