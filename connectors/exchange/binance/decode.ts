/** Binance's market messages as ticks. Pure.
 *
 *  In   one raw message: a combined stream's `{"stream":..,"data":..}`, its bare payload, or the answer of the REST
 *       depth call
 *  Out  one tick in whole ticks and lots of the listed instrument
 *
 *  D1  Every message becomes exactly one tick or throws a DecodeError: none is skipped.
 *  D2  Prices and sizes are exact (grid.ts); no float ever holds a price.
 *  D3  `eventTime` is the matching engine's time where the message has it, else the time of sending, else (spot book
 *      tickers, spot snapshots) the receive time.
 *  D4  A message belongs to the symbol that it names; only one that names none (a snapshot) takes the feed's own. */
import type { DataOf, EventsOf, InstrumentListed } from '@tideway/schemas'
import { type Dialect, dialects } from './dialect.ts'
import { DecodeError, type DecodeErrorCode } from './errors.ts'
import { type Grid, gridOf, NEGATIVE, NOT_A_NUMBER, stepsOf, TOO_LARGE } from './grid.ts'

type Tick<K extends EventsOf['ticks']> = {
  readonly key: string
  readonly type: K
  /** UTC microseconds. */
  readonly eventTime: number
  readonly data: DataOf[`ticks/${K}`]
}

export type DecodedTick = { [K in EventsOf['ticks']]: Tick<K> }[EventsOf['ticks']]

export interface DecoderOptions {
  readonly venue: string
  readonly instruments: Iterable<Pick<InstrumentListed, 'venue' | 'symbol' | 'venueSymbol' | 'tickSize' | 'lotSize'>>
  /** Venue symbol of messages that name none (D4), such as `BTCUSDT`. */
  readonly symbol?: string
}

/** Decodes one message received at `receiveTime` (UTC microseconds). Throws DecodeError. */
export type Decode = (raw: string, receiveTime: number) => DecodedTick

interface Market {
  readonly key: string
  readonly venue: string
  readonly symbol: string
  readonly price: Grid
  readonly size: Grid
}

type Payload = Readonly<Record<string, unknown>>

/** A decoder for one venue. Throws RangeError for a venue that does not speak a Binance dialect. */
export function binanceDecoder({ venue, instruments, symbol = '' }: DecoderOptions): Decode {
  const dialect = dialects[venue]
  if (!dialect) throw new RangeError(`${venue} speaks no Binance dialect; known: ${Object.keys(dialects).join(', ')}`)
  const markets = new Map<string, Market>()
  for (const listed of instruments) {
    if (listed.venue !== venue) continue
    markets.set(listed.venueSymbol, {
      key: `${venue}:${listed.symbol}`,
      venue,
      symbol: listed.venueSymbol,
      price: gridOf(listed.tickSize),
      size: gridOf(listed.lotSize),
    })
  }
  return (raw, receiveTime) => {
    const payload = parse(raw, venue, symbol)
    const named = payload.s ?? payload.symbol ?? symbol
    const market = typeof named === 'string' ? markets.get(named) : undefined
    if (market) return decode(payload, market, dialect, receiveTime)
    const known = isKnown(payload)
    const code = known ? 'unknown-symbol' : 'unknown-message'
    const what = known ? `no instrument is listed for ${named || 'it'}` : 'no market message'
    throw new DecodeError(code, what, { venue, symbol: String(named), field: '', value: raw })
  }
}

function parse(raw: string, venue: string, symbol: string): Payload {
  let message: unknown
  try {
    message = JSON.parse(raw)
  } catch (error) {
    throw new DecodeError('not-json', 'no JSON', { venue, symbol, field: '', value: raw }, error)
  }
  const payload = isRecord(message) && 'stream' in message ? message.data : message
  if (isRecord(payload)) return payload
  throw new DecodeError('unknown-message', 'no object', { venue, symbol, field: '', value: raw })
}

function isRecord(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isKnown(payload: Payload): boolean {
  const type = payload.e
  if (type === undefined) return 'bids' in payload || 'B' in payload
  return type === 'trade' || type === 'bookTicker' || type === 'depthUpdate'
}

function decode(payload: Payload, market: Market, dialect: Dialect, receiveTime: number): DecodedTick {
  switch (payload.e) {
    case 'trade':
      return trade(payload, market)
    case 'depthUpdate':
      return depth(payload, market, dialect)
    case 'bookTicker':
      return quote(payload, market, dialect, receiveTime)
    case undefined:
      if ('bids' in payload && 'asks' in payload) return snapshot(payload, market, receiveTime)
      if ('B' in payload && 'A' in payload) return quote(payload, market, dialect, receiveTime)
  }
  throw failure('unknown-message', market, 'e', payload.e ?? Object.keys(payload).join(','), 'no market message')
}

function trade(payload: Payload, market: Market): DecodedTick {
  const sold = payload.m // the buyer is the maker, so the taker sold
  if (typeof sold !== 'boolean') throw failure('missing-field', market, 'm', sold, 'must be true or false')
  return {
    key: market.key,
    type: 'TradePrinted',
    eventTime: micros(payload, 'T', market),
    data: {
      tradeId: id(payload, 't', market),
      priceTicks: positive(payload.p, market.price, market, 'p'),
      sizeLots: positive(payload.q, market.size, market, 'q'),
      aggressor: sold ? 'sell' : 'buy',
    },
  }
}

/** A side without orders is quoted as price 0, size 0. */
function quote(payload: Payload, market: Market, dialect: Dialect, receiveTime: number): DecodedTick {
  return {
    key: market.key,
    type: 'QuoteChanged',
    eventTime: dialect.futures ? micros(payload, 'T', market) : receiveTime, // D3
    data: {
      updateId: id(payload, 'u', market),
      bidTicks: steps(payload.b, market.price, market, 'b'),
      bidLots: steps(payload.B, market.size, market, 'B'),
      askTicks: steps(payload.a, market.price, market, 'a'),
      askLots: steps(payload.A, market.size, market, 'A'),
    },
  }
}

function depth(payload: Payload, market: Market, dialect: Dialect): DecodedTick {
  const firstUpdateId = id(payload, 'U', market)
  const lastUpdateId = id(payload, 'u', market)
  if (firstUpdateId > lastUpdateId) throw failure('out-of-range', market, 'U', firstUpdateId, 'first id after the last')
  const bids = levels(payload, 'b', market)
  const asks = levels(payload, 'a', market)
  return {
    key: market.key,
    type: 'DepthChanged',
    eventTime: micros(payload, dialect.futures ? 'T' : 'E', market),
    data: {
      firstUpdateId,
      lastUpdateId,
      previousUpdateId: dialect.futures ? id(payload, 'pu', market) : -1,
      bidTicks: bids.ticks,
      bidLots: bids.lots,
      askTicks: asks.ticks,
      askLots: asks.lots,
    },
  }
}

function snapshot(payload: Payload, market: Market, receiveTime: number): DecodedTick {
  const bids = levels(payload, 'bids', market)
  const asks = levels(payload, 'asks', market)
  return {
    key: market.key,
    type: 'BookSnapshotted',
    eventTime: 'T' in payload ? micros(payload, 'T', market) : receiveTime, // D3
    data: {
      lastUpdateId: id(payload, 'lastUpdateId', market),
      bidTicks: bids.ticks,
      bidLots: bids.lots,
      askTicks: asks.ticks,
      askLots: asks.lots,
    },
  }
}

interface Levels {
  readonly ticks: number[]
  readonly lots: number[]
}

function levels(payload: Payload, field: string, market: Market): Levels {
  const list = payload[field]
  if (!Array.isArray(list)) throw failure('missing-field', market, field, list, 'must be a list of levels')
  const ticks: number[] = []
  const lots: number[] = []
  for (let i = 0; i < list.length; i++) {
    const level: unknown = list[i]
    if (!Array.isArray(level)) throw failure('missing-field', market, `${field}[${i}]`, level, 'must be a level')
    const price: unknown = level[0]
    const size: unknown = level[1]
    const levelTicks = typeof price === 'string' ? stepsOf(price, market.price) : NOT_A_NUMBER
    const levelLots = typeof size === 'string' ? stepsOf(size, market.size) : NOT_A_NUMBER
    if (levelTicks <= 0) throw wrongNumber(levelTicks, market, market.price, `${field}[${i}][0]`, price)
    if (levelLots < 0) throw wrongNumber(levelLots, market, market.size, `${field}[${i}][1]`, size)
    ticks.push(levelTicks)
    lots.push(levelLots)
  }
  return { ticks, lots }
}

function steps(text: unknown, grid: Grid, market: Market, field: string): number {
  const found = typeof text === 'string' ? stepsOf(text, grid) : NOT_A_NUMBER
  if (found < 0) throw wrongNumber(found, market, grid, field, text)
  return found
}

function positive(text: unknown, grid: Grid, market: Market, field: string): number {
  const found = steps(text, grid, market, field)
  if (found === 0) throw wrongNumber(found, market, grid, field, text)
  return found
}

function id(payload: Payload, field: string, market: Market): number {
  const value = payload[field]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw failure('missing-field', market, field, value, 'must be an id')
}

/** Above this a time is in microseconds (`timeUnit=MICROSECOND`): as milliseconds it would be the year 5138. */
const MICROS_FROM = 1e14

function micros(payload: Payload, field: string, market: Market): number {
  const value = payload[field]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    return value < MICROS_FROM ? value * 1000 : value
  }
  throw failure('missing-field', market, field, value, 'must be a time')
}

function wrongNumber(found: number, market: Market, grid: Grid, field: string, value: unknown): DecodeError {
  const kind = grid === market.price ? 'tick' : 'lot'
  if (found === NOT_A_NUMBER) return failure('not-a-number', market, field, value, 'must be a decimal in quotes')
  if (found === NEGATIVE || found === 0) return failure('negative', market, field, value, 'must be above zero')
  if (found === TOO_LARGE) return failure('out-of-range', market, field, value, `too many ${kind}s of ${grid.text}`)
  return failure('off-grid', market, field, value, `no multiple of the ${kind} size ${grid.text}`)
}

function failure(code: DecodeErrorCode, market: Market, field: string, value: unknown, what: string): DecodeError {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return new DecodeError(code, what, { venue: market.venue, symbol: market.symbol, field, value: text })
}
