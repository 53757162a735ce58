/** Keeps the engine alive: starts it as a child, starts it again when it dies, ends it with itself.
 *
 *  | the engine                     | then                                                                     |
 *  | dies                           | it is started again, after a pause that grows while it keeps dying       |
 *  | says that it cannot ever start | the supervisor ends with its reason                                      |
 *  | is silent                      | it is killed and started again                                           |
 *
 *  S1  The child ends when the channel closes: no engine outlives its supervisor, however that ends.
 *  S2  A stop lets the child finish its beat; a child that does not come to its end is killed.
 *  S3  The pause grows from half a second to half a minute, and begins anew once an engine has lived for a minute. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { backoffCeilingMicros } from '@tideway/resilience'
import type { Status } from '../engine/status.ts'
import type { Settings } from '../settings/settings.ts'
import { type Failure, fromEngine, type Opened, type ToEngine } from './messages.ts'

const entry = fileURLToPath(new URL('../processes/engine-main.ts', import.meta.url))

const BACKOFF = { firstMicros: 500_000, maxMicros: 30_000_000 }
const PROVEN_MILLIS = 60_000
/** The engine tells every few seconds that it is alive; one that says nothing for so long hangs. */
const SILENT_SECONDS = 60
const STOP_MILLIS = 15_000

export interface SupervisorEvents {
  onOpened(opened: Opened): void
  onStatus(status: Status): void
  /** A line that the engine wrote. */
  onLine(line: string): void
  /** The engine ended and is started again after a pause. */
  onRestart(why: string, pauseMillis: number): void
}

/** How it ended: by a stop, or because the engine can never start. */
export type Ending = { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly failure: Failure }

export class Supervisor {
  readonly #settings: Settings
  readonly #events: SupervisorEvents
  #child: ChildProcess | undefined
  #stopping = false
  #wake: (() => void) | undefined

  constructor(settings: Settings, events: SupervisorEvents) {
    this.#settings = settings
    this.#events = events
  }

  /** Ends after `stop`, or when the engine says that it cannot ever start. */
  async run(): Promise<Ending> {
    let failures = 0
    while (!this.#stopping) {
      const began = performance.now()
      const { failure, why } = await this.#runOnce()
      if (this.#stopping) break
      if (failure?.final) return { kind: 'failed', failure }
      failures = performance.now() - began > PROVEN_MILLIS ? 1 : failures + 1 // S3
      const pauseMillis = backoffCeilingMicros(BACKOFF, failures - 1) / 1000
      this.#events.onRestart(failure ? `${failure.message} ${failure.remedy}` : why, pauseMillis)
      await this.#pause(pauseMillis)
    }
    return { kind: 'stopped' }
  }

  /** Asks the engine to end; a second call kills it. */
  stop(): void {
    if (this.#stopping) {
      this.#child?.kill('SIGKILL')
      return
    }
    this.#stopping = true
    this.#wake?.()
    const child = this.#child
    if (!child) return
    tell(child, { kind: 'stop' })
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS) // S2
    child.once('exit', () => clearTimeout(timer))
  }

  #runOnce(): Promise<{ failure: Failure | undefined; why: string }> {
    // An own group is not wanted: where the terminal goes, the engine shall go.
    const child = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
    this.#child = child
    let failure: Failure | undefined
    let silentSeconds = 0
    const watch = setInterval(() => {
      if (++silentSeconds >= SILENT_SECONDS) child.kill('SIGKILL')
    }, 1_000)
    child.on('message', raw => {
      silentSeconds = 0
      const message = fromEngine.parse(raw)
      if (message.kind === 'opened') this.#events.onOpened(message.opened)
      else if (message.kind === 'status') this.#events.onStatus(message.status)
      else if (message.kind === 'failed') failure = message.failure
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) eachLine(stream, line => this.#events.onLine(line))
    }
    tell(child, { kind: 'run', settings: this.#settings })
    return new Promise(resolve => {
      child.once('error', error => this.#events.onLine(`the engine cannot be started: ${error.message}`))
      child.once('close', (code, signal) => {
        clearInterval(watch)
        this.#child = undefined
        const silent = silentSeconds >= SILENT_SECONDS ? ` after ${SILENT_SECONDS} s of silence` : ''
        resolve({ failure, why: `The engine ended (${signal ?? `exit ${code}`})${silent}.` })
      })
    })
  }

  #pause(millis: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, millis)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** A child that has just died takes no message: its end is told by its exit. */
function tell(child: ChildProcess, message: ToEngine): void {
  if (child.connected) child.send(message, () => {})
}

function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
  })
}
