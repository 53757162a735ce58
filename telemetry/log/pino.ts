/** Log lines through pino: one JSON object a line, named as the Elastic Common Schema names things (ECS 8.17), so that
 *  any shipper can read them. Our own fields stand under `tideway`.
 *
 *  J1  A field that is named like a secret is never written: see `secret`.
 *  J2  A line that cannot be written (circular, throwing getter) is written without its fields, never lost. */
import { type DestinationStream, destination, pino } from 'pino'
import { errorFields } from './error-fields.ts'
import type { Fields, Logger, LogLevel } from './logger.ts'

export interface LogSettings {
  /** What runs: `engine`, `gateway`. */
  readonly service: string
  readonly version?: string
  readonly level?: LogLevel
  /** Where lines go: a file that is appended to, a stream of the process, or a function. Standard error where absent. */
  readonly to?: 'stdout' | 'stderr' | { readonly file: string } | { readonly write: (line: string) => void }
  /** UTC microseconds; the system's clock where absent. */
  readonly now?: () => number
}

const ECS_VERSION = '8.17.0'

/** A logger that writes as it is called: a process that dies has written its last line. */
export function createLogger({ service, version, level = 'info', to = 'stderr', now }: LogSettings): Logger {
  const millis = now ? () => now() / 1000 : () => Date.now()
  const lines = pino(
    {
      level,
      messageKey: 'message',
      base: {
        'ecs.version': ECS_VERSION,
        'service.name': service,
        ...(version ? { 'service.version': version } : {}),
        'process.pid': process.pid,
      },
      timestamp: () => `,"@timestamp":"${new Date(millis()).toISOString()}"`,
      formatters: { level: label => ({ 'log.level': label }) },
    },
    streamOf(to),
  )
  return loggerOf(lines, {})
}

type Write = (fields: object, event: string) => void
type Lines = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>> & { isLevelEnabled(level: string): boolean }

function loggerOf(lines: Lines, always: Fields): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: Fields) => {
    if (!lines.isLevelEnabled(level)) return
    const said = fields ? { ...always, ...fields } : always
    try {
      lines[level]({ 'event.action': event, ...ecsOf(said) }, event)
    } catch {
      lines[level]({ 'event.action': event, 'tideway.unwritable': Object.keys(said) }, event) // J2
    }
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: fields => loggerOf(lines, { ...always, ...fields }),
  }
}

function ecsOf(fields: Fields): object {
  const { error, ...rest } = fields
  const own = Object.keys(rest).length > 0 ? { tideway: withoutSecrets(rest) } : {}
  return error === undefined ? own : { ...errorFields(error), ...own }
}

/** Names whose values are secrets (J1). */
const secret = /(secret|password|passphrase|token|api_?key|private_?key|authorization|cookie|signature)$/i
const HIDDEN = '[hidden]'
const DEPTH_MAX = 6

function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || depth >= DEPTH_MAX) return value
  if ('toJSON' in value || value instanceof Uint8Array)
    return value instanceof Uint8Array ? `${value.length} bytes` : value
  if (Array.isArray(value)) return value.map(each => withoutSecrets(each, depth + 1))
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, each]) => [name, secret.test(String(name)) ? HIDDEN : withoutSecrets(each, depth + 1)]),
  )
}

function streamOf(to: NonNullable<LogSettings['to']>): DestinationStream {
  if (to === 'stdout') return destination({ dest: 1, sync: true })
  if (to === 'stderr') return destination({ dest: 2, sync: true })
  if ('file' in to) return destination({ dest: to.file, sync: true, mkdir: true, append: true })
  return to
}
