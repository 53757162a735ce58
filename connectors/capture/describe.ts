/** Whose messages a capture holds, from its content.
 *
 *  A header says it outright. Else the first messages do, row by row:
 *  | what a message shows                                  | venue         |
 *  | `ps` or `pair` (the pair of a perpetual)              | binance-coinm |
 *  | `pu` (last id of the message before)                  | binance-usdm  |
 *  | a book ticker with a type                             | binance-usdm  |
 *  | depth without `pu`, a book ticker without a type      | binance       |
 *  | trades only: `M`                                      | binance       |
 *  | trades only: `X`, symbol ends in `USD_PERP` or a date | binance-coinm |
 *  | trades only: `X`                                      | binance-usdm  |
 *  The symbol is that of the first message that names one.
 *
 *  B1  A capture is one feed: `source` is `<venue>-<symbol in lower case>`, never a path, so that a file may be moved or
 *      renamed without changing a byte of what follows from it. */
import { CaptureError } from './errors.ts'
import type { CaptureHeader } from './header.ts'
import { type CaptureMessage, readCapture } from './read.ts'
import { splitSymbol } from './symbol.ts'

export interface Capture {
  readonly path: string
  readonly venue: string
  /** As the venue writes it, such as `BTCUSDT`. */
  readonly venueSymbol: string
  /** `BASE/QUOTE`. */
  readonly symbol: string
  /** The feed's name (B1). */
  readonly source: string
  /** Receive time of the first message; UTC microseconds. */
  readonly firstTime: number
}

/** Messages that are looked at before the search for evidence ends. */
const MESSAGES_TO_JUDGE = 10_000

/** Looks into a capture. Throws CaptureError (`unknown-venue` where nothing tells, or what the reader throws). */
export async function describeCapture(path: string): Promise<Capture> {
  let header: CaptureHeader | undefined
  let first: CaptureMessage | undefined
  let symbol: string | undefined
  let venue: string | undefined
  let fallback: string | undefined
  let seen = 0
  for await (const chunk of readCapture(path)) {
    header ??= chunk.header
    venue ??= header?.venue
    symbol ??= header?.symbol
    for (const entry of chunk.entries) {
      if (entry.kind !== 'message') continue
      first ??= entry
      const payload = payloadOf(entry.raw)
      symbol ??= symbolOf(payload)
      venue ??= venueOf(payload)
      fallback ??= venueOfTrade(payload)
      if ((venue && symbol) || ++seen >= MESSAGES_TO_JUDGE) break
    }
    if ((first && venue && symbol) || seen >= MESSAGES_TO_JUDGE) break
  }
  venue ??= fallback
  if (!first) throw new CaptureError('not-a-capture', 'it holds no message', { path })
  if (!venue) throw new CaptureError('unknown-venue', 'no message shows which venue sent it', { path })
  if (!symbol) throw new CaptureError('unknown-venue', 'no message names its symbol', { path })
  const pair = splitSymbol(symbol).symbol
  return {
    path,
    venue,
    venueSymbol: symbol,
    symbol: pair,
    source: sourceOf(venue, pair),
    firstTime: first.receiveTime,
  }
}

/** The name of a feed: `binance-btcusdt` for BTC/USDT on Binance. */
export function sourceOf(venue: string, symbol: string): string {
  return `${venue}-${symbol.replaceAll('/', '').toLowerCase()}`
}

type Payload = Readonly<Record<string, unknown>>

export function payloadOf(raw: string): Payload {
  let message: unknown
  try {
    message = JSON.parse(raw)
  } catch {
    return {} // shows nothing; the decoder will set it aside
  }
  const payload = isRecord(message) && 'stream' in message ? message.data : message
  return isRecord(payload) ? payload : {}
}

function isRecord(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function symbolOf({ s, symbol }: Payload): string | undefined {
  return typeof s === 'string' ? s : typeof symbol === 'string' ? symbol : undefined
}

function venueOf(payload: Payload): string | undefined {
  if ('ps' in payload || 'pair' in payload) return 'binance-coinm'
  if ('pu' in payload || payload.e === 'bookTicker') return 'binance-usdm'
  if (payload.e === 'depthUpdate') return 'binance'
  if (payload.e === undefined && 'B' in payload && 'A' in payload) return 'binance'
  return undefined
}

function venueOfTrade(payload: Payload): string | undefined {
  if (payload.e !== 'trade') return undefined
  if ('M' in payload) return 'binance'
  if (!('X' in payload)) return undefined
  return /USD_(PERP|\d{6})$/.test(String(payload.s)) ? 'binance-coinm' : 'binance-usdm'
}
