/** A writer of the local log: what it has saved, and its turn to commit.
 *
 *  Rows: `info` (commits, positions), `progress`, `snapshot`; its state entries stand in a table of their own.
 *  F1  Fencing needs no row: only the owner of the folder has writers, and the last one opened of a name may commit. */
import type { TopicName } from '@tideway/schemas'
import { closedError, fencedError } from '../admission.ts'
import { LogError } from '../errors.ts'
import type { Commit, Position, Saved, Writer, WriterInfo } from '../log.ts'
import { comparePositions } from '../positions.ts'
import { afterWriter, whatOfKey, writerKey } from './keys.ts'
import { sealed, sealedJson, unsealed, unsealedJson } from './row.ts'
import type { Store } from './store.ts'

type Place = readonly [topic: TopicName, partition: number, offset: number]

/** What is known of a writer between commits; a commit makes a new one. */
export interface Standing {
  readonly commits: number
  readonly positions: readonly Position[]
  /** Positions at the last snapshot: a refold starts there, so retention leaves what follows. */
  readonly held: readonly Position[]
}

interface InfoRow {
  readonly commits: number
  readonly positions: readonly Place[]
  readonly held: readonly Place[]
}

const fromPlace = ([topic, partition, offset]: Place): Position => ({ topic, partition, offset })
const toPlace = ({ topic, partition, offset }: Position): Place => [topic, partition, offset]

export class Shelf {
  readonly name: string
  epoch = 0
  standing: Standing = { commits: 0, positions: [], held: [] }
  damaged = false
  readonly #store: Store

  constructor(store: Store, name: string) {
    this.#store = store
    this.name = name
    const row = store.writers.getBinary(writerKey(name, 'info'))
    const info = row && unsealedJson<InfoRow>(row)
    this.damaged = row !== undefined && info === undefined
    if (info === undefined) return
    const { commits, positions, held } = info
    this.standing = { commits, positions: positions.map(fromPlace), held: held.map(fromPlace) }
  }

  /** Writes what a commit saves, within a transaction; the standing after it is to be taken once that is through. */
  save(commit: Commit, before: Standing): Standing {
    if (this.damaged) throw this.#damagedError('info')
    const { name } = this
    const { writers, state } = this.#store
    const positions = merged(before.positions, commit.positions)
    const held = commit.snapshot === undefined ? before.held : positions
    const row: InfoRow = { commits: before.commits + 1, positions: positions.map(toPlace), held: held.map(toPlace) }
    writers.putSync(writerKey(name, 'info'), sealedJson(row))
    writers.putSync(writerKey(name, 'progress'), sealed(commit.progress))
    if (commit.snapshot !== undefined) writers.putSync(writerKey(name, 'snapshot'), sealed(commit.snapshot))
    for (const { key, value } of commit.state) {
      if (value === null) state.removeSync(writerKey(name, key))
      else state.putSync(writerKey(name, key), sealed(value))
    }
    return { commits: row.commits, positions, held }
  }

  saved(): Saved | undefined {
    return this.#store.look(() => this.#saved())
  }

  #saved(): Saved | undefined {
    if (this.damaged) throw this.#damagedError('info')
    if (this.standing.commits === 0) return undefined
    const progress = this.#row('progress')
    if (progress === undefined) throw this.#damagedError('progress')
    const snapshot = this.#row('snapshot')
    const state = new Map<string, Uint8Array>()
    const range = { start: writerKey(this.name), end: afterWriter(this.name) }
    for (const { key, value } of this.#store.state.getRange(range)) {
      const bytes = unsealed(value)
      if (bytes === undefined) throw this.#damagedError(`state ${whatOfKey(key)}`)
      state.set(whatOfKey(key), bytes)
    }
    return snapshot === undefined ? { progress, state } : { progress, state, snapshot }
  }

  /** Removes all that was saved, within a transaction. Whoever has the writer open is fenced. */
  forget(): void {
    const range = () => ({ start: writerKey(this.name), end: afterWriter(this.name) })
    for (const table of [this.#store.writers, this.#store.state]) {
      for (const key of [...table.getKeys(range())]) table.removeSync(key)
    }
    this.epoch++
  }

  /** Which of its rows do not check: `info`, `progress`, `snapshot`, `state <key>`. */
  damagedRows(): string[] {
    const range = { start: writerKey(this.name), end: afterWriter(this.name) }
    const damaged: string[] = []
    for (const [table, prefix] of [
      [this.#store.writers, ''],
      [this.#store.state, 'state '],
    ] as const) {
      for (const { key, value } of table.getRange(range)) {
        if (unsealed(value) === undefined) damaged.push(`${prefix}${whatOfKey(key)}`)
      }
    }
    return damaged
  }

  info(): WriterInfo {
    const { commits, positions } = this.standing
    return { name: this.name, positions: [...positions].sort(comparePositions), commits }
  }

  #row(what: string): Uint8Array | undefined {
    const row = this.#store.writers.getBinary(writerKey(this.name, what))
    if (row === undefined) return undefined
    const bytes = unsealed(row)
    if (bytes === undefined) throw this.#damagedError(what)
    return bytes
  }

  #damagedError(what: string): LogError {
    return new LogError(
      'damaged',
      `What writer "${this.name}" saved is damaged: ${what}.`,
      'Restore the folder from a backup. Or forget the writer: it then starts from nothing.',
      { writer: this.name, what },
    )
  }
}

function merged(before: readonly Position[], changes: readonly Position[]): readonly Position[] {
  if (changes.length === 0) return before
  const kept = before.filter(({ topic, partition }) => {
    return !changes.some(change => change.topic === topic && change.partition === partition)
  })
  return [...kept, ...changes]
}

export class LocalWriter implements Writer {
  readonly name: string
  readonly #shelf: Shelf
  readonly #epoch: number
  readonly #submit: (commit: Commit) => Promise<void>
  #closed = false

  constructor(shelf: Shelf, submit: (commit: Commit, assertMine: () => void) => Promise<void>) {
    this.name = shelf.name
    this.#shelf = shelf
    this.#epoch = ++shelf.epoch
    this.#submit = commit => submit(commit, () => this.#assertMine())
  }

  async restore(): Promise<Saved | undefined> {
    this.#assertMine()
    return this.#shelf.saved()
  }

  async commit(commit: Commit): Promise<void> {
    this.#assertMine()
    await this.#submit(commit)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #assertMine(): void {
    if (this.#closed) throw closedError(`Writer "${this.name}"`)
    if (this.#epoch !== this.#shelf.epoch) throw fencedError(this.name) // F1
  }
}
