/** The book's rules once more, plainly: Maps and lists, no window, no ring. `Book` must agree with it message by message
 *  (B1 to B9 of book.ts); it keeps every depth message of the run, so a test stays below the bounds of `RecentDepth`. */
import { KEPT_LEVELS, MAX_LEVELS } from '../ladder.ts'
import type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from '../messages.ts'

type Levels = Map<number, number>

export class PlainBook {
  bids: Levels = new Map()
  asks: Levels = new Map()
  partial = true
  gaps = 0
  private depthId: number | undefined
  private quote: QuoteMessage | undefined
  private quoteDecides = false
  private touchKnown = false
  private run: DepthMessage[] = []

  best(side: 'bid' | 'ask'): number {
    return this.touchKnown ? (this.top(side) ?? 0) : 0
  }

  private top(side: 'bid' | 'ask'): number | undefined {
    let best: number | undefined
    for (const price of (side === 'bid' ? this.bids : this.asks).keys()) {
      if (best === undefined || (side === 'bid' ? price > best : price < best)) best = price
    }
    return best
  }

  /** Best first. */
  prices(side: 'bid' | 'ask'): number[] {
    return side === 'bid' ? [...this.bids.keys()].sort((a, b) => b - a) : [...this.asks.keys()].sort((a, b) => a - b)
  }

  lotsAt(side: 'bid' | 'ask', ticks: number): number {
    return (side === 'bid' ? this.bids : this.asks).get(ticks) ?? 0
  }

  next(side: 'bid' | 'ask', ticks: number): number {
    return this.prices(side).find(price => (side === 'bid' ? price < ticks : price > ticks)) ?? 0
  }

  takeQuote(quote: QuoteMessage): void {
    const { updateId, bidTicks, askTicks } = quote
    if (askTicks > 0 && bidTicks >= askTicks) return
    if (updateId !== -1 && this.depthId !== undefined && updateId < this.depthId) return
    if (updateId !== -1 && this.quote !== undefined && updateId <= this.quote.updateId) return
    this.quote = quote
    this.impose(quote)
  }

  takeDepth(depth: DepthMessage): void {
    const id = depth.lastUpdateId
    if (id !== -1) {
      if (this.depthId !== undefined && id <= this.depthId) return
      if (this.depthId !== undefined && !joins(this.depthId, depth)) {
        this.gaps++
        this.partial = true
        this.touchKnown = false
        this.bids = new Map()
        this.asks = new Map()
        this.run = []
        if (this.quote && this.quoteDecides && this.quote.updateId > id) this.impose(this.quote)
      }
      this.depthId = id
      this.run.push(depth)
    }
    this.quoteDecides &&= id !== -1 && this.quote !== undefined && this.quote.updateId > id
    const quote = this.quoteDecides ? this.quote : undefined
    const worseBid = (ticks: number) => quote === undefined || ticks < quote.bidTicks
    const worseAsk = (ticks: number) => quote === undefined || (quote.askTicks > 0 && ticks > quote.askTicks)
    setAll(this.bids, depth.bidTicks, depth.bidLots, worseBid, (a, b) => b - a)
    setAll(this.asks, depth.askTicks, depth.askLots, worseAsk, (a, b) => a - b)
    if (quote === undefined) this.uncross(depth)
  }

  takeSnapshot(snapshot: SnapshotMessage): void {
    const id = snapshot.lastUpdateId
    this.bids = new Map()
    this.asks = new Map()
    this.setAll(snapshot)
    let last: LevelsMessage | undefined = snapshot
    if (id === -1 || this.depthId === undefined || id > this.depthId) {
      this.run = []
      this.depthId = id === -1 ? undefined : id
    } else if (id < this.depthId) {
      last = undefined
      const newer = this.run.filter(each => each.lastUpdateId > id)
      if (newer[0] && joins(id, newer[0])) for (const each of newer) this.setAll(each)
      else {
        this.run = []
        this.depthId = id
        this.quote = undefined
      }
    }
    this.partial = false
    this.touchKnown = true
    this.quoteDecides = false
    if (id !== -1 && this.quote && this.depthId !== undefined && this.quote.updateId > this.depthId) {
      this.impose(this.quote)
    } else this.uncross(last)
  }

  private setAll(message: LevelsMessage): void {
    setAll(this.bids, message.bidTicks, message.bidLots, any, (a, b) => b - a)
    setAll(this.asks, message.askTicks, message.askLots, any, (a, b) => a - b)
  }

  private impose(quote: QuoteMessage): void {
    this.quoteDecides = true
    this.touchKnown = true
    for (const price of this.bids.keys()) if (price > quote.bidTicks) this.bids.delete(price)
    for (const price of this.asks.keys()) if (quote.askTicks === 0 || price < quote.askTicks) this.asks.delete(price)
    setAll(this.bids, [quote.bidTicks], [quote.bidLots], any, (a, b) => b - a)
    setAll(this.asks, [quote.askTicks], [quote.askLots], any, (a, b) => a - b)
  }

  private uncross(last: LevelsMessage | undefined): void {
    for (;;) {
      const bid = this.top('bid')
      const ask = this.top('ask')
      if (bid === undefined || ask === undefined || bid < ask) return
      const bidNamed = last !== undefined && named(last.bidTicks, last.bidLots).has(bid)
      const askNamed = last !== undefined && named(last.askTicks, last.askLots).has(ask)
      if (askNamed === bidNamed || askNamed) this.bids.delete(bid)
      if (askNamed === bidNamed || bidNamed) this.asks.delete(ask)
    }
  }
}

const any = () => true

function joins(known: number, depth: DepthMessage): boolean {
  return depth.previousUpdateId >= 0 ? depth.previousUpdateId <= known : depth.firstUpdateId <= known + 1
}

function named(ticks: ArrayLike<number>, lots: ArrayLike<number>): Set<number> {
  return new Set(Array.from(ticks).filter((_, i) => lots[i] !== 0))
}

function setAll(
  levels: Levels,
  ticks: ArrayLike<number>,
  lots: ArrayLike<number>,
  counts: (ticks: number) => boolean,
  bestFirst: (a: number, b: number) => number,
): void {
  for (let i = 0; i < ticks.length; i++) {
    const price = ticks[i] ?? 0
    const size = lots[i] ?? 0
    if (!counts(price) || price <= 0) continue
    if (size === 0) levels.delete(price)
    else levels.set(price, size)
    if (levels.size > MAX_LEVELS) {
      for (const worst of [...levels.keys()].sort(bestFirst).slice(KEPT_LEVELS)) levels.delete(worst)
    }
  }
}
