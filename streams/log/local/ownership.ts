/** Who owns the folder: one engine, for as long as its process lives.
 *
 *  The owner listens on a socket of its own in the folder and names it in the store. The kernel closes the socket with
 *  the process, however that ends, so a name that nobody answers at is a stale one; it is replaced by compare and
 *  swap within a transaction, which LMDB serialises between processes. The same socket later serves those who read
 *  and append while the engine runs.
 *
 *  O1  At most one process passes `acquire` for a folder; a process that was stopped (SIGSTOP) still owns it.
 *  O2  An owner that was replaced nevertheless (its socket file was deleted) finds its token gone and commits no more.
 *  O3  Nothing has to be cleaned up by hand after kill -9. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Clock, Randomness } from '@tideway/resilience'
import { fencedError } from '../admission.ts'
import { LogError } from '../errors.ts'
import { drawIncarnation } from '../incarnation.ts'
import { sealedJson, unsealedJson } from './row.ts'
import type { Store } from './store.ts'

const OWNER = Buffer.from('owner')
/** The longest path that a socket may have on every system that we run on (macOS). */
const MAX_SOCKET_PATH = 103
const POLL_MICROS = 50_000

/** The note beside the store that tells other processes where the engine listens. */
export const ownerFile = 'engine.json'

export interface Owner {
  readonly token: string
  readonly pid: number
  readonly host: string
  /** A name within the folder, or an absolute path. */
  readonly socket: string
}

export interface Patience {
  readonly clock: Clock
  /** Until when to wait for another owner to go; UTC microseconds. */
  readonly until: number
}

export class Ownership {
  readonly owner: Owner
  /** Takes connections of other processes; until it is set they are closed. */
  onConnection: (socket: Socket) => void = socket => socket.destroy()
  readonly #store: Store
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #row: Buffer

  /** Waits until no engine says that it owns the folder, before the store is touched: a process that was stopped in
   *  the middle of a transaction would block whoever opens it. Throws `in-use`, naming the process. */
  static async awaitFree(folder: string, patience: Patience): Promise<void> {
    for (let owner = engineOf(folder); owner !== undefined; owner = engineOf(folder)) {
      if (!(await answers(socketPath(folder, owner.socket)))) return
      await waitFor(folder, owner, patience)
    }
  }

  /** Takes the folder (O1). Throws `in-use`. */
  static async acquire(store: Store, randomness: Randomness, patience: Patience): Promise<Ownership> {
    const token = drawIncarnation(randomness)
    const { server, socket } = await listen(store.folder, token)
    const ownership = new Ownership(store, server, { token, pid: process.pid, host: hostname(), socket })
    try {
      while (true) {
        const before = store.meta.getBinary(OWNER)
        const other = before && unsealedJson<Owner>(before)
        if (other !== undefined && (await answers(socketPath(store.folder, other.socket)))) {
          await waitFor(store.folder, other, patience)
        } else if (ownership.#replace(before)) {
          if (other !== undefined) rmSync(socketPath(store.folder, other.socket), { force: true }) // O3
          return ownership
        }
      }
    } catch (error) {
      ownership.#hangUp()
      throw error
    }
  }

  private constructor(store: Store, server: Server, owner: Owner) {
    this.owner = owner
    this.#store = store
    this.#server = server
    this.#row = sealedJson(owner)
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      this.onConnection(socket)
    })
    server.on('error', () => {}) // a connection that could not be accepted; the listening socket stays
    server.unref()
  }

  /** Throws `fenced` unless this process still owns the store; called within each transaction (O2). */
  assert(): void {
    const row = this.#store.meta.getBinary(OWNER)
    if (row === undefined || Buffer.compare(row, this.#row) !== 0) throw fencedError('engine')
  }

  release(): void {
    try {
      this.#store.transact(() => {
        this.assert()
        this.#store.meta.removeSync(OWNER)
      })
      rmSync(join(this.#store.folder, ownerFile), { force: true })
    } catch {
      // A store that takes no more writes keeps the row; it is stale as soon as the socket is closed.
    }
    this.#hangUp()
  }

  /** Compare and swap. */
  #replace(before: Uint8Array | undefined): boolean {
    const { meta, folder } = this.#store
    const won = this.#store.transact(() => {
      const now = meta.getBinary(OWNER)
      const same = before === undefined || now === undefined ? before === now : Buffer.compare(now, before) === 0
      if (same) meta.putSync(OWNER, this.#row)
      return same
    })
    if (won) writeFileSync(join(folder, ownerFile), `${JSON.stringify(this.owner)}\n`, { mode: 0o600 })
    return won
  }

  #hangUp(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    rmSync(socketPath(this.#store.folder, this.owner.socket), { force: true })
  }
}

export function socketPath(folder: string, socket: string): string {
  return isAbsolute(socket) ? socket : join(folder, socket)
}

/** Listens in the folder; in the system's folder for temporary files where that path is too long for a socket, or
 *  where its disk keeps none. */
async function listen(folder: string, token: string): Promise<{ readonly server: Server; readonly socket: string }> {
  const name = `engine-${token}.sock`
  const elsewhere = join(tmpdir(), `tideway-${token}.sock`)
  if (Buffer.byteLength(join(folder, name)) <= MAX_SOCKET_PATH) {
    const server = await listenAt(join(folder, name)).catch(() => undefined)
    if (server) return { server, socket: name }
  }
  try {
    return { server: await listenAt(elsewhere), socket: elsewhere }
  } catch (error) {
    const remedy = 'Keep the log in a folder on a local disk.'
    throw new LogError('unavailable', `No socket can be opened for ${folder}.`, remedy, { folder, elsewhere }, error)
  }
}

function listenAt(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(path, () => {
      chmodSync(path, 0o600)
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** Whether a process listens there. The kernel answers at once, for a process that is busy or stopped too. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    return await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true))
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
      })
    })
  } finally {
    socket.destroy()
  }
}

/** What the engine that has the folder, or had it, says of itself. */
export function engineOf(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, ownerFile), 'utf8')) as Owner
  } catch {
    return undefined // none has been here, or it is just writing the file: the store decides
  }
}

async function waitFor(folder: string, owner: Owner, { clock, until }: Patience): Promise<void> {
  const left = until - clock.now()
  if (left <= 0) throw inUse(folder, owner)
  await clock.sleep(Math.min(POLL_MICROS, left))
}

function inUse(folder: string, { pid, host }: Owner): LogError {
  return new LogError(
    'in-use',
    `The log in ${folder} belongs to process ${pid} on ${host}.`,
    'Stop that engine first, or use another folder.',
    { folder, pid, host },
  )
}
