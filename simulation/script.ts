/** What the world outside does during a simulation: instruments and portfolios, a market of two symbols, people's
 *  commands, the passing of time. A function of the seed alone, so that a disturbed run and its double have one input. */
import type { SeededRandom } from '@tideway/domain'
import { Decimal, type InstrumentListed, type LimitsSet, type PortfolioOpened } from '@tideway/schemas'
import type { FeedEvent } from '@tideway/streams'

export const START = 1_700_000_000_000_000
const CLOCK_MICROS = 100_000

export interface Script {
  readonly events: readonly FeedEvent[]
  /** Portfolios whose orders go to the venue outside. */
  readonly outside: ReadonlySet<string>
}

export const instruments = [instrument('BTC', '0.01', '0.00001'), instrument('ETH', '0.01', '0.0001')]
export const symbols = instruments.map(({ venue, symbol }) => `${venue}:${symbol}`)
const paperPortfolios = ['alder', 'birch', 'hazel', 'oak']
const venuePortfolios = ['rowan', 'yew']

/** `steps` market messages; `live` adds portfolios of the venue outside and commands at any moment. */
export function scriptOf(chance: SeededRandom, steps: number, live: boolean): Script {
  const events: FeedEvent[] = []
  for (const data of instruments) events.push(config(`${data.venue}:${data.symbol}`, 'InstrumentListed', data))
  const opened = live ? [...paperPortfolios, ...venuePortfolios] : paperPortfolios
  for (const [at, name] of opened.entries()) {
    const account = venuePortfolios.includes(name) ? 'venue' : 'paper'
    events.push(config(name, 'PortfolioOpened', portfolio(account, at)))
    events.push(config(name, 'LimitsSet', limits))
  }
  const market = new Market(chance)
  let time = START
  let clock = START
  for (let step = 0; step < steps; step++) {
    // Many messages share one microsecond: ties are where an order that is not total shows.
    if (chance.below(3) > 0) time += chance.below(60_000)
    for (; clock + CLOCK_MICROS <= time; clock += CLOCK_MICROS) events.push(timePassed(clock + CLOCK_MICROS))
    events.push(market.next(time))
    if (chance.below(12) === 0) events.push(command(chance, time, opened))
  }
  for (const end = time + 5_000_000; clock + CLOCK_MICROS <= end; clock += CLOCK_MICROS)
    events.push(timePassed(clock + CLOCK_MICROS))
  return { events, outside: new Set(live ? venuePortfolios : []) }
}

function instrument(base: string, tickSize: string, lotSize: string): InstrumentListed {
  const none = new Decimal(0)
  return {
    venue: 'simulated',
    symbol: `${base}/USDT`,
    venueSymbol: `${base}USDT`,
    base,
    quote: 'USDT',
    settle: 'USDT',
    kind: 'spot',
    tickSize: new Decimal(tickSize),
    lotSize: new Decimal(lotSize),
    quantityStep: new Decimal(lotSize),
    minQuantity: new Decimal(lotSize),
    maxQuantity: new Decimal(1_000_000),
    minNotional: none,
    makerFee: new Decimal('0.001'),
    takerFee: new Decimal('0.001'),
  }
}

const limits: LimitsSet = {
  maxPositionNotional: new Decimal(50_000),
  maxOrderNotional: new Decimal(10_000),
  priceCollar: new Decimal('0.05'),
  maxDailyLoss: new Decimal(5_000),
  maxOpenOrders: 10,
}

function portfolio(account: PortfolioOpened['account'], at: number): PortfolioOpened {
  const strategies = [
    {
      name: at % 2 === 0 ? 'momentum' : 'mean-reversion',
      symbols: at % 3 === 0 ? symbols.slice(0, 1) : symbols,
      parameters: {},
    },
  ]
  return { account, currency: 'USDT', cash: new Decimal(100_000), latencyMicros: at * 700, strategies }
}

type ConfigEvent = FeedEvent<'config', 'InstrumentListed' | 'PortfolioOpened' | 'LimitsSet'>

function config(
  key: string,
  type: ConfigEvent['type'],
  data: InstrumentListed | PortfolioOpened | LimitsSet,
): FeedEvent {
  const time = START - 1_000_000
  return { topic: 'config', type, key, source: 'setup', eventTime: time, receiveTime: time, data } as FeedEvent
}

function timePassed(time: number): FeedEvent {
  const event: FeedEvent<'clock', 'TimePassed'> = {
    topic: 'clock',
    type: 'TimePassed',
    key: 'clock',
    source: 'clock',
    eventTime: time,
    receiveTime: time,
    data: { periodMicros: CLOCK_MICROS },
  }
  return event as FeedEvent
}

/** Two symbols that run in bursts: momentum finds its signals, and mean reversion the ends of them. */
class Market {
  readonly #chance: SeededRandom
  readonly #mids = [3_000_000, 200_000]
  readonly #drifts = [0, 0]
  readonly #snapshotted = [false, false]
  #updates = 1

  constructor(chance: SeededRandom) {
    this.#chance = chance
  }

  next(time: number): FeedEvent {
    const chance = this.#chance
    const at = chance.below(2)
    const mid = this.#move(at)
    const bidTicks = mid - 1 - chance.below(3)
    const askTicks = mid + 1 + chance.below(3)
    const common = {
      topic: 'ticks',
      key: symbols[at] ?? '',
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

function command(chance: SeededRandom, time: number, portfolios: readonly string[]): FeedEvent {
  const key = portfolios[chance.below(portfolios.length)] ?? ''
  const common = { topic: 'commands', source: 'operator', eventTime: time, receiveTime: time } as const
  switch (chance.below(8)) {
    case 0:
      return {
        ...common,
        key: chance.below(4) === 0 ? '*' : key,
        type: 'HaltTrading',
        data: { reason: 'drill' },
      } as FeedEvent
    case 1:
    case 2:
      return {
        ...common,
        key: chance.below(2) === 0 ? '*' : key,
        type: 'ResumeTrading',
        data: { reason: 'drill is over' },
      } as FeedEvent
    default: {
      const symbol = symbols[chance.below(2)] ?? ''
      const market = chance.below(2) === 0
      const quantity = new Decimal(1 + chance.below(50)).div(1_000)
      const price = symbol.includes('BTC')
        ? new Decimal(30_000 + chance.below(200) - 100)
        : new Decimal(2_000 + chance.below(20) - 10)
      const terms = market
        ? { orderType: 'market', limitPrice: null, timeInForce: 'ioc' }
        : { orderType: 'limit', limitPrice: price, timeInForce: 'gtc' }
      return {
        ...common,
        key,
        type: 'SubmitOrder',
        data: { symbol, side: chance.below(3) === 0 ? 'sell' : 'buy', quantity, ...terms },
      } as FeedEvent
    }
  }
}
