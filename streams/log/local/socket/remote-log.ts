/** A log that an engine owns, as other processes see it: they read, wait, and ask the engine to append.
 *
 *  K1  A connection that breaks ends everything on it: reads and waits with `unavailable`, an append that was sent
 *      with `unknown-outcome`, since the engine may have carried it out. There is no silent reconnecting: offsets
 *      may belong to another incarnation by then.
 *  K2  An answer that does not come in time breaks the connection. */
import { connect, type Socket } from 'node:net'
import { type Clock, systemClock } from '@tideway/resilience'
import type { Layout, TopicName } from '@tideway/schemas'
import { LogError } from '../../errors.ts'
import type { Batch, Log, PartitionEnds, ReadLimit, WriterInfo } from '../../log.ts'
import { WakeUp } from '../../wake-up.ts'
import { engineOf, socketPath } from '../ownership.ts'
import { encodeFrame, type Frame, FrameReader, type Header } from './frame.ts'
import { type AppendReply, type AppendRequest, batchOf, errorOf, protocolVersion } from './protocol.ts'

/** What can be done with a log by whoever does not own it; every `Log` offers it too. */
export type LogReader = Omit<Log, 'open'>

export interface ConnectOptions {
  readonly clock?: Clock
  /** How long an answer may take; microseconds, 30 s by default. */
  readonly answerMicros?: number
}

const ANSWER_MICROS = 30_000_000

interface Pending {
  readonly request: string
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: LogError) => void
}

type Introduction = Pick<Log, 'incarnation' | 'layout' | 'maxRecordBytes' | 'version'>

/** Connects to the engine that owns the folder; undefined where none is running. */
export async function connectLog(folder: string, options: ConnectOptions = {}): Promise<RemoteLog | undefined> {
  const engine = engineOf(folder)
  if (engine === undefined) return undefined
  const socket = connect(socketPath(folder, engine.socket))
  const connected = await new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  return connected ? await RemoteLog.greet(socket, options) : undefined
}

export class RemoteLog implements LogReader {
  readonly kind = 'local'
  incarnation = ''
  layout: Layout = { partitions: 0, shards: 0 }
  maxRecordBytes = 0
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #answerMicros: number
  readonly #wakeUp = new WakeUp()
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #watching: Promise<Frame> | undefined
  #broken: LogError | undefined

  static async greet(socket: Socket, options: ConnectOptions): Promise<RemoteLog> {
    const remote = new RemoteLog(socket, options)
    const { header } = await remote.#ask({ request: 'hello', protocol: protocolVersion })
    const { incarnation, layout, maxRecordBytes, version } = header as unknown as Introduction
    remote.incarnation = incarnation
    remote.layout = layout
    remote.maxRecordBytes = maxRecordBytes
    remote.#wakeUp.ring(version)
    return remote
  }

  private constructor(socket: Socket, { clock = systemClock, answerMicros = ANSWER_MICROS }: ConnectOptions) {
    this.#socket = socket
    this.#clock = clock
    this.#answerMicros = answerMicros
    const reader = new FrameReader()
    socket.on('data', chunk => {
      try {
        for (const frame of reader.push(chunk)) this.#take(frame)
      } catch (error) {
        this.#break(error)
      }
    })
    socket.on('error', error => this.#break(error))
    socket.on('close', () => this.#break(undefined))
  }

  get version(): number {
    return this.#wakeUp.version
  }

  async read(topic: TopicName, partition: number, from: number, limit: ReadLimit): Promise<Batch> {
    return batchOf(await this.#ask({ request: 'read', topic, partition, from, limit }))
  }

  async ends(topic: TopicName, partition: number): Promise<PartitionEnds> {
    return (await this.#ask({ request: 'ends', topic, partition })).header as unknown as PartitionEnds
  }

  async writers(): Promise<readonly WriterInfo[]> {
    return (await this.#ask({ request: 'writers' })).header.writers as readonly WriterInfo[]
  }

  async changed(version: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.#watching ??= this.#ask({ request: 'watch' })
    const { header } = await this.#watching
    if (typeof header.version === 'number' && header.version > this.version) this.#wakeUp.ring(header.version)
    await this.#wakeUp.changed(version, signal)
  }

  /** Asks the engine to stamp and commit an input event; resolves with its answer once it is committed. */
  async append({ topic, key, type, data, bytes }: AppendRequest): Promise<AppendReply> {
    return (await this.#ask({ request: 'append', topic, key, type, data }, bytes)).header
  }

  async close(): Promise<void> {
    this.#break(undefined)
  }

  #ask(request: Header & { readonly request: string }, payload?: Uint8Array): Promise<Frame> {
    if (this.#broken) return Promise.reject(this.#broken)
    const id = ++this.#lastId
    const answered = new AbortController()
    return new Promise<Frame>((resolve, reject) => {
      this.#pending.set(id, { request: request.request, resolve, reject })
      this.#socket.write(encodeFrame({ ...request, id }, payload))
      this.#clock.sleep(this.#answerMicros, answered.signal).then(
        () => this.#break(new Error(`no answer to ${request.request}`)), // K2
        () => {},
      )
    }).finally(() => {
      this.#pending.delete(id)
      answered.abort()
    })
  }

  #take({ header, payload }: Frame): void {
    if (typeof header.changed === 'number') this.#wakeUp.ring(header.changed)
    const pending = this.#pending.get(header.id as number)
    if (header.error !== undefined) {
      if (pending) pending.reject(errorOf(header.error))
      else this.#break(errorOf(header.error))
    } else pending?.resolve({ header: header.ok as Header, payload })
  }

  /** K1 */
  #break(cause: unknown): void {
    if (this.#broken) return
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    const gone = new LogError('unavailable', `The engine's connection ended${why}.`, 'Connect again.', {}, cause)
    this.#broken = gone
    this.#socket.destroy()
    for (const { request, reject } of this.#pending.values()) reject(request === 'append' ? maybeDone(cause) : gone)
    this.#wakeUp.end(gone)
  }
}

const maybeDone = (cause: unknown) =>
  new LogError(
    'unknown-outcome',
    'The engine went away before it answered: the event may be in the log or not.',
    'Connect again and look for it before it is sent once more.',
    {},
    cause,
  )
