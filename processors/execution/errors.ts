/** What execution refuses, sorted by what to do: the event is set aside, the orders stay as they are. */
export type ExecutionErrorCode =
  | 'unknown-order' // nobody here asked for it, or it ended long ago: ask the venue what it is
  | 'impossible-report' // contradicts what is known: ask the venue for the order
  | 'overfilled' // more than was ordered: ask the venue for its fills
  | 'wrong-venue' // a paper order reported by a venue, or the reverse: look for a mix-up of accounts
  | 'malformed-command' // correct the command and send it again

export class ExecutionError extends Error {
  override readonly name = 'ExecutionError'
  readonly code: ExecutionErrorCode

  constructor(code: ExecutionErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
