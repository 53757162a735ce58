/** What can go wrong with a log, sorted by what to do about it. */

export type LogErrorCode =
  | 'fenced' // another writer of this name has taken over: stop
  | 'unknown-outcome' // open the writer again and see
  | 'record-too-large' // set the record aside
  | 'full' // wait until there is room
  | 'damaged' // tell a person what was lost
  | 'in-use' // another engine owns the folder
  | 'out-of-range' // the offset is no longer, or not yet, kept
  | 'not-found' // no such topic or partition
  | 'unavailable' // wait and try again
  | 'refused' // fix the call: it can never succeed
  | 'closed' // fix the call: the log or the writer was closed

export class LogError extends Error {
  override readonly name = 'LogError'
  readonly code: LogErrorCode
  /** What a person can do. */
  readonly remedy: string
  readonly where: Readonly<Record<string, string | number>>

  constructor(
    code: LogErrorCode,
    message: string,
    remedy: string,
    where: Record<string, string | number> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.remedy = remedy
    this.where = where
  }
}

export function isLogError(error: unknown, code?: LogErrorCode): error is LogError {
  return error instanceof LogError && (code === undefined || error.code === code)
}
