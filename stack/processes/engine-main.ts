/** The engine's process, as its supervisor starts it: told its settings over the channel, it runs until it is told to
 *  stop or the channel closes.
 *
 *  E1  When the channel closes it stops as if it had been told to: no engine outlives its supervisor.
 *  E2  An interrupt of the terminal reaches supervisor and engine alike; the supervisor decides.
 *  E3  What ends it is told to the supervisor before it exits, with what a person can do about it. */
import { isLogError } from '@tideway/streams'
import { createTelemetry } from '@tideway/telemetry'
import type { Settings } from '../settings/settings.ts'
import { type Failure, type FromEngine, toEngine } from '../supervise/messages.ts'
import { runEngine } from './engine.ts'

const ALIVE_MILLIS = 5_000
/** Beyond it nobody waits any more for the last beat. */
const STOP_MILLIS = 10_000

const stopping = new AbortController()
let running = false

process.on('SIGINT', () => {}) // E2
process.on('SIGTERM', stop)
process.once('disconnect', stop) // E1
process.on('message', raw => {
  const message = toEngine.parse(raw)
  if (message.kind === 'stop') stop()
  else if (!running) void run(message.settings)
})

function stop(): void {
  if (!running) process.exit(0)
  if (stopping.signal.aborted) return
  stopping.abort()
  setTimeout(() => process.exit(1), STOP_MILLIS).unref()
}

async function run(settings: Settings): Promise<void> {
  running = true
  setInterval(() => tell({ kind: 'alive' }), ALIVE_MILLIS).unref()
  const telemetry = createTelemetry({ log: { service: 'engine', level: settings.TIDEWAY_LOG_LEVEL, to: 'stderr' } })
  try {
    await runEngine({
      settings,
      telemetry,
      signal: stopping.signal,
      onOpened: opened => tell({ kind: 'opened', opened }),
      onStatus: status => tell({ kind: 'status', status }),
    })
    process.exit(0)
  } catch (error) {
    const failure = failureOf(error)
    telemetry.log.error('engine.ended', { ...failure, error })
    await tell({ kind: 'failed', failure }) // E3
    process.exit(1)
  }
}

function tell(message: FromEngine): Promise<void> {
  return new Promise(resolve => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

/** What another start cannot mend. */
const finalCodes: readonly string[] = ['damaged', 'in-use', 'refused']

function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (isLogError(error)) {
    return { name, message, code: error.code, remedy: error.remedy, final: finalCodes.includes(error.code) }
  }
  return { name, message, code: name, remedy: 'See its log lines; it is started again.', final: false }
}
