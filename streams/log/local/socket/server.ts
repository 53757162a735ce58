/** The engine's side of its socket: others read the log and append to it while the engine owns the folder.
 *
 *  Why a socket and not LMDB opened by many processes: there is one writer anyway, which stamps what is appended; a
 *  reader elsewhere would have to be woken through a socket too, and its read transactions would keep old pages.
 *  Who may connect is decided by the file system: the folder and the socket in it are their user's only.
 *
 *  V1  A connection is answered one request at a time, and is not read from while its answers wait to be sent: what
 *      it costs is bounded by one message in and one out.
 *  V2  A malformed message is answered with the reason, and the connection ends.
 *  V3  A client that vanishes costs nothing afterwards. */
import type { Socket } from 'node:net'
import type { TopicName } from '@tideway/schemas'
import type { ReadLimit } from '../../log.ts'
import type { LocalLog } from '../local-log.ts'
import { encodeFrame, type Frame, FrameReader, type Header, malformed } from './frame.ts'
import { appendOf, batchHeader, errorHeader, type OnAppend, protocolVersion } from './protocol.ts'

/** Connections at a time; one more is turned away. */
const maxConnections = 64
/** What one read brings at most, whatever is asked for. */
const readLimit: ReadLimit = { records: 10_000, bytes: 4 * 1024 * 1024 }

export interface LogServer {
  /** Ends all connections and takes no more. */
  close(): void
}

/** Serves a log on the socket of the process that owns it. */
export function serveLog(log: LocalLog, onAppend: OnAppend): LogServer {
  const sockets = new Set<Socket>()
  log.onConnection(socket => {
    if (sockets.size >= maxConnections) return void socket.destroy()
    sockets.add(socket)
    socket.on('error', () => {}) // V3: the loop below ends with the socket
    const connection = new Connection(log, onAppend, socket)
    socket.once('close', () => sockets.delete(socket))
    void connection.run().finally(() => socket.destroySoon())
  })
  return {
    close: () => {
      log.onConnection(socket => socket.destroy())
      for (const socket of sockets) socket.destroy()
    },
  }
}

class Connection {
  readonly #log: LocalLog
  readonly #onAppend: OnAppend
  readonly #socket: Socket
  readonly #gone = new AbortController()
  #greeted = false
  #watching = false

  constructor(log: LocalLog, onAppend: OnAppend, socket: Socket) {
    this.#log = log
    this.#onAppend = onAppend
    this.#socket = socket
    socket.once('close', () => this.#gone.abort())
  }

  async run(): Promise<void> {
    const reader = new FrameReader()
    try {
      for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
        for (const frame of reader.push(chunk as Buffer)) await this.#answer(frame)
      }
    } catch (error) {
      if (!this.#socket.destroyed) this.#socket.write(encodeFrame({ error: errorHeader(error) })) // V2
    } finally {
      this.#gone.abort()
    }
  }

  async #answer(frame: Frame): Promise<void> {
    const { id } = frame.header
    if (typeof id !== 'number') throw malformed('A request has no id')
    if (!this.#greeted && frame.header.request !== 'hello') throw malformed('A connection begins with hello')
    let reply: readonly [Header, Uint8Array?]
    try {
      reply = await this.#replyTo(frame)
    } catch (error) {
      return await this.#send(encodeFrame({ id, error: errorHeader(error) }))
    }
    const [ok, payload] = reply
    await this.#send(encodeFrame({ id, ok }, payload))
  }

  async #replyTo(frame: Frame): Promise<readonly [Header, Uint8Array?]> {
    const { request, topic, partition, from, limit } = frame.header
    switch (request) {
      case 'hello':
        if (frame.header.protocol !== protocolVersion) throw malformed(`The engine speaks protocol ${protocolVersion}`)
        this.#greeted = true
        return [this.#introduction()]
      case 'read': {
        const batch = await this.#log.read(topic as TopicName, partition as number, from as number, bounded(limit))
        return [batchHeader(batch), Buffer.concat(batch.records.map(record => record.value))]
      }
      case 'ends':
        return [{ ...(await this.#log.ends(topic as TopicName, partition as number)) }]
      case 'writers':
        return [{ writers: await this.#log.writers() }]
      case 'watch':
        if (!this.#watching) void this.#watch()
        return [{ version: this.#log.version }]
      case 'append':
        return [await this.#onAppend(appendOf(frame))]
      default:
        throw malformed(`There is no request "${String(request)}"`)
    }
  }

  #introduction(): Header {
    const { incarnation, layout, maxRecordBytes, version } = this.#log
    return { incarnation, layout, maxRecordBytes, version }
  }

  async #watch(): Promise<void> {
    this.#watching = true
    try {
      for (let { version } = this.#log; ; version = this.#log.version) {
        await this.#log.changed(version, this.#gone.signal)
        await this.#send(encodeFrame({ changed: this.#log.version }))
      }
    } catch {
      // The client went away, or the log was closed: there is nobody to tell.
    }
  }

  /** Resolves once there is room for more (V1). */
  async #send(bytes: Uint8Array): Promise<void> {
    if (this.#socket.write(bytes) || this.#socket.destroyed) return
    await new Promise<void>(resolve => {
      const done = () => {
        this.#socket.off('drain', done)
        this.#socket.off('close', done)
        resolve()
      }
      this.#socket.on('drain', done)
      this.#socket.on('close', done)
    })
  }
}

function bounded(limit: unknown): ReadLimit {
  const { records, bytes } = (limit ?? {}) as Partial<Record<keyof ReadLimit, unknown>>
  const least = (asked: unknown, most: number) =>
    typeof asked === 'number' && asked >= 0 ? Math.min(asked, most) : most
  return { records: least(records, readLimit.records), bytes: least(bytes, readLimit.bytes) }
}
