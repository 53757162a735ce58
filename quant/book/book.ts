/** The order book of one symbol, folded from quotes, depth changes and snapshots in whole ticks and lots.
 *
 *  Hot code: no allocation per message. Read as domain/matching's `RecordedBook`.
 *
 *  Order of knowledge
 *  B1  The newer of quote and depth decides the best price: by update id, or by arrival where the venue gives no ids.
 *      A quote older than the depth changes nothing.
 *  B2  A quote removes the levels better than its own, and sets its own.
 *  B3  While the quote is newer, a depth message changes only levels worse than the quote's: the others are stale.
 *  B4  A depth message that is wholly older than the book is ignored.
 *  Completeness
 *  B5  `partial` until a snapshot arrives. Levels that messages did not name are not known.
 *  B6  A gap in the depth sequence empties the book and makes it partial: what it held may be gone.
 *  B7  A snapshot starts the book again and joins the depth messages that were newer than it. One that is older than
 *      the book and cannot be joined (a venue that numbers anew) starts a new run, and what was known before is no
 *      longer newer than anything.
 *  B8  Where neither quote nor snapshot was taken since the start or the gap, the best prices are not known: 0.
 *  Truth
 *  B9  best('bid') < best('ask') wherever both sides have one. Levels that cross are stale where the last depth message
 *      did not name them; where it named both or neither, both go. A quote that crosses itself is ignored. */
import { follows } from './continuity.ts'
import { Ladder } from './ladder.ts'
import type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from './messages.ts'
import { RecentDepth } from './recent-depth.ts'

export type BookSide = 'bid' | 'ask'

const NO_ID = -1
const ANY_PRICE = Number.MAX_SAFE_INTEGER

export class Book {
  readonly bids = new Ladder(1)
  readonly asks = new Ladder(-1)
  /** No snapshot since the start or the last gap (B5). */
  partial = true
  /** Gaps in the depth sequence. */
  gaps = 0
  /** Messages that were older than what was known (B1, B4), and quotes that crossed themselves (B9). */
  ignored = 0
  /** Levels removed because they crossed (B9). */
  crossed = 0
  /** Whether the best prices are known (B8). */
  touchKnown = false
  /** Update id of the depth that is in the book. */
  depthId = NO_ID
  /** Update id of the last quote taken. */
  quoteId = NO_ID
  /** Whether the quote is newer than the depth (B1). */
  quoteNewer = false
  quoteBidTicks = 0
  quoteBidLots = 0
  quoteAskTicks = 0
  quoteAskLots = 0
  readonly recent = new RecentDepth()

  /** Best price in ticks; 0 where the side is empty or not known (B8). */
  best(side: BookSide): number {
    return this.touchKnown ? this.side(side).best() : 0
  }

  /** Lots at the best price; 0 where there is none. */
  bestLots(side: BookSide): number {
    return this.touchKnown ? this.side(side).bestLots() : 0
  }

  /** Lots resting at a price; 0 where there is no such level. */
  lotsAt(side: BookSide, ticks: number): number {
    return this.side(side).lotsAt(ticks)
  }

  /** The next worse price after `ticks` on that side (lower for bids, higher for asks); 0 where there is none. */
  next(side: BookSide, ticks: number): number {
    return this.side(side).next(ticks)
  }

  takeQuote(quote: QuoteMessage): void {
    const { updateId, bidTicks, bidLots, askTicks, askLots } = quote
    const old = updateId !== NO_ID && (updateId < this.depthId || updateId <= this.quoteId) // B1
    if (old || (bidTicks >= askTicks && askTicks > 0)) {
      this.ignored++
      return
    }
    this.quoteId = updateId
    this.quoteBidTicks = bidTicks
    this.quoteBidLots = bidLots
    this.quoteAskTicks = askTicks
    this.quoteAskLots = askLots
    this.imposeQuote()
  }

  takeDepth(depth: DepthMessage): void {
    const { firstUpdateId, lastUpdateId, previousUpdateId } = depth
    if (lastUpdateId !== NO_ID) {
      if (this.depthId !== NO_ID) {
        if (lastUpdateId <= this.depthId) {
          this.ignored++ // B4
          return
        }
        if (!follows(this.depthId, firstUpdateId, previousUpdateId)) this.losePlace(lastUpdateId)
      }
      this.depthId = lastUpdateId
      this.recent.push(depth)
    }
    this.quoteNewer = this.quoteNewer && lastUpdateId !== NO_ID && this.quoteId > lastUpdateId
    if (this.quoteNewer) {
      this.setLevels(depth, this.quoteBidTicks, this.quoteAskTicks === 0 ? ANY_PRICE : this.quoteAskTicks)
    } else {
      this.setLevels(depth, ANY_PRICE, 0)
      this.uncross(depth)
    }
  }

  takeSnapshot(snapshot: SnapshotMessage): void {
    const { lastUpdateId } = snapshot
    this.bids.clear()
    this.asks.clear()
    this.setLevels(snapshot, ANY_PRICE, 0)
    let last: LevelsMessage | null = snapshot
    if (lastUpdateId === NO_ID || lastUpdateId > this.depthId) {
      this.recent.clear()
      this.depthId = lastUpdateId
    } else if (lastUpdateId < this.depthId) {
      last = null
      if (!this.recent.replay(lastUpdateId, this.setBid, this.setAsk)) this.startAgain(lastUpdateId) // B7
    }
    this.partial = false
    this.touchKnown = true
    this.quoteNewer = lastUpdateId !== NO_ID && this.quoteId !== NO_ID && this.quoteId > this.depthId
    if (this.quoteNewer) this.imposeQuote()
    else this.uncross(last)
  }

  private readonly setBid = (ticks: number, lots: number): void => this.bids.set(ticks, lots)
  private readonly setAsk = (ticks: number, lots: number): void => this.asks.set(ticks, lots)

  private side(side: BookSide): Ladder {
    return side === 'bid' ? this.bids : this.asks
  }

  /** The quote is the newest: its levels are the best ones (B2). */
  private imposeQuote(): void {
    this.quoteNewer = true
    this.touchKnown = true
    this.bids.trim(this.quoteBidTicks)
    this.bids.set(this.quoteBidTicks, this.quoteBidLots)
    this.asks.trim(this.quoteAskTicks)
    this.asks.set(this.quoteAskTicks, this.quoteAskLots)
  }

  /** Sets the bids below `bidLimit` and the asks above `askLimit` (B3). */
  private setLevels(levels: LevelsMessage, bidLimit: number, askLimit: number): void {
    const { bidTicks, bidLots, askTicks, askLots } = levels
    const { bids, asks } = this
    for (let i = 0; i < bidTicks.length; i++) {
      const ticks = bidTicks[i] as number
      if (ticks < bidLimit) bids.set(ticks, bidLots[i] as number)
    }
    for (let i = 0; i < askTicks.length; i++) {
      const ticks = askTicks[i] as number
      if (ticks > askLimit) asks.set(ticks, askLots[i] as number)
    }
  }

  /** A gap before the message that ends at `lastUpdateId` (B6); a quote newer than that still stands. */
  private losePlace(lastUpdateId: number): void {
    this.gaps++
    this.partial = true
    this.touchKnown = false
    this.bids.clear()
    this.asks.clear()
    this.recent.clear()
    if (this.quoteNewer && this.quoteId > lastUpdateId) this.imposeQuote()
  }

  private startAgain(lastUpdateId: number): void {
    this.recent.clear()
    this.depthId = lastUpdateId
    this.quoteId = NO_ID
  }

  private uncross(last: LevelsMessage | null): void {
    for (;;) {
      const bid = this.bids.best()
      const ask = this.asks.best()
      if (ask === 0 || bid < ask) return
      this.crossed++
      const bidNamed = last !== null && names(last.bidTicks, last.bidLots, bid)
      const askNamed = last !== null && names(last.askTicks, last.askLots, ask)
      if (askNamed || !bidNamed) this.bids.set(bid, 0)
      if (bidNamed || !askNamed) this.asks.set(ask, 0)
    }
  }
}

function names(ticks: ArrayLike<number>, lots: ArrayLike<number>, price: number): boolean {
  for (let i = 0; i < ticks.length; i++) if (ticks[i] === price && lots[i] !== 0) return true
  return false
}
