/** What traders do to the book, one action at a time.
 *
 *  Takers buy when the value is above the price and sell when it is below, the more surely the further it is; some of
 *  them know nothing and do either. Makers keep levels round the value: they take away what is on its wrong side, come
 *  closer when the spread is wide, and else add and cancel at random.
 *
 *  A1  An action changes a few levels at most, and afterwards each side has enough of them. */
import type { SeededRandom } from '@tideway/domain'
import type { Print, Side, SimulatedBook } from './book.ts'
import type { Character } from './character.ts'

export interface Trade extends Print {
  readonly aggressor: 'buy' | 'sell'
}

const LEVELS_LEAST = 40
const LEVELS_MOST = 120
/** Share of actions that take, where the price is where the value is. */
const TAKER_SHARE = 0.12

/** One action at the given value (ticks). Returns the trades that it made. */
export function act(book: SimulatedBook, character: Character, value: number, random: SeededRandom): readonly Trade[] {
  const { gapTicks } = character
  const mid = (book.best('bid') + book.best('ask')) / 2
  const urge = Math.max(-1, Math.min(1, (value - mid) / (8 * gapTicks)))
  const takes = random.next() < TAKER_SHARE + 0.3 * Math.abs(urge)
  const trades = takes ? take(book, character, urge, random) : []
  if (!takes) make(book, character, value, random)
  refill(book, character, random)
  return trades
}

/** The book at the start: levels on both sides of the anchor. */
export function fillBook(book: SimulatedBook, character: Character, random: SeededRandom): void {
  const { anchorTicks, gapTicks } = character
  book.add('bid', anchorTicks - Math.ceil(gapTicks / 2), someLots(character, random))
  book.add('ask', anchorTicks + Math.ceil(gapTicks / 2), someLots(character, random))
  refill(book, character, random)
}

function take(book: SimulatedBook, character: Character, urge: number, random: SeededRandom): readonly Trade[] {
  const buys = random.next() < 0.5 + 0.48 * urge
  const side: Side = buys ? 'ask' : 'bid'
  const reach = (1 + random.below(6)) * character.gapTicks * (buys ? 1 : -1)
  const share = random.next()
  const lots = 1 + Math.floor(character.levelLots * 2 * share * share * share) // many small ones, few large
  const prints = book.take(side, lots, book.best(side) + reach)
  return prints.map(print => ({ ...print, aggressor: buys ? 'buy' : 'sell' }))
}

function make(book: SimulatedBook, character: Character, value: number, random: SeededRandom): void {
  const { gapTicks } = character
  const side: Side = random.next() < 0.5 ? 'bid' : 'ask'
  const sign = side === 'bid' ? 1 : -1
  const beyondValue = (book.best(side) - value) * sign // above zero: it would trade at a loss
  const near = Math.round(value - (sign * gapTicks * (1 + random.next())) / 2)
  if (beyondValue > gapTicks / 2) book.cancel(side, 0, book.bestLots(side))
  else if (-beyondValue > 2 * gapTicks) book.add(side, near, someLots(character, random))
  else {
    const depth = Math.floor(Math.min(random.next(), random.next()) * 20) // mostly near the best
    const ticks = book.best(side) - sign * depth * gapTicks
    if (random.next() < 0.5) book.add(side, ticks, someLots(character, random))
    else book.cancel(side, depth, someLots(character, random))
  }
}

/** Brings the number of levels of each side within its bounds (A1). */
function refill(book: SimulatedBook, character: Character, random: SeededRandom): void {
  for (const side of ['bid', 'ask'] as const) {
    const { ticks, lots } = book[side]
    const sign = side === 'bid' ? 1 : -1
    while (ticks.length < LEVELS_LEAST && (ticks.at(-1) ?? 0) > 3 * character.gapTicks) {
      const worst = ticks.at(-1) ?? 0
      book.add(side, worst - sign * (1 + random.below(2 * character.gapTicks)), 2 * someLots(character, random))
    }
    while (ticks.length > LEVELS_MOST) book.cancel(side, ticks.length - 1, lots.at(-1) ?? 0)
  }
}

function someLots({ levelLots }: Character, random: SeededRandom): number {
  const share = random.next()
  return 1 + Math.floor(levelLots * (0.1 + 1.8 * share * share))
}
