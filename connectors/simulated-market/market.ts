/** The simulated market: several symbols whose messages come in one order of time.
 *
 *  It is driven by a time that is passed in, has no end, and says the same for the same seed and settings.
 *
 *  V1  A symbol's first message is a snapshot; so is its first after a pause, with ids above all that came before.
 *  V2  Saved, and loaded without a pause, it goes on with the very messages that it would have sent.
 *  V3  Time never goes back; what falls on one microsecond comes in the order of the symbols. */
import { type Character, characters } from './character.ts'
import { SimulatedSymbol, type SymbolState } from './symbol.ts'

export interface SimulatedMarketSettings {
  readonly seed: string | number
  /** Venue symbols, such as `BTCUSDT`; all that there are where absent. */
  readonly symbols?: readonly string[]
  /** Where time starts, or goes on for a saved market. UTC microseconds. */
  readonly startMicros: number
  /** About how many messages a symbol sends a second, 50 to 500; 100 where absent. */
  readonly messagesPerSecond?: number
}

export interface SimulatedMessage {
  /** UTC microseconds. */
  readonly time: number
  readonly venueSymbol: string
  /** As Binance's spot market would send it. */
  readonly raw: string
}

/** Plain data. */
export interface SavedMarket {
  readonly symbols: Readonly<Record<string, SymbolState>>
  /** Messages that are made but not handed out yet. */
  readonly waiting: readonly SimulatedMessage[]
}

export interface SimulatedMarket {
  /** The next message. There is always one. */
  next(): SimulatedMessage
  /** Messages up to and including `time`. */
  until(time: number): Generator<SimulatedMessage, void, undefined>
  save(): SavedMarket
}

/** How many messages an action makes on average, beside those of depth; measured. */
const MESSAGES_PER_ACTION = 0.72
const DEPTH_PER_SECOND = 10

/** Opens the market, or goes on with a saved one; a symbol that was not saved opens anew. Throws RangeError for a symbol
 *  that it does not have. */
export function simulatedMarket(settings: SimulatedMarketSettings, saved?: SavedMarket): SimulatedMarket {
  const { seed, startMicros, messagesPerSecond = 100 } = settings
  const pace = Math.max(1, messagesPerSecond - DEPTH_PER_SECOND) / MESSAGES_PER_ACTION
  const symbols: SimulatedSymbol[] = []
  const waiting: SimulatedMessage[] = []
  for (const character of settings.symbols?.map(characterOf) ?? characters) {
    const { venueSymbol } = character
    const state = saved?.symbols[venueSymbol]
    const kept = saved?.waiting.filter(message => message.venueSymbol === venueSymbol) ?? []
    const symbol = state
      ? SimulatedSymbol.load({ character, seed: String(seed), pace }, state)
      : SimulatedSymbol.open({ character, seed: String(seed), pace }, startMicros)
    const paused = Math.min(symbol.due, kept[0]?.time ?? symbol.due) < startMicros
    if (state && paused) symbol.reopen(startMicros)
    if (state && !paused)
      waiting.push(...kept) // V2
    else waiting.push({ time: startMicros, venueSymbol, raw: symbol.snapshot() }) // V1
    symbols.push(symbol)
  }
  waiting.sort((a, b) => a.time - b.time) // stable: symbols keep their order (V3)

  const first = (): SimulatedMessage => {
    for (;;) {
      const [message] = waiting
      if (message) return message
      const symbol = earliest(symbols)
      const time = symbol.due
      for (const raw of symbol.step()) waiting.push({ time, venueSymbol: symbol.venueSymbol, raw })
    }
  }
  const next = () => {
    const message = first()
    waiting.shift()
    return message
  }
  return {
    next,
    *until(time) {
      while (first().time <= time) yield next()
    },
    save: () => ({
      symbols: Object.fromEntries(symbols.map(symbol => [symbol.venueSymbol, symbol.save()])),
      waiting: [...waiting],
    }),
  }
}

function characterOf(venueSymbol: string): Character {
  const found = characters.find(character => character.venueSymbol === venueSymbol)
  if (found) return found
  throw new RangeError(
    `${venueSymbol} is not simulated; there are ${characters.map(each => each.venueSymbol).join(', ')}`,
  )
}

function earliest(symbols: readonly SimulatedSymbol[]): SimulatedSymbol {
  return symbols.reduce((best, symbol) => (symbol.due < best.due ? symbol : best))
}
