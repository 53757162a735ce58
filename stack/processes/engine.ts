/** One engine on the local log: opened, watched, maintained, run until the signal aborts.
 *
 *  P1  It is live while its beats grow, and ready once its tasks are open and its commits go through.
 *  P2  The log forgets what is past retention once a minute.
 *  P3  A port that is taken costs the metrics their usual place, not the engine its work. */
import { type Clock, systemClock } from '@tideway/resilience'
import { isLogError } from '@tideway/streams'
import { type LocalLog, type LogServer, serveLog } from '@tideway/streams/log/local'
import {
  createHealth,
  type Health,
  type ProcessTelemetry,
  startWatchServer,
  type WatchServer,
} from '@tideway/telemetry'
import { openLocalLog } from '../embedded/local-log.ts'
import { Engine } from '../engine/engine.ts'
import type { Status } from '../engine/status.ts'
import type { Settings } from '../settings/settings.ts'
import type { Opened } from '../supervise/messages.ts'
import { requestHandler } from './requests.ts'

export interface EngineProcessOptions {
  readonly settings: Settings
  readonly telemetry: ProcessTelemetry
  readonly signal: AbortSignal
  readonly onOpened: (opened: Opened) => void
  readonly onStatus: (status: Status) => void
}

/** An engine that was killed leaves its lock to the kernel, which frees it at once; one that is stopping needs longer. */
const LOCK_MICROS = 20_000_000
const MAINTAIN_MILLIS = 60_000
/** A beat may fold a long backlog. */
const BEAT_SECONDS_MAX = 30
/** Commits that wait (a full disk) make it not ready long before they make it not live. */
const COMMIT_SECONDS_MAX = 5

/** Rejects with what the engine cannot wait out. */
export async function runEngine({ settings, telemetry, signal, onOpened, onStatus }: EngineProcessOptions) {
  const clock = systemClock
  const pulse = new Pulse(clock)
  const health = healthOf(pulse)
  const server = await watch(settings.TIDEWAY_HTTP_PORT, health, telemetry)
  let log: LocalLog | undefined
  let requests: LogServer | undefined
  let maintenance: NodeJS.Timeout | undefined
  try {
    log = await openPatiently(settings, telemetry)
    requests = serveLog(
      log,
      requestHandler(log, () => pulse.engine?.edge),
    )
    const engine = await Engine.open({ log, clock, telemetry, seed: settings.TIDEWAY_MARKET_SEED, onStatus })
    pulse.engine = engine
    maintenance = setInterval(() => void maintain(log, clock, telemetry), MAINTAIN_MILLIS)
    const { incarnation, layout, folder } = log
    telemetry.log.info('engine.opened', { folder, incarnation, ...layout, watch: server.url })
    onOpened({ pid: process.pid, url: server.url, folder, incarnation, layout })
    await engine.run(signal)
  } finally {
    clearInterval(maintenance)
    requests?.close()
    await log?.close()
    await server.close()
  }
}

/** Whether beats grow, asked now and then: by those who watch, at their own pace. */
class Pulse {
  engine: Engine | undefined
  readonly #clock: Clock
  #beats = -1
  #since: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  /** Seconds since a beat was last seen to have ended. */
  get secondsSinceBeat(): number {
    const beats = this.engine?.beats ?? -1
    if (beats !== this.#beats) {
      this.#beats = beats
      this.#since = this.#clock.now()
    }
    return (this.#clock.now() - this.#since) / 1e6
  }
}

/** P1 */
function healthOf(pulse: Pulse): Health {
  const health = createHealth()
  const looker = setInterval(() => pulse.secondsSinceBeat, 1_000)
  looker.unref()
  const late = (most: number) => {
    const seconds = pulse.secondsSinceBeat
    return seconds > most ? `no beat has ended for ${seconds.toFixed(0)} s` : undefined
  }
  health.add('live', 'beats', () => (pulse.engine ? late(BEAT_SECONDS_MAX) : undefined))
  health.add('ready', 'tasks', () => (pulse.engine ? undefined : 'the tasks are being restored'))
  health.add('ready', 'log', () => (pulse.engine ? late(COMMIT_SECONDS_MAX) : 'the log is being opened'))
  return health
}

/** A folder that another engine still has is waited for, and that is said. */
async function openPatiently(settings: Settings, telemetry: ProcessTelemetry): Promise<LocalLog> {
  try {
    return await openLocalLog(settings)
  } catch (error) {
    if (!isLogError(error, 'in-use')) throw error
    telemetry.log.warn('log.inUse', { ...error.where, waitSecondsMax: LOCK_MICROS / 1e6 })
    return await openLocalLog(settings, LOCK_MICROS)
  }
}

/** P3 */
async function watch(port: number, health: Health, telemetry: ProcessTelemetry): Promise<WatchServer> {
  const expose = () => telemetry.expose()
  try {
    return await startWatchServer({ health, expose, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    const server = await startWatchServer({ health, expose, port: 0 })
    telemetry.log.warn('watch.portTaken', {
      port,
      instead: server.port,
      remedy: 'set TIDEWAY_HTTP_PORT to a free port, or to 0',
    })
    return server
  }
}

/** P2 */
async function maintain(log: LocalLog | undefined, clock: Clock, telemetry: ProcessTelemetry): Promise<void> {
  try {
    const report = await log?.maintain(clock.now())
    const records = report?.forgotten.reduce((sum, each) => sum + each.records, 0) ?? 0
    if (records > 0) telemetry.log.info('log.forgot', { records })
  } catch (error) {
    telemetry.log.error('log.notMaintained', { error: error instanceof Error ? error.message : String(error) })
  }
}
