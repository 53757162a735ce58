/** The LMDB environment in the log's folder: its tables, its transactions, and its errors in our words.
 *
 *  Measured with lmdb 3.5.6 on Linux: a synchronous transaction without fsync costs 25 us and 3.7 GB/s, with fsync
 *  what the disk takes (0.3 to 5 ms). Asynchronous transactions with a callback never came back here, and its
 *  `overlappingSync` waits for the disk within the commit all the same: so commits are synchronous, and many share
 *  one (committer.ts). The map grows by itself; a full disk shows as ENOSPC, or as EIO after a short write.
 *
 *  D1  Reads end within the call that began them: LMDB's read transaction is given back at the end of the turn.
 *  D2  A transaction that throws leaves nothing behind and the store usable. */
import { mkdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import { closedError } from '../admission.ts'
import { isLogError, LogError } from '../errors.ts'
import { assertStoreFile } from './store-file.ts'

/** What a commit that was acknowledged survives: the end of the process, or also the loss of power. */
export type Durability = 'process' | 'power'

export type Table = Database<Uint8Array, Uint8Array>

export interface StoreSize {
  readonly fileBytes: number
  /** Pages in use; the rest of the file is free for what comes next. */
  readonly usedBytes: number
}

interface TableStats {
  readonly pageSize: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

const tables = ['meta', 'partitions', 'records', 'losses', 'writers', 'state'] as const

const NO_SPACE = new Set([28, 69, 122]) // ENOSPC, EDQUOT on macOS, EDQUOT on Linux
/** A disk with less than this, bytes, counts as full where a write failed. */
const LITTLE_ROOM = 1024 * 1024
/** What LMDB says of a disk that took a part of a write: EIO, or that the transaction is bad. */
const MAYBE_NO_SPACE = new Set([5, -30782])
/** Page not found, corrupted, not an LMDB file, bad transaction (a page that it needed could not be used). */
const DAMAGE = new Set([-30797, -30796, -30793, -30782])

export class Store {
  readonly folder: string
  readonly meta: Table
  readonly partitions: Table
  readonly records: Table
  readonly losses: Table
  readonly writers: Table
  readonly state: Table
  readonly #root: RootDatabase<Uint8Array, Uint8Array>
  #closed = false

  /** Opens or creates. Throws `damaged`, `full` or `unavailable`. */
  constructor(folder: string, durability: Durability, mapBytes: number) {
    this.folder = folder
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      assertStoreFile(this.#file())
      const options = { path: folder, noSubdir: false, maxDbs: tables.length + 2, mapSize: mapBytes }
      const files = { permissionsMode: 0o600, overlappingSync: false, noSync: durability === 'process' }
      this.#root = open<Uint8Array, Uint8Array>({ ...options, ...files, encoding: 'binary', keyEncoding: 'binary' })
      const [meta, partitions, records, losses, writers, state] = tables.map(name =>
        this.#root.openDB<Uint8Array, Uint8Array>({ name, encoding: 'binary', keyEncoding: 'binary' }),
      ) as [Table, Table, Table, Table, Table, Table]
      this.meta = meta
      this.partitions = partitions
      this.records = records
      this.losses = losses
      this.writers = writers
      this.state = state
    } catch (error) {
      throw this.explain(error)
    }
  }

  /** One transaction: all of what `body` writes, or nothing (D2). */
  transact<T>(body: () => T): T {
    this.assertOpen()
    try {
      return this.#root.transactionSync(body)
    } catch (error) {
      throw this.explain(error)
    }
  }

  /** Reads, with errors in our words. */
  look<T>(body: () => T): T {
    try {
      return body()
    } catch (error) {
      throw this.explain(error)
    }
  }

  size(): StoreSize {
    let usedBytes = 0
    for (const name of tables) {
      const stats = this[name].getStats() as TableStats
      usedBytes += stats.pageSize * (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages)
    }
    return { fileBytes: statSync(this.#file()).size, usedBytes }
  }

  /** Throws `closed` once it is: what is done in slices asks after each pause. */
  assertOpen(): void {
    if (this.#closed) throw closedError('The log')
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#root.close()
  }

  /** The error in our words; what is ours already passes. */
  explain(error: unknown): LogError {
    if (isLogError(error)) return error
    const { code, message } = error as { code?: unknown; message?: string }
    const where = { folder: this.folder }
    if (this.#isFull(code)) {
      const remedy = 'Make room; nothing of this commit was written, and the log goes on by itself.'
      return new LogError('full', `There is no room left for the log in ${this.folder}.`, remedy, where, error)
    }
    if (typeof code === 'number' && DAMAGE.has(code)) {
      const remedy = 'Restore the folder from a backup, or start an empty one: the store itself cannot be read.'
      return new LogError('damaged', `The log's store is damaged: ${message}.`, remedy, where, error)
    }
    const remedy = 'See whether the folder can be written and the disk is well.'
    return new LogError('unavailable', `The log's store failed: ${message ?? String(error)}.`, remedy, where, error)
  }

  #isFull(code: unknown): boolean {
    if (code === 'ENOSPC' || code === 'EDQUOT') return true
    if (typeof code !== 'number' || !MAYBE_NO_SPACE.has(code)) return typeof code === 'number' && NO_SPACE.has(code)
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize < LITTLE_ROOM
  }

  #file(): string {
    return join(this.folder, 'data.mdb')
  }
}
