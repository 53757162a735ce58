/** Log lines as events: a name in the past tense with its noun first (`task.restored`) and fields, never a sentence that
 *  somebody must take apart again. */

export type Fields = Readonly<Record<string, unknown>>

export interface Logger {
  debug(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  /** Something a person should look at some time. */
  warn(event: string, fields?: Fields): void
  /** Something a person should look at now. A field `error` with an Error keeps its code, stack and causes. */
  error(event: string, fields?: Fields): void
  /** A logger whose lines all have these fields. */
  with(fields: Fields): Logger
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
