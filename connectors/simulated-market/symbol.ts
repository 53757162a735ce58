/** One symbol of the simulated market: its value, its book, and the messages that they give rise to.
 *
 *  U1  Chance of action n follows from (seed, symbol, n) alone: symbols do not disturb each other, and a market that is
 *      saved and loaded goes on with the very messages that it would have sent.
 *  U2  Ids only grow, also over a restart that lost the last state: they start at the start time in microseconds and
 *      count far fewer than a million a second.
 *  U3  Messages are consistent: a depth message holds every level that changed since the one before, and a book ticker
 *      follows each change of the best price or size. */
import { seededRandom } from '@tideway/domain'
import { type SavedBook, SimulatedBook } from './book.ts'
import type { Character } from './character.ts'
import { depthMessage, quoteMessage, snapshotMessage, tradeMessage } from './messages.ts'
import { act, fillBook } from './traders.ts'
import { initialValue, moveValue, type Value } from './value.ts'

export interface SymbolState {
  /** Of the last action; UTC microseconds. */
  readonly time: number
  readonly nextAction: number
  readonly nextDepth: number
  readonly action: number
  readonly tradeId: number
  readonly firstChange: number
  readonly quoted: readonly number[]
  readonly value: Readonly<Value>
  readonly book: SavedBook
}

export interface SymbolSettings {
  readonly character: Character
  readonly seed: string
  /** Actions a second. */
  readonly pace: number
}

const DEPTH_MICROS = 100_000
/** From the venue to the feed. */
const WIRE_MICROS = 3000
const EMPTY: SavedBook = {
  bid: { ticks: [], lots: [] },
  ask: { ticks: [], lots: [] },
  changed: { bid: [], ask: [] },
  updateId: 0,
}

export class SimulatedSymbol {
  readonly #settings: SymbolSettings
  readonly #book: SimulatedBook
  readonly #value: Value
  #time: number
  #nextAction: number
  #nextDepth: number
  #action: number
  #tradeId: number
  /** First id that the next depth message covers. */
  #firstChange: number
  #quoted: readonly number[]

  private constructor(settings: SymbolSettings, state: SymbolState) {
    this.#settings = settings
    this.#book = new SimulatedBook(state.book)
    this.#value = { ...state.value }
    this.#time = state.time
    this.#nextAction = state.nextAction
    this.#nextDepth = state.nextDepth
    this.#action = state.action
    this.#tradeId = state.tradeId
    this.#firstChange = state.firstChange
    this.#quoted = state.quoted
  }

  /** A symbol that opens at `time`. */
  static open(settings: SymbolSettings, time: number): SimulatedSymbol {
    const book = new SimulatedBook({ ...EMPTY, updateId: time })
    fillBook(book, settings.character, seededRandom(`${settings.seed}/${settings.character.venueSymbol}/open`))
    const value = initialValue(settings.character, time)
    const state = { time, nextAction: time + 1, nextDepth: 0, action: 0, tradeId: time, firstChange: 0, quoted: [] }
    const symbol = new SimulatedSymbol(settings, { ...state, value, book: book.save() })
    symbol.#startOver(time)
    return symbol
  }

  static load(settings: SymbolSettings, state: SymbolState): SimulatedSymbol {
    return new SimulatedSymbol(settings, state)
  }

  save(): SymbolState {
    return {
      time: this.#time,
      nextAction: this.#nextAction,
      nextDepth: this.#nextDepth,
      action: this.#action,
      tradeId: this.#tradeId,
      firstChange: this.#firstChange,
      quoted: this.#quoted,
      value: { ...this.#value },
      book: this.#book.save(),
    }
  }

  get venueSymbol(): string {
    return this.#settings.character.venueSymbol
  }

  /** When it does something next. */
  get due(): number {
    return Math.min(this.#nextAction, this.#nextDepth)
  }

  /** Goes on at a later time, as if it had been closed in between; ids jump to that time (U2). */
  reopen(time: number): void {
    this.#book.updateId = Math.max(this.#book.updateId, time)
    this.#tradeId = Math.max(this.#tradeId, time)
    this.#startOver(time)
  }

  /** The whole book as it stands. */
  snapshot(): string {
    const { updateId, bid, ask } = this.#book
    return snapshotMessage(this.#settings.character, updateId, bid, ask)
  }

  /** Does what is due; the messages that this sends, in order. */
  step(): readonly string[] {
    const time = this.due
    return time === this.#nextDepth ? this.#depth(time) : this.#actAt(time)
  }

  #startOver(time: number): void {
    this.#time = time
    this.#book.takeChanges()
    this.#firstChange = this.#book.updateId + 1
    this.#nextAction = time + 1
    this.#nextDepth = (Math.floor(time / DEPTH_MICROS) + 1) * DEPTH_MICROS
    this.#quoted = []
  }

  #actAt(time: number): readonly string[] {
    const { character, seed, pace } = this.#settings
    const random = seededRandom(`${seed}/${character.venueSymbol}/${this.#action++}`) // U1
    moveValue(this.#value, character, time, time - this.#time, random)
    const trades = act(this.#book, character, this.#value.ticks, random)
    this.#time = time
    this.#nextAction = time + 1 + random.below(Math.ceil(2e6 / pace)) // evenly round the pace
    const millis = millisOf(time)
    const messages = trades.map(trade => tradeMessage(character, ++this.#tradeId, millis, trade))
    const quote = this.#quote()
    return quote ? [...messages, quote] : messages
  }

  #quote(): string | undefined {
    const { bid, ask, updateId } = this.#book
    const top = [bid.ticks[0] ?? 0, bid.lots[0] ?? 0, ask.ticks[0] ?? 0, ask.lots[0] ?? 0]
    if (top.every((part, i) => part === this.#quoted[i])) return undefined
    this.#quoted = top
    return quoteMessage(this.#settings.character, updateId, bid, ask)
  }

  #depth(time: number): readonly string[] {
    this.#nextDepth += DEPTH_MICROS
    if (!this.#book.hasChanges) return []
    const ids = { first: this.#firstChange, last: this.#book.updateId }
    this.#firstChange = ids.last + 1
    const { bid, ask } = this.#book.takeChanges()
    return [depthMessage(this.#settings.character, ids, millisOf(time), bid, ask)]
  }
}

function millisOf(time: number): number {
  return Math.floor((time - WIRE_MICROS) / 1000)
}
