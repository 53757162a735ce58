/** The engine of one machine: edge and all tasks in one process that owns the local log.
 *
 *  N1  Each beat takes in what came, lets the tasks fold it to the end, and tells the status.
 *  N2  An error of the log that passes (full, unavailable, an unknown outcome) is waited out: everything starts again
 *      from its last commit, with a growing pause. Anything else stops the engine; its supervisor starts it anew.
 *  N3  A stop finishes the beat and leaves a snapshot of every task. */
import { backoffCeilingMicros, type Clock } from '@tideway/resilience'
import { type EventTopic, topicNames } from '@tideway/schemas'
import { isLogError, type Log, Task, type TaskOptions } from '@tideway/streams'
import type { Telemetry } from '@tideway/telemetry'
import { taskSpecs } from '../topology.ts'
import { Edge } from './edge.ts'
import { residentBytes } from './memory.ts'
import { Observer } from './observer.ts'
import { Holdings, type Status } from './status.ts'

export interface EngineOptions {
  readonly log: Log
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly seed: number
  readonly tasks?: Partial<TaskOptions>
  readonly onStatus?: (status: Status) => void
}

const BEAT_MICROS = 20_000
const STATUS_MICROS = 500_000
/** Nobody else waits for this log, so the pause needs no jitter. */
const PAUSE = { firstMicros: 100_000, maxMicros: 5_000_000 }

const deadLetterTopics = topicNames.filter(name => name.startsWith('dlq.'))

export class Engine {
  readonly edge: Edge
  readonly #options: EngineOptions
  readonly #tasks: readonly Task[]
  readonly #observer: Observer
  readonly #holdings: Holdings
  readonly #started: number
  #ticks = 0
  #ticksTold = 0
  #told = 0
  #beats = 0

  private constructor(
    options: EngineOptions,
    edge: Edge,
    tasks: readonly Task[],
    observer: Observer,
    holdings: Holdings,
  ) {
    this.#options = options
    this.edge = edge
    this.#tasks = tasks
    this.#observer = observer
    this.#holdings = holdings
    this.#started = options.clock.now()
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const { log, clock, telemetry } = options
    const holdings = new Holdings()
    await holdings.restore(log)
    const observer = new Observer(telemetry, clock, holdings)
    const edge = await Edge.open(options)
    const tasks: Task[] = []
    for (const spec of taskSpecs(log.layout)) {
      const began = clock.now()
      const prompt = new Set<EventTopic>(spec.segment.per === 'portfolio' ? ['commands', 'reports'] : [])
      tasks.push(await Task.open(spec, log, { prompt, ...options.tasks, observer }))
      observer.task(spec.name).restored(clock.now() - began)
    }
    return new Engine(options, edge, tasks, observer, holdings)
  }

  /** Beats that have ended: a live engine's number grows. */
  get beats(): number {
    return this.#beats
  }

  /** Works until the signal aborts. Rejects with what it cannot wait out (N2). */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, telemetry } = this.#options
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#beat()
        failures = 0
      } catch (error) {
        if (!isPassing(error)) throw error
        failures++
        const pauseMicros = backoffCeilingMicros(PAUSE, failures - 1)
        telemetry.log.error('engine.waits', {
          code: error.code,
          error: error.message,
          remedy: error.remedy,
          pauseMillis: pauseMicros / 1000,
        })
        await clock.sleep(pauseMicros)
        await this.#recover()
      }
      const now = clock.now()
      await clock.sleep(BEAT_MICROS - (now % BEAT_MICROS))
    }
    await this.#close()
  }

  async #beat(): Promise<void> {
    this.#ticks += await this.edge.advance()
    for (let moved = true; moved; ) {
      moved = false
      for (const task of this.#tasks) if (await this.#step(task)) moved = true
    }
    this.#beats++
    const now = this.#options.clock.now()
    if (now - this.#told >= STATUS_MICROS) await this.#tellStatus(now)
  }

  async #step(task: Task): Promise<boolean> {
    const { clock } = this.#options
    const began = clock.now()
    const moved = await task.step()
    if (moved) this.#observer.task(task.spec.name).committed(0, clock.now() - began)
    return moved
  }

  async #recover(): Promise<void> {
    try {
      await this.edge.recover()
      for (const task of this.#tasks) await task.recover()
    } catch (error) {
      if (!isPassing(error)) throw error
    }
  }

  async #close(): Promise<void> {
    for (const task of this.#tasks) await task.close()
    await this.edge.close()
  }

  async #tellStatus(now: number): Promise<void> {
    const { log, onStatus } = this.#options
    let lagRecords = 0
    for (const { name, positions } of await log.writers()) {
      let behind = 0
      for (const { topic, partition, offset } of positions)
        behind += Math.max(0, (await log.ends(topic, partition)).next - offset)
      if (positions.length > 0) this.#observer.task(name).lag(behind)
      lagRecords += behind
    }
    const seconds = this.#told === 0 ? 0 : (now - this.#told) / 1e6
    const ticks = this.#ticks - this.#ticksTold
    this.#told = now
    this.#ticksTold = this.#ticks
    const { orders, fills } = this.#holdings
    onStatus?.({
      time: now,
      uptimeSeconds: (now - this.#started) / 1e6,
      ticksPerSecond: seconds === 0 ? 0 : ticks / seconds,
      stages: this.#observer.rates(),
      lagRecords,
      latencyMillis: this.#observer.latency(),
      orders,
      fills,
      deadLetters: await countDeadLetters(log),
      portfolios: this.#holdings.status(),
      residentBytes: residentBytes(),
    })
  }
}

/** Those of earlier engines too: they stay until retention takes them. */
async function countDeadLetters(log: Log): Promise<number> {
  let count = 0
  for (const topic of deadLetterTopics) {
    const { first, next } = await log.ends(topic, 0)
    count += next - first
  }
  return count
}

function isPassing(error: unknown): error is import('@tideway/streams').LogError {
  return isLogError(error, 'full') || isLogError(error, 'unavailable') || isLogError(error, 'unknown-outcome')
}
