/** What can go wrong with running Tideway and asking it, sorted by what to do about it. */

export type StackErrorCode =
  | 'not-found' // there is no such thing: correct the name
  | 'not-running' // an engine is needed: start it
  | 'in-use' // somebody else has it: stop that one, or wait
  | 'refused' // fix the call: it can never succeed
  | 'failed' // what it was asked for went wrong

export class StackError extends Error {
  override readonly name = 'StackError'
  readonly code: StackErrorCode
  /** What a person can do. */
  readonly remedy: string

  constructor(code: StackErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.remedy = remedy
  }
}
