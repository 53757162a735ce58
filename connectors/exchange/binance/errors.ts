/** What can be wrong with a venue's message. A message that cannot be decoded is never skipped: its feed sets it aside
 *  with this error. */

export type DecodeErrorCode =
  | 'not-json' // cut off or no JSON at all
  | 'unknown-message' // JSON, but no message that this decoder knows
  | 'unknown-symbol' // no instrument of that name is listed
  | 'missing-field' // a field that the dialect promises is absent or of the wrong type
  | 'not-a-number' // a price or size that is no plain decimal
  | 'negative' // a price or size below zero, or a price of zero where there must be one
  | 'off-grid' // no whole number of ticks or lots
  | 'out-of-range' // more ticks or lots than a safe integer holds, or ids that run backwards

export interface DecodePlace {
  readonly venue: string
  /** As the venue writes it; empty where the message names none. */
  readonly symbol: string
  /** Path inside the message, such as `b[3][0]`; empty for the message as a whole. */
  readonly field: string
  /** What stood there. */
  readonly value: string
}

export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DecodeErrorCode
  readonly where: DecodePlace
  /** What a person can do. */
  readonly remedy: string

  constructor(code: DecodeErrorCode, what: string, where: DecodePlace, cause?: unknown) {
    const place = [where.venue, where.symbol, where.field].filter(part => part !== '').join(' ')
    const value = where.value === '' ? '' : `: ${JSON.stringify(excerpt(where.value))}`
    super(`${place}: ${what}${value}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.where = where
    this.remedy = remedies[code]
  }
}

const remedies: Readonly<Record<DecodeErrorCode, string>> = {
  'not-json': 'The message was cut off on its way: see whether the connection or the capture ended there.',
  'unknown-message': 'Subscribe only to trade, bookTicker and depth streams, or teach the decoder this message.',
  'unknown-symbol': 'List the instrument on `config`, or name the symbol of a capture whose snapshots carry none.',
  'missing-field': 'Check that the messages come from the venue that the feed names; its format may have changed.',
  'not-a-number': 'Keep the message and ask the venue: a price or size must be a plain decimal.',
  negative: 'Keep the message and ask the venue: prices and sizes are above zero.',
  'off-grid': 'The venue has changed its tick or lot size: list the instrument again with the new one.',
  'out-of-range': 'List the instrument with a coarser tick or lot size, or keep the message and ask the venue.',
}

const EXCERPT_CHARACTERS = 120

function excerpt(value: string): string {
  return value.length <= EXCERPT_CHARACTERS ? value : `${value.slice(0, EXCERPT_CHARACTERS)}...`
}
