/** Binance's spot messages, as the simulated market sends them. */
import type { Levels } from './book.ts'
import type { Character } from './character.ts'
import type { Trade } from './traders.ts'

/** Decimals that Binance pads every price and size to. */
const PADDED = 8

export function tradeMessage(character: Character, tradeId: number, millis: number, trade: Trade): string {
  return combined(character, 'trade', {
    e: 'trade',
    E: millis,
    s: character.venueSymbol,
    t: tradeId,
    p: decimal(trade.ticks, character.priceDecimals),
    q: decimal(trade.lots, character.sizeDecimals),
    T: millis,
    m: trade.aggressor === 'sell',
    M: true,
  })
}

export function quoteMessage(character: Character, updateId: number, bid: Levels, ask: Levels): string {
  return combined(character, 'bookTicker', {
    u: updateId,
    s: character.venueSymbol,
    b: decimal(bid.ticks[0] ?? 0, character.priceDecimals),
    B: decimal(bid.lots[0] ?? 0, character.sizeDecimals),
    a: decimal(ask.ticks[0] ?? 0, character.priceDecimals),
    A: decimal(ask.lots[0] ?? 0, character.sizeDecimals),
  })
}

export function depthMessage(
  character: Character,
  ids: { readonly first: number; readonly last: number },
  millis: number,
  bid: Levels,
  ask: Levels,
): string {
  return combined(character, 'depth@100ms', {
    e: 'depthUpdate',
    E: millis,
    s: character.venueSymbol,
    U: ids.first,
    u: ids.last,
    b: levels(character, bid),
    a: levels(character, ask),
  })
}

/** The answer of the REST depth call, which names no symbol. */
export function snapshotMessage(character: Character, updateId: number, bid: Levels, ask: Levels): string {
  return JSON.stringify({ lastUpdateId: updateId, bids: levels(character, bid), asks: levels(character, ask) })
}

function combined({ venueSymbol }: Character, stream: string, data: object): string {
  return JSON.stringify({ stream: `${venueSymbol.toLowerCase()}@${stream}`, data })
}

function levels({ priceDecimals, sizeDecimals }: Character, { ticks, lots }: Levels): readonly (readonly string[])[] {
  return ticks.map((price, i) => [decimal(price, priceDecimals), decimal(lots[i] ?? 0, sizeDecimals)])
}

/** Whole units of 10^-decimals as text, exactly. */
export function decimal(units: number, decimals: number): string {
  const digits = String(units).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  return `${whole}.${digits.slice(digits.length - decimals).padEnd(PADDED, '0')}`
}
