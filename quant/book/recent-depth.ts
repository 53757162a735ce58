/** The last depth messages, kept so that a snapshot that was answered late still joins them: a venue's answer takes
 *  hundreds of milliseconds, while depth goes on.
 *
 *  Hot code. Levels lie in one ring of typed arrays, messages in another; nothing is allocated per message.
 *  R1  What is kept is an unbroken run: the owner clears it at a gap.
 *  R2  At most MAX_MESSAGES with together MAX_LEVELS levels; the oldest go first. */
import { follows } from './continuity.ts'
import type { DepthMessage } from './messages.ts'

const MAX_MESSAGES = 512
const MAX_LEVELS = 4096
const MESSAGE_MASK = MAX_MESSAGES - 1
const LEVEL_MASK = MAX_LEVELS - 1

/** Plain data: messages from the oldest on, their levels one after the other, bids before asks. */
export interface SavedRecentDepth {
  readonly first: Float64Array
  readonly last: Float64Array
  readonly previous: Float64Array
  readonly bids: Float64Array
  readonly asks: Float64Array
  readonly ticks: Float64Array
  readonly lots: Float64Array
}

export class RecentDepth {
  private readonly first = new Float64Array(MAX_MESSAGES)
  private readonly last = new Float64Array(MAX_MESSAGES)
  private readonly previous = new Float64Array(MAX_MESSAGES)
  private readonly bids = new Float64Array(MAX_MESSAGES)
  private readonly asks = new Float64Array(MAX_MESSAGES)
  private readonly ticks = new Float64Array(MAX_LEVELS)
  private readonly lots = new Float64Array(MAX_LEVELS)
  private start = 0
  private messages = 0
  private levelStart = 0
  private levels = 0

  push(depth: DepthMessage): void {
    const bids = depth.bidTicks.length
    const asks = depth.askTicks.length
    if (bids + asks > MAX_LEVELS) {
      this.clear()
      return
    }
    while (this.messages === MAX_MESSAGES || this.levels + bids + asks > MAX_LEVELS) this.dropOldest()
    const at = (this.start + this.messages++) & MESSAGE_MASK
    this.first[at] = depth.firstUpdateId
    this.last[at] = depth.lastUpdateId
    this.previous[at] = depth.previousUpdateId
    this.bids[at] = bids
    this.asks[at] = asks
    this.append(depth.bidTicks, depth.bidLots)
    this.append(depth.askTicks, depth.askLots)
  }

  clear(): void {
    this.start = this.messages = this.levelStart = this.levels = 0
  }

  /** Hands over each level that changed after the update `known`, in order of arrival. False, and nothing handed over,
   *  where the messages do not follow on `known` or there are none. */
  replay(
    known: number,
    bid: (ticks: number, lots: number) => void,
    ask: (ticks: number, lots: number) => void,
  ): boolean {
    let message = 0
    let level = this.levelStart
    while (message < this.messages && (this.last[this.at(message)] as number) <= known) {
      level += this.sizeOf(message)
      message++
    }
    if (message === this.messages) return false
    const next = this.at(message)
    if (!follows(known, this.first[next] as number, this.previous[next] as number)) return false
    for (; message < this.messages; message++) {
      const at = this.at(message)
      for (let i = this.bids[at] as number; i > 0; i--, level++) {
        bid(this.ticks[level & LEVEL_MASK] as number, this.lots[level & LEVEL_MASK] as number)
      }
      for (let i = this.asks[at] as number; i > 0; i--, level++) {
        ask(this.ticks[level & LEVEL_MASK] as number, this.lots[level & LEVEL_MASK] as number)
      }
    }
    return true
  }

  save(): SavedRecentDepth {
    const { start, messages, levelStart, levels } = this
    return {
      first: unroll(this.first, start, messages),
      last: unroll(this.last, start, messages),
      previous: unroll(this.previous, start, messages),
      bids: unroll(this.bids, start, messages),
      asks: unroll(this.asks, start, messages),
      ticks: unroll(this.ticks, levelStart, levels),
      lots: unroll(this.lots, levelStart, levels),
    }
  }

  load(saved: SavedRecentDepth): void {
    this.clear()
    this.first.set(saved.first)
    this.last.set(saved.last)
    this.previous.set(saved.previous)
    this.bids.set(saved.bids)
    this.asks.set(saved.asks)
    this.ticks.set(saved.ticks)
    this.lots.set(saved.lots)
    this.messages = saved.first.length
    this.levels = saved.ticks.length
  }

  private append(ticks: ArrayLike<number>, lots: ArrayLike<number>): void {
    let to = this.levelStart + this.levels
    for (let i = 0; i < ticks.length; i++, to++) {
      this.ticks[to & LEVEL_MASK] = ticks[i] as number
      this.lots[to & LEVEL_MASK] = lots[i] as number
    }
    this.levels += ticks.length
  }

  private dropOldest(): void {
    const size = this.sizeOf(0)
    this.levelStart = (this.levelStart + size) & LEVEL_MASK
    this.levels -= size
    this.start = (this.start + 1) & MESSAGE_MASK
    this.messages--
  }

  private at(message: number): number {
    return (this.start + message) & MESSAGE_MASK
  }

  private sizeOf(message: number): number {
    const at = this.at(message)
    return (this.bids[at] as number) + (this.asks[at] as number)
  }
}

function unroll(ring: Float64Array, start: number, count: number): Float64Array {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) out[i] = ring[(start + i) % ring.length] as number
  return out
}
