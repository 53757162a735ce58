/** The edge of a machine of its own: everything that comes from outside gets its stamp here, in one feed.
 *
 *  In     the simulated market's messages, commands of people, the clock
 *  Out    config (once, when the log is new), ticks, commands, clock, and the watermark of all input topics
 *
 *  E1  After a restart the market goes on from its committed state; the time that nobody lived is skipped, not made up.
 *  E2  A command is in the log before its sender is told that it was taken; one that its sender was told has failed is
 *      not in it later.
 *  E3  One thing at a time: a command that comes while a batch is being committed waits for it. */
import {
  binanceDecoder,
  type Decode,
  type SavedMarket,
  SIMULATED_VENUE,
  type SimulatedMarket,
  simulatedInstruments,
  simulatedMarket,
  sourceOf,
} from '@tideway/connectors'
import type { Clock } from '@tideway/resilience'
import { type Event, type Identity, identityOf } from '@tideway/schemas'
import { Feed, type FeedEvent, type Log } from '@tideway/streams'
import { openingOf } from '../replay/opening.ts'

export const CLOCK_MICROS = 100_000
/** A longer silence of the clock is a pause, and is skipped. */
const PAUSE_MICROS = 5_000_000

interface EdgePosition {
  readonly lastClock: number
  readonly market: SavedMarket
}

export interface EdgeOptions {
  readonly log: Log
  readonly clock: Clock
  readonly seed: number
}

/** What comes with an event that this machine appends; its event time is now where absent. */
export interface Appended extends Pick<Event, 'topic' | 'type' | 'key' | 'source' | 'data'> {
  readonly replayOf?: Identity | null
  readonly eventTime?: number
}

export class Edge {
  readonly #options: EdgeOptions
  readonly #feed: Feed<EdgePosition>
  /** By venue symbol: a snapshot does not name its own. */
  readonly #decoders: ReadonlyMap<string, Decode>
  #market: SimulatedMarket
  #lastClock: number
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: EdgeOptions, feed: Feed<EdgePosition>, now: number) {
    this.#options = options
    this.#feed = feed
    const instruments = simulatedInstruments()
    this.#decoders = new Map(
      instruments.map(({ venueSymbol }) => [
        venueSymbol,
        binanceDecoder({ venue: SIMULATED_VENUE, instruments, symbol: venueSymbol }),
      ]),
    )
    this.#market = this.#openMarket(now)
    this.#lastClock = this.#openClock(now)
  }

  static async open(options: EdgeOptions): Promise<Edge> {
    const feed = await Feed.open<EdgePosition>('edge', options.log, ['config', 'commands', 'clock', 'reports', 'ticks'])
    const isNew = feed.position === undefined
    const now = options.clock.now()
    const edge = new Edge(options, feed, now)
    if (isNew) await edge.#open(now)
    return edge
  }

  /** `time` is that of the market's first message: config comes before the market of its microsecond. */
  async #open(time: number): Promise<void> {
    const common = { topic: 'config', source: 'setup', eventTime: time, receiveTime: time } as const
    const { instruments, portfolios } = openingOf(simulatedInstruments())
    for (const data of instruments)
      this.#feed.append({ ...common, type: 'InstrumentListed', key: `${data.venue}:${data.symbol}`, data })
    for (const { name, opened, limits } of portfolios) {
      this.#feed.append({ ...common, type: 'PortfolioOpened', key: name, data: opened })
      this.#feed.append({ ...common, type: 'LimitsSet', key: name, data: limits })
    }
    await this.#commit()
  }

  #openMarket(now: number): SimulatedMarket {
    return simulatedMarket({ seed: this.#options.seed, startMicros: now }, this.#feed.position?.market)
  }

  #openClock(now: number): number {
    return this.#feed.position?.lastClock ?? Math.floor(now / CLOCK_MICROS) * CLOCK_MICROS
  }

  /** Takes in what has come by now, and promises that nothing earlier follows. Gives the number of messages. */
  advance(): Promise<number> {
    return this.#inTurn(() => this.#advance())
  }

  async #advance(): Promise<number> {
    const now = this.#options.clock.now()
    if (now - this.#lastClock > PAUSE_MICROS)
      this.#lastClock = Math.floor(now / CLOCK_MICROS) * CLOCK_MICROS - CLOCK_MICROS
    let messages = 0
    for (const { time, raw, venueSymbol } of this.#market.until(now)) {
      this.#passTime(time)
      const tick = this.#decoders.get(venueSymbol)?.(raw, time)
      if (!tick) throw new Error(`the simulated market has no instrument ${venueSymbol}`)
      this.#feed.append({
        topic: 'ticks',
        source: sourceOf(SIMULATED_VENUE, tick.key.slice(SIMULATED_VENUE.length + 1)),
        receiveTime: time,
        ...tick,
      })
      messages++
    }
    this.#passTime(now)
    this.#feed.promise(now)
    await this.#commit()
    return messages
  }

  #passTime(until: number): void {
    while (this.#lastClock + CLOCK_MICROS <= until) {
      this.#lastClock += CLOCK_MICROS
      const time = this.#lastClock
      const data = { periodMicros: CLOCK_MICROS }
      this.#feed.append({
        topic: 'clock',
        type: 'TimePassed',
        key: 'clock',
        source: 'clock',
        eventTime: time,
        receiveTime: time,
        data,
      })
    }
  }

  /** A command or another event from this machine, stamped now and committed (E2). */
  append(given: Appended): Promise<Identity> {
    return this.#inTurn(async () => {
      const now = this.#options.clock.now()
      const event: Event = this.#feed.append({ eventTime: now, ...given, receiveTime: now } as FeedEvent)
      try {
        await this.#commit()
      } catch (error) {
        await this.#recover()
        throw error
      }
      return identityOf(event)
    })
  }

  /** E3 */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {}) // whoever asked for it has the error
    return turn
  }

  async #commit(): Promise<void> {
    await this.#feed.commit({ lastClock: this.#lastClock, market: this.#market.save() })
  }

  /** After a failed commit: what was not committed comes again. */
  recover(): Promise<void> {
    return this.#inTurn(() => this.#recover())
  }

  async #recover(): Promise<void> {
    await this.#feed.recover()
    const now = this.#options.clock.now()
    this.#market = this.#openMarket(now)
    this.#lastClock = this.#openClock(now)
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#feed.close())
  }
}
