/** One side of a book: price levels in whole ticks with their size in whole lots, the best first.
 *
 *  Hot code. Levels near the best price lie in a window: an array indexed by price, with one bit a level, so that
 *  setting a level is a store and the next level is a bit scan. The rest lies in a hash table. A sorted array would
 *  have to move some hundred levels for every new one: measured on real depth streams that is four times slower.
 *
 *  Inside, a price is a key that grows towards the better price: bids by +ticks, asks by -ticks.
 *  L1  The window holds exactly the levels with low <= key < low + WINDOW; all others have keys below low.
 *  L2  Where there is a level at all, the best one is in the window: `best` costs nothing.
 *  L3  A quarter of the window at least lies below the best level when levels are far: walking down seldom scans.
 *  L4  At most MAX_LEVELS levels: the insertion that would exceed them drops the worst quarter. Which levels a ladder
 *      holds depends only on what was set, never on where the window lies.
 *  L5  Prices of 0 or less are no prices and are passed over. */
import { FarLevels } from './far-levels.ts'

/** Ticks in the window: 64 KB a side; a power of two. */
const WINDOW = 8192
const MASK = WINDOW - 1
/** Where a moved window puts the price that it was moved for: three quarters up. */
const HEADROOM = WINDOW / 4

export const MAX_LEVELS = 16_384
export const KEPT_LEVELS = (MAX_LEVELS / 4) * 3

export class Ladder {
  private readonly sign: 1 | -1
  private readonly lots = new Float64Array(WINDOW)
  private readonly bits = new Int32Array(WINDOW / 32)
  private readonly far = new FarLevels()
  private low = 0
  private top = 0
  private near = 0

  constructor(sign: 1 | -1) {
    this.sign = sign
  }

  get levels(): number {
    return this.near + this.far.count
  }

  /** The best price; 0 on an empty side. */
  best(): number {
    return this.near === 0 ? 0 : this.sign * this.top
  }

  /** Lots at the best price; 0 on an empty side. */
  bestLots(): number {
    return this.near === 0 ? 0 : (this.lots[this.top & MASK] as number)
  }

  lotsAt(ticks: number): number {
    if (!(ticks > 0)) return 0
    const key = this.sign * ticks
    const above = key - this.low
    if (above < 0) return this.far.get(key)
    return above < WINDOW ? (this.lots[key & MASK] as number) : 0
  }

  /** The next worse price after `ticks`, which need not be a level; 0 where there is none. */
  next(ticks: number): number {
    const key = this.below(this.sign * ticks)
    return key === 0 ? 0 : this.sign * key
  }

  /** Lots of the best `count` levels together. */
  lotsOfBest(count: number): number {
    if (this.near === 0) return 0
    let sum = this.lots[this.top & MASK] as number
    let key = this.top
    for (let level = 1; level < count; level++) {
      key = this.below(key)
      if (key === 0) break
      sum += key >= this.low ? (this.lots[key & MASK] as number) : this.far.get(key)
    }
    return sum
  }

  /** Sets the size at a price; 0 removes the level. */
  set(ticks: number, lots: number): void {
    if (!(ticks > 0)) return // L5
    const key = this.sign * ticks
    const above = key - this.low
    if (above < 0) {
      if (this.far.set(key, lots) > 0) {
        if (this.near === 0) this.moveTo(this.far.greatestBelow(Number.POSITIVE_INFINITY)) // L2
        if (this.near + this.far.count > MAX_LEVELS) this.shed()
      }
      return
    }
    if (above >= WINDOW) {
      if (lots === 0) return
      this.moveTo(key)
    }
    const slot = key & MASK
    const before = this.lots[slot] as number
    this.lots[slot] = lots
    if (before === 0) {
      if (lots === 0) return
      const word = slot >>> 5
      this.bits[word] = (this.bits[word] as number) | (1 << (slot & 31))
      if (this.near === 0 || key > this.top) this.top = key
      this.near++
      if (this.near + this.far.count > MAX_LEVELS) this.shed()
    } else if (lots === 0) {
      this.unmark(slot)
      if (key === this.top) this.lowerTop()
    }
  }

  /** Removes every level better than `ticks`; 0 empties the side. */
  trim(ticks: number): void {
    if (ticks === 0) {
      this.clear()
      return
    }
    const key = this.sign * ticks
    while (this.near > 0 && this.top > key) {
      const slot = this.top & MASK
      this.lots[slot] = 0
      this.unmark(slot)
      this.lowerTop()
    }
  }

  clear(): void {
    this.lots.fill(0)
    this.bits.fill(0)
    this.far.clear()
    this.near = 0
    this.top = 0
  }

  /** All prices from the best to the worst. */
  prices(): Float64Array {
    const keys = this.sortedKeys()
    const count = keys.length
    const ticks = new Float64Array(count)
    for (let i = 0; i < count; i++) ticks[i] = this.sign * (keys[count - 1 - i] as number)
    return ticks
  }

  /** The greatest key of a level below `limit`; 0 where there is none. */
  private below(limit: number): number {
    const key = this.nearBelow(limit)
    return key !== 0 || this.far.count === 0 ? key : this.far.greatestBelow(limit)
  }

  /** The greatest key in the window below `limit`; 0 where there is none. */
  private nearBelow(limit: number): number {
    if (this.near === 0) return 0
    if (limit > this.top) return this.top
    let key = limit - 1
    while (key >= this.low) {
      const slot = key & MASK
      const bit = slot & 31
      const word = (this.bits[slot >>> 5] as number) & (-1 >>> (31 - bit))
      if (word !== 0) {
        const found = key - bit + 31 - Math.clz32(word)
        // The word that `low` falls into also holds the window's highest prices: those lie under it there.
        return found >= this.low ? found : 0
      }
      key -= bit + 1
    }
    return 0
  }

  private unmark(slot: number): void {
    const word = slot >>> 5
    this.bits[word] = (this.bits[word] as number) & ~(1 << (slot & 31))
    this.near--
  }

  /** The best level has gone: finds the next, and moves the window where it has come near the lower end (L2, L3). */
  private lowerTop(): void {
    if (this.near > 0) {
      this.top = this.below(this.top)
      if (this.top - this.low < HEADROOM && this.far.count > 0) this.moveTo(this.top)
      return
    }
    this.top = 0
    if (this.far.count > 0) this.moveTo(this.far.greatestBelow(Number.POSITIVE_INFINITY))
  }

  /** Moves the window so that `key` lies three quarters up, and sorts the levels into window and far again (L1). */
  private moveTo(key: number): void {
    const low = key - 3 * HEADROOM
    if (low < this.low) {
      this.low = low
      if (this.far.count > 0) this.far.takeFrom(low, this.admit)
      return
    }
    for (let under = this.nearBelow(low); under !== 0; under = this.nearBelow(under)) {
      const slot = under & MASK
      this.far.set(under, this.lots[slot] as number)
      this.lots[slot] = 0
      this.unmark(slot)
    }
    this.low = low
  }

  private readonly admit = (key: number, lots: number): void => {
    const slot = key & MASK
    const word = slot >>> 5
    this.lots[slot] = lots
    this.bits[word] = (this.bits[word] as number) | (1 << (slot & 31))
    if (this.near === 0 || key > this.top) this.top = key
    this.near++
  }

  /** Drops the worst levels (L4). */
  private shed(): void {
    const keys = this.sortedKeys()
    for (let i = 0; i < keys.length - KEPT_LEVELS; i++) this.set(this.sign * (keys[i] as number), 0)
  }

  /** From the worst to the best. */
  private sortedKeys(): Float64Array {
    const keys = new Float64Array(this.levels)
    let at = this.far.copyKeys(keys, 0)
    if (this.near > 0) for (let key = this.top; key !== 0; key = this.nearBelow(key)) keys[at++] = key
    return keys.sort()
  }
}
