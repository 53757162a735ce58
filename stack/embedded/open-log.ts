/** A log for those who ask: through the engine where one runs, else from the folder itself.
 *
 *  Q1  Asking never creates a folder or a log.
 *  Q2  A process that has the folder and does not answer (an engine that is just starting or stopping, another question)
 *      is waited for, not long. */
import { isLogError } from '@tideway/streams'
import { connectLog, type LocalLog, type RemoteLog } from '@tideway/streams/log/local'
import { StackError } from '../errors.ts'
import type { ReadableLog } from '../query/readable-log.ts'
import { hasLog, type LogSettings, logFolderOf, openLocalLog } from './local-log.ts'

export interface OpenLog {
  readonly log: ReadableLog
  /** Set where an engine runs. */
  readonly engine: RemoteLog | undefined
  /** Set where the folder was opened: nobody else has it for now. */
  readonly folder: LocalLog | undefined
  close(): Promise<void>
}

/** How long to wait for whoever has the folder (Q2). */
const WAIT_MILLIS = 10_000
const POLL_MILLIS = 100

/** Throws StackError `not-found` where no log was ever created, or LogError. */
export async function openLog(settings: LogSettings): Promise<OpenLog> {
  const { TIDEWAY_HOME: home } = settings
  if (!hasLog(home)) throw noLog(home) // Q1
  return await patiently(async () => {
    const engine = await connectLog(logFolderOf(home))
    if (engine) return { log: engine, engine, folder: undefined, close: () => engine.close() }
    const folder = await openLocalLog(settings)
    return { log: folder, engine: undefined, folder, close: () => folder.close() }
  })
}

/** The engine that runs on the folder. Throws StackError `not-running`, or `not-found` where there is no log at all. */
export async function connectEngine({ TIDEWAY_HOME: home }: LogSettings): Promise<RemoteLog> {
  if (!hasLog(home)) throw noLog(home)
  const engine = await patiently(() => connectLog(logFolderOf(home)))
  if (engine) return engine
  throw new StackError(
    'not-running',
    `No engine runs on ${home}.`,
    'Start it with `npm start`, or name the folder of the one that runs with --home.',
  )
}

/** Q2 */
async function patiently<T>(open: () => Promise<T>): Promise<T> {
  const until = performance.now() + WAIT_MILLIS
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const isBusy = isLogError(error, 'unavailable') || isLogError(error, 'in-use')
      if (!isBusy || performance.now() > until) throw error
      await new Promise(resolve => setTimeout(resolve, POLL_MILLIS))
    }
  }
}

function noLog(home: string): StackError {
  return new StackError(
    'not-found',
    `There is no log in ${home}.`,
    'Start the engine once with `npm start`, or name another folder with --home.',
  )
}
