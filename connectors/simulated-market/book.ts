/** A book of price levels, best first. Traders here have no names, so a level is a price and what rests there.
 *
 *  P1  The book is never crossed and no side is ever empty: what would make it so is refused or cut short.
 *  P2  Every change of a level is noted once, until the next depth message takes the notes. */

export type Side = 'bid' | 'ask'

export interface Levels {
  /** Best first. */
  readonly ticks: number[]
  readonly lots: number[]
}

export interface Print {
  readonly ticks: number
  readonly lots: number
}

export interface SavedBook {
  readonly bid: Levels
  readonly ask: Levels
  readonly changed: { readonly bid: readonly number[]; readonly ask: readonly number[] }
  readonly updateId: number
}

export class SimulatedBook {
  readonly bid: Levels
  readonly ask: Levels
  /** Counts changes. */
  updateId: number
  readonly #changed: { readonly bid: Set<number>; readonly ask: Set<number> }

  constructor(saved: SavedBook) {
    this.bid = { ticks: [...saved.bid.ticks], lots: [...saved.bid.lots] }
    this.ask = { ticks: [...saved.ask.ticks], lots: [...saved.ask.lots] }
    this.updateId = saved.updateId
    this.#changed = { bid: new Set(saved.changed.bid), ask: new Set(saved.changed.ask) }
  }

  save(): SavedBook {
    return {
      bid: { ticks: [...this.bid.ticks], lots: [...this.bid.lots] },
      ask: { ticks: [...this.ask.ticks], lots: [...this.ask.lots] },
      changed: { bid: [...this.#changed.bid], ask: [...this.#changed.ask] },
      updateId: this.updateId,
    }
  }

  best(side: Side): number {
    return this[side].ticks[0] ?? 0
  }

  bestLots(side: Side): number {
    return this[side].lots[0] ?? 0
  }

  /** Adds to a level. A price that would cross is moved to the tick before the other side's best (P1). */
  add(side: Side, wanted: number, lots: number): void {
    const sign = side === 'bid' ? 1 : -1
    const limit = this.best(side === 'bid' ? 'ask' : 'bid') - sign
    const ticks = Math.max(1, (wanted - limit) * sign > 0 && limit > 0 ? limit : wanted)
    const levels = this[side]
    const index = levels.ticks.findIndex(each => (each - ticks) * sign <= 0)
    const at = index < 0 ? levels.ticks.length : index
    if (levels.ticks[at] === ticks) levels.lots[at] = (levels.lots[at] ?? 0) + lots
    else {
      levels.ticks.splice(at, 0, ticks)
      levels.lots.splice(at, 0, lots)
    }
    this.#note(side, ticks)
  }

  /** Takes `lots` away from the level at `index`; all of it where there are no more. The last level stays (P1). */
  cancel(side: Side, index: number, lots: number): void {
    const { ticks, lots: resting } = this[side]
    const price = ticks[index]
    const there = resting[index]
    if (price === undefined || there === undefined) return
    if (lots < there) resting[index] = there - lots
    else if (ticks.length > 1) {
      ticks.splice(index, 1)
      resting.splice(index, 1)
    } else return
    this.#note(side, price)
  }

  /** A market order against `side`, never past `worst` nor through the last level. What it traded, best price first. */
  take(side: Side, lots: number, worst: number): readonly Print[] {
    const sign = side === 'bid' ? 1 : -1
    const prints: Print[] = []
    let left = lots
    while (left > 0 && (this.best(side) - worst) * sign >= 0) {
      const ticks = this.best(side)
      const there = this.bestLots(side)
      const last = this[side].ticks.length === 1
      const taken = last ? Math.min(left, there - 1) : Math.min(left, there)
      if (taken <= 0) break
      prints.push({ ticks, lots: taken })
      this.cancel(side, 0, taken)
      left -= taken
      if (last) break
    }
    return prints
  }

  /** Levels that changed since the last call, with what rests there now: 0 where nothing does (P2). */
  takeChanges(): Readonly<Record<Side, Levels>> {
    const changes = { bid: this.#changesOf('bid'), ask: this.#changesOf('ask') }
    this.#changed.bid.clear()
    this.#changed.ask.clear()
    return changes
  }

  get hasChanges(): boolean {
    return this.#changed.bid.size > 0 || this.#changed.ask.size > 0
  }

  #changesOf(side: Side): Levels {
    const sign = side === 'bid' ? 1 : -1
    const ticks = [...this.#changed[side]].sort((a, b) => (b - a) * sign)
    const resting = new Map(this[side].ticks.map((price, i) => [price, this[side].lots[i] ?? 0]))
    return { ticks, lots: ticks.map(price => resting.get(price) ?? 0) }
  }

  #note(side: Side, ticks: number): void {
    this.updateId++
    this.#changed[side].add(ticks)
  }
}
