/** Numbers of the running tasks: for Prometheus, and for the status screen. */
import type { Clock } from '@tideway/resilience'
import type { Event } from '@tideway/schemas'
import type { RoundReport, TaskObserver } from '@tideway/streams'
import { type StageMeter, stageMeter, type TaskMeter, type Telemetry, taskMeter } from '@tideway/telemetry'
import type { Holdings, StageStatus } from './status.ts'

type Versions = Readonly<Record<string, number>>

const LATENCIES_KEPT = 2_000

export class Observer implements TaskObserver {
  readonly #telemetry: Telemetry
  readonly #clock: Clock
  readonly #holdings: Holdings
  readonly #stages = new Map<string, StageMeter>()
  readonly #tasks = new Map<string, TaskMeter>()
  /** What each task's stages had folded when it last told. */
  readonly #folded = new Map<string, number>()
  readonly #totals = new Map<string, { folded: number; emitted: number }>()
  readonly #latencies: number[] = []
  #last = { time: 0, totals: new Map<string, { folded: number; emitted: number }>() }

  constructor(telemetry: Telemetry, clock: Clock, holdings: Holdings) {
    this.#telemetry = telemetry
    this.#clock = clock
    this.#holdings = holdings
  }

  task(name: string): TaskMeter {
    let meter = this.#tasks.get(name)
    if (!meter) {
      meter = taskMeter(this.#telemetry, name)
      this.#tasks.set(name, meter)
    }
    return meter
  }

  committed(task: string, { outputs, frontier, keys, folded, stateBytes }: RoundReport): void {
    const now = this.#clock.now()
    const meter = this.task(task)
    meter.watermarkDelay(Math.max(0, now - frontier))
    if (stateBytes > 0) meter.state(stateBytes, keys)
    const emitted = new Map<string, number>()
    for (const event of outputs) {
      emitted.set(event.source, (emitted.get(event.source) ?? 0) + 1)
      this.#holdings.take(event)
      if (event.type === 'OrderIntended') this.#noteLatency(now - event.ingestTime)
    }
    for (const { stage, events } of folded) {
      const before = this.#folded.get(`${task} ${stage}`) ?? 0
      this.#folded.set(`${task} ${stage}`, events)
      this.#noteStage(stage, events >= before ? events - before : events, emitted.get(stage) ?? 0, outputs, now)
    }
  }

  #noteStage(stage: string, folded: number, emitted: number, outputs: readonly Event[], now: number): void {
    let meter = this.#stages.get(stage)
    if (!meter) {
      meter = stageMeter(this.#telemetry, stage)
      this.#stages.set(stage, meter)
    }
    meter.events(folded, emitted)
    if (emitted > 0)
      for (const event of outputs) if (event.source === stage) meter.latency(Math.max(0, now - event.ingestTime))
    const total = this.#totals.get(stage) ?? { folded: 0, emitted: 0 }
    this.#totals.set(stage, { folded: total.folded + folded, emitted: total.emitted + emitted })
  }

  #noteLatency(micros: number): void {
    this.#latencies.push(Math.max(0, micros))
    if (this.#latencies.length > LATENCIES_KEPT) this.#latencies.shift()
  }

  restored(task: string, refolded: number): void {
    for (const name of this.#folded.keys()) if (name.startsWith(`${task} `)) this.#folded.set(name, 0)
    this.#telemetry.log.info('task.restored', { task, refolded })
  }

  versionChanged(task: string, from: Versions, to: Versions): void {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
    const changed = names.filter(name => from[name] !== to[name])
    const stages = changed.map(name => `${name} ${from[name] ?? 'none'} -> ${to[name] ?? 'none'}`)
    this.#telemetry.log.warn('task.versionChanged', { task, stages })
  }

  setAside(task: string, stage: string, error: unknown): void {
    const what = error instanceof Error ? error.message : String(error)
    this.#telemetry.log.warn('record.setAside', { task, stage, error: what })
    if (stage !== '') this.#stages.get(stage)?.refused(error instanceof Error ? error.name : 'unknown')
  }

  /** Per second since the last call, in the order in which stages were first seen. */
  rates(): StageStatus[] {
    const now = this.#clock.now()
    const { time, totals } = this.#last
    const seconds = Math.max(0.001, (now - time) / 1e6)
    const rates = [...this.#totals].map(([stage, { folded, emitted }]) => ({
      stage,
      foldedPerSecond: (folded - (totals.get(stage)?.folded ?? 0)) / seconds,
      emittedPerSecond: (emitted - (totals.get(stage)?.emitted ?? 0)) / seconds,
    }))
    this.#last = { time: now, totals: new Map(this.#totals) }
    return time === 0 ? rates.map(rate => ({ ...rate, foldedPerSecond: 0, emittedPerSecond: 0 })) : rates
  }

  latency(): { p50: number; p99: number } | undefined {
    if (this.#latencies.length === 0) return undefined
    const sorted = [...this.#latencies].sort((a, b) => a - b)
    const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000
    return { p50: at(0.5), p99: at(0.99) }
  }
}
