/** What the world outside does during a simulation: instruments and portfolios, a market of two symbols, people's
 *  commands, the passing of time. A function of the seed alone, so that a disturbed run and its double have one input. */
import type { SeededRandom } from '@tideway/domain'
import { Decimal, type InstrumentListed, type LimitsSet, type PortfolioOpened } from '@tideway/schemas'
import type { FeedEvent } from '@tideway/streams'
import { Market } from './market.ts'
import { People } from './people.ts'

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

/** `steps` market messages; `live` adds portfolios of the venue outside and has people command more often. */
export function scriptOf(chance: SeededRandom, steps: number, live: boolean): Script {
  const events: FeedEvent[] = []
  for (const data of instruments) events.push(config(`${data.venue}:${data.symbol}`, 'InstrumentListed', data))
  const opened = live ? [...paperPortfolios, ...venuePortfolios] : paperPortfolios
  for (const [at, name] of opened.entries()) {
    const account = venuePortfolios.includes(name) ? 'venue' : 'paper'
    events.push(config(name, 'PortfolioOpened', portfolio(account, at)))
    events.push(config(name, 'LimitsSet', limits))
  }
  const market = new Market(chance, symbols)
  const people = new People(
    chance,
    opened.map((name, at) => ({ name, symbols: tradedBy(at), isOutside: venuePortfolios.includes(name) })),
    instruments,
    market,
  )
  let time = START
  let clock = START
  for (let step = 0; step < steps; step++) {
    // Many messages share one microsecond: ties are where an order that is not total shows.
    if (chance.below(3) > 0) time += chance.below(60_000)
    for (; clock + CLOCK_MICROS <= time; clock += CLOCK_MICROS) events.push(timePassed(clock + CLOCK_MICROS))
    events.push(market.next(time))
    if (chance.below(live ? 5 : 12) === 0) events.push(people.next(time))
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
      symbols: tradedBy(at),
      parameters: {},
    },
  ]
  return { account, currency: 'USDT', cash: new Decimal(100_000), latencyMicros: at * 700, strategies }
}

function tradedBy(at: number): readonly string[] {
  return at % 3 === 0 ? symbols.slice(0, 1) : symbols
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
