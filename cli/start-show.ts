/** What is shown of a running engine: a screen that is redrawn, a line now and then, or JSON for a script.
 *
 *  H1  While a screen stands, what the engine writes goes into a file: it would tear the screen apart. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '@tideway/stack/settings'
import {
  lineOf,
  type Opened,
  Screen,
  type Status,
  type SupervisorEvents,
  screenOf,
  type View,
} from '@tideway/stack/supervise'
import { note, say } from './print/out.ts'

export interface Show extends SupervisorEvents {
  begin(settings: Readonly<Record<string, unknown>>): void
  end(): void
  /** The last status that came. */
  readonly last: Status | undefined
}

const PLAIN_MICROS = 5_000_000
const WARNINGS_KEPT = 5
/** A log file that has grown beyond it is put aside at the next start; one such file is kept. */
const LOG_FILE_BYTES = 16 * 1024 * 1024

class PlainShow implements Show {
  last: Status | undefined
  #said = 0

  begin(settings: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(settings)) say(`${name}=${value}`)
  }
  onOpened({ pid, url, folder, incarnation, layout }: Opened): void {
    say(`engine ${pid}: log ${incarnation} in ${folder}, ${layout.partitions} partitions, ${layout.shards} shards`)
    say(`watch ${url}/metrics ${url}/livez ${url}/readyz`)
  }
  onStatus(status: Status): void {
    this.last = status
    if (status.time - this.#said < PLAIN_MICROS) return
    this.#said = status.time
    say(lineOf(status))
  }
  onLine(line: string): void {
    note(line)
  }
  onRestart(why: string, pauseMillis: number): void {
    say(restartText(why, pauseMillis))
  }
  end(): void {}
}

/** Each second the newest status. */
class JsonShow implements Show {
  last: Status | undefined

  begin(settings: Readonly<Record<string, unknown>>): void {
    this.#tell('settings', { settings })
  }
  onOpened(opened: Opened): void {
    this.#tell('opened', { opened })
  }
  onStatus(status: Status): void {
    this.last = status
    this.#tell('status', { status })
  }
  onLine(line: string): void {
    note(line)
  }
  onRestart(why: string, pauseMillis: number): void {
    this.#tell('restart', { why, pauseMillis })
  }
  end(): void {
    this.#tell('stopped', {})
  }
  #tell(kind: string, what: object): void {
    say(JSON.stringify({ kind, ...what }))
  }
}

class ScreenShow implements Show {
  last: Status | undefined
  readonly #file: string
  readonly #screen: Screen
  #view: View

  constructor({ TIDEWAY_HOME: home }: Settings) {
    this.#file = join(home, 'engine.log')
    this.#view = { home, warnings: [] }
    this.#screen = new Screen(process.stdout, (columns, rows) =>
      screenOf(this.#view, columns, rows, process.stdout.hasColors()),
    )
    mkdirSync(home, { recursive: true, mode: 0o700 })
    putAside(this.#file)
  }

  begin(): void {
    this.#screen.open()
  }
  onOpened(opened: Opened): void {
    const { waiting: _, ...view } = this.#view
    this.#show({ ...view, opened })
  }
  onStatus(status: Status): void {
    this.last = status
    this.#show({ ...this.#view, status })
  }
  /** H1 */
  onLine(line: string): void {
    appendFileSync(this.#file, `${line}\n`, { mode: 0o600 })
    const warning = warningOf(line)
    if (warning === undefined) return
    this.#show({ ...this.#view, warnings: [...this.#view.warnings, warning].slice(-WARNINGS_KEPT) })
  }
  onRestart(why: string, pauseMillis: number): void {
    const { status: _, ...view } = this.#view
    this.#show({ ...view, waiting: restartText(why, pauseMillis) })
  }
  end(): void {
    this.#screen.close()
  }
  #show(view: View): void {
    this.#view = view
    this.#screen.draw()
  }
}

export const showPlain = (): Show => new PlainShow()
export const showJson = (): Show => new JsonShow()
export const showScreen = (settings: Settings): Show => new ScreenShow(settings)

function restartText(why: string, pauseMillis: number): string {
  return `${why} It is started again in ${(pauseMillis / 1000).toFixed(1)} s.`
}

/** What a line warns of, for a person; undefined for a line that warns of nothing. */
function warningOf(line: string): string | undefined {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line // no log line: a last word of the runtime
  }
  const level = fields['log.level']
  if (level !== 'warn' && level !== 'error') return undefined
  const time = String(fields['@timestamp'] ?? '').slice(11, 19)
  return [time, fields.message, fields['error.message'] ?? ''].join(' ').trimEnd()
}

function putAside(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_FILE_BYTES) renameSync(file, `${file}.1`)
}
