/** Errors as people read them: what was wrong, where, what to do; and the exit code as scripts read it.
 *
 *  E1  A stack trace is shown only where it was asked for (`--debug`). */
import { CaptureError } from '@tideway/connectors'
import { SimulationFailure } from '@tideway/simulation'
import { StackError, type StackErrorCode } from '@tideway/stack'
import { SettingsError } from '@tideway/stack/settings'
import { isLogError, LogError, type LogErrorCode } from '@tideway/streams'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** What a verb says of a call that it cannot understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

const ofStack: Readonly<Record<StackErrorCode, ExitCode>> = {
  'not-found': exitCodes.notFound,
  'not-running': exitCodes.engine,
  'in-use': exitCodes.engine,
  refused: exitCodes.usage,
  failed: exitCodes.failed,
}

const ofLog: Readonly<Partial<Record<LogErrorCode, ExitCode>>> = {
  'in-use': exitCodes.engine,
  refused: exitCodes.usage,
  damaged: exitCodes.findings,
  'not-found': exitCodes.notFound,
  'out-of-range': exitCodes.notFound,
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof SettingsError) return exitCodes.usage
  if (error instanceof StackError) return ofStack[error.code]
  if (isLogError(error)) return ofLog[error.code] ?? exitCodes.failed
  if (error instanceof CaptureError && isMissingFile(error.cause)) return exitCodes.notFound
  return exitCodes.failed
}

function isMissingFile(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
}

/** Lines for standard error, without a stack (E1). */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}\n`
  const lines = [`error: ${error.message}`, ...placeOf(error)]
  const remedy = remedyOf(error)
  if (remedy) lines.push(`what to do: ${remedy}`)
  return `${lines.join('\n')}\n`
}

function placeOf(error: Error): string[] {
  if (error instanceof CaptureError && error.line > 0) return [`where: ${error.path}, line ${error.line}`]
  if (!(error instanceof LogError)) return []
  const where = Object.entries(error.where).filter(([, value]) => !error.message.includes(String(value)))
  return where.length === 0 ? [] : [`where: ${where.map(([name, value]) => `${name} ${value}`).join(', ')}`]
}

function remedyOf(error: Error): string | undefined {
  if (error instanceof SettingsError) return 'correct them in the environment or in .env; .env.example names them all'
  if (error instanceof SimulationFailure) return undefined // its message says it
  const { remedy } = error as Error & { remedy?: unknown }
  if (typeof remedy === 'string') return remedy
  return isExpected(error) ? undefined : 'run it again with --debug and report what it says'
}

function isExpected(error: Error): boolean {
  return error instanceof StackError || error instanceof UsageError || isLogError(error)
}
