/** The market of a simulation: two symbols that run in bursts, so that momentum finds its signals, and mean reversion
 *  the ends of them. */
import type { SeededRandom } from '@tideway/domain'
import type { FeedEvent } from '@tideway/streams'

export class Market {
  readonly #chance: SeededRandom
  readonly #symbols: readonly string[]
  readonly #mids = [3_000_000, 200_000]
  readonly #drifts = [0, 0]
  readonly #snapshotted = [false, false]
  #updates = 1

  constructor(chance: SeededRandom, symbols: readonly string[]) {
    this.#chance = chance
    this.#symbols = symbols
  }

  /** Where a symbol trades now, in ticks. */
  midTicks(symbol: string): number {
    return this.#mids[this.#symbols.indexOf(symbol)] ?? 0
  }

  next(time: number): FeedEvent {
    const chance = this.#chance
    const at = chance.below(2)
    const mid = this.#move(at)
    const bidTicks = mid - 1 - chance.below(3)
    const askTicks = mid + 1 + chance.below(3)
    const common = {
      topic: 'ticks',
      key: this.#symbols[at] ?? '',
      source: `feed-${at}`,
      eventTime: time - chance.below(2_000),
      receiveTime: time,
    } as const
    const lots = () => 1 + chance.below(500_000)
    const updateId = ++this.#updates
    if (!this.#snapshotted[at]) {
      this.#snapshotted[at] = true
      const levels = [0, 1, 2, 3, 4]
      const data = {
        lastUpdateId: updateId,
        bidTicks: levels.map(i => bidTicks - i),
        bidLots: levels.map(lots),
        askTicks: levels.map(i => askTicks + i),
        askLots: levels.map(lots),
      }
      return { ...common, type: 'BookSnapshotted', data } as FeedEvent
    }
    if (chance.below(3) === 0) {
      const aggressor = chance.below(2) === 0 ? 'buy' : 'sell'
      const data = {
        tradeId: updateId,
        priceTicks: aggressor === 'buy' ? askTicks : bidTicks,
        sizeLots: lots(),
        aggressor,
      }
      return { ...common, type: 'TradePrinted', data } as FeedEvent
    }
    return {
      ...common,
      type: 'QuoteChanged',
      data: { updateId, bidTicks, bidLots: lots(), askTicks, askLots: lots() },
    } as FeedEvent
  }

  #move(at: number): number {
    const chance = this.#chance
    if (chance.below(25) === 0) this.#drifts[at] = (chance.below(3) - 1) * (10 + chance.below(200))
    const mid = (this.#mids[at] ?? 0) + (this.#drifts[at] ?? 0) + chance.below(21) - 10
    this.#mids[at] = mid
    return mid
  }
}
