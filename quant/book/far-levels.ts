/** Levels too far from the best price to be worth an order: a hash table of price to size.
 *
 *  Hot code. Open addressing with linear probing on typed arrays; a removed level keeps its slot with size 0 until the
 *  table is rebuilt, so that probing never breaks.
 *
 *  F1  Keys are whole numbers other than 0; slot key 0 is a free slot.
 *  F2  At most half of the slots are taken: a probe ends.
 *  F3  What is asked for in order (the best, the next) costs a scan; only rare paths ask for it. */

const FIRST_SLOTS = 1024
/** Knuth's multiplicative hash: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1

export class FarLevels {
  /** Levels with a size. */
  count = 0
  private keys = new Float64Array(FIRST_SLOTS)
  private lots = new Float64Array(FIRST_SLOTS)
  private shift = shiftOf(FIRST_SLOTS)
  private taken = 0

  get(key: number): number {
    return this.lots[this.slotOf(key)] as number
  }

  /** Sets a level's size; 0 removes it. Returns how many levels that added: 1, 0 or -1. */
  set(key: number, lots: number): number {
    const slot = this.slotOf(key)
    const before = this.lots[slot] as number
    if (this.keys[slot] === key) {
      this.lots[slot] = lots
      const added = (lots === 0 ? 0 : 1) - (before === 0 ? 0 : 1)
      this.count += added
      return added
    }
    if (lots === 0) return 0
    this.keys[slot] = key
    this.lots[slot] = lots
    this.count++
    this.taken++
    if (this.taken * 2 > this.keys.length) this.rebuild()
    return 1
  }

  /** The greatest key below `limit`; 0 where there is none. */
  greatestBelow(limit: number): number {
    const { keys, lots } = this
    let best = Number.NEGATIVE_INFINITY
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number
      if (key > best && key < limit && lots[slot] !== 0) best = key
    }
    return best === Number.NEGATIVE_INFINITY ? 0 : best
  }

  /** Hands every level with a key of at least `low` over and forgets it. */
  takeFrom(low: number, take: (key: number, lots: number) => void): void {
    const { keys, lots } = this
    for (let slot = 0; slot < keys.length; slot++) {
      const size = lots[slot] as number
      if (size === 0 || (keys[slot] as number) < low) continue
      lots[slot] = 0
      this.count--
      take(keys[slot] as number, size)
    }
  }

  /** Writes all keys into `out` from `offset` on; returns where it stopped. The order means nothing. */
  copyKeys(out: Float64Array, offset: number): number {
    let at = offset
    for (let slot = 0; slot < this.keys.length; slot++) {
      if (this.lots[slot] !== 0) out[at++] = this.keys[slot] as number
    }
    return at
  }

  clear(): void {
    this.keys.fill(0)
    this.lots.fill(0)
    this.count = 0
    this.taken = 0
  }

  private slotOf(key: number): number {
    const { keys } = this
    const mask = keys.length - 1
    let slot = Math.imul(key | 0, GOLDEN) >>> this.shift
    for (;;) {
      const there = keys[slot] as number
      if (there === key || there === 0) return slot
      slot = (slot + 1) & mask
    }
  }

  /** Drops removed levels and doubles until a quarter of the slots is enough. */
  private rebuild(): void {
    const { keys, lots } = this
    let slots = keys.length
    while (this.count * 4 > slots) slots *= 2
    this.keys = new Float64Array(slots)
    this.lots = new Float64Array(slots)
    this.shift = shiftOf(slots)
    this.taken = this.count
    for (let from = 0; from < keys.length; from++) {
      if (lots[from] === 0) continue
      const slot = this.slotOf(keys[from] as number)
      this.keys[slot] = keys[from] as number
      this.lots[slot] = lots[from] as number
    }
  }
}

function shiftOf(slots: number): number {
  return Math.clz32(slots) + 1
}
