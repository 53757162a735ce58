/** Builders of events and instruments for tests: each gives a whole, valid one, with identity, stamp and times; a test
 *  names only what it is about. `aTrade({ priceTicks: 100 }, { time: START + 5 })` */
import {
  type DataOf,
  Decimal,
  type EventOf,
  type EventsOf,
  type EventTopic,
  type Identity,
  type InstrumentListed,
  rootOfInput,
  topics,
} from '@tideway/schemas'
import { type Instrument, instrumentOf } from '../instrument/instrument.ts'

/** 2024-08-09 00:00:00 UTC. */
export const START = 1_723_161_600_000_000
export const BTC = 'binance:BTC/USDT'
export const PORTFOLIO = 'alpha'

/** Where an event stands. */
export interface Place {
  readonly key?: string
  readonly source?: string
  readonly seq?: number
  /** Receive time of its root, UTC microseconds. */
  readonly time?: number
  readonly eventTime?: number
  readonly causes?: readonly Identity[]
}

export function amount(text: string | number): Decimal {
  return new Decimal(text)
}

type Data<T extends EventTopic, K extends EventsOf[T]> = `${T}/${K}` extends keyof DataOf ? DataOf[`${T}/${K}`] : never

/** An event of any kind. Of an input topic it is its own root; of a derived one its root is a tick of that time. */
export function anEvent<T extends EventTopic, K extends EventsOf[T]>(
  topic: T,
  type: K,
  data: Data<T, K>,
  place: Place & { readonly key: string },
): EventOf<T, K> {
  const { key, source = 'test', seq = 0, time = START, eventTime = time, causes = [] } = place
  const isInput = topics[topic].kind === 'input'
  const root = isInput ? rootOfInput(topic, time, key, source, seq) : rootOfInput('ticks', time, BTC, 'test', seq)
  const stamp = { root, rank: isInput ? 0 : 1, key, count: 0 }
  return { topic, type, key, source, seq, eventTime, ingestTime: time, stamp, causes, replayOf: null, data }
}

function builder<T extends EventTopic, K extends EventsOf[T]>(topic: T, type: K, key: string, usual: Data<T, K>) {
  return (data: Partial<Data<T, K>> = {}, place: Place = {}): EventOf<T, K> =>
    anEvent(topic, type, { ...usual, ...data }, { key, ...place })
}

const listing: InstrumentListed = {
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  settle: 'USDT',
  kind: 'spot',
  tickSize: amount('0.01'),
  lotSize: amount('0.00001'),
  quantityStep: amount('0.00001'),
  minQuantity: amount('0.00001'),
  maxQuantity: amount(9000),
  minNotional: amount(5),
  makerFee: amount('0.001'),
  takerFee: amount('0.001'),
}

/** BTC/USDT on Binance spot, but for what is said. */
export function anInstrument(changes: Partial<InstrumentListed> = {}): Instrument {
  return instrumentOf({ ...listing, ...changes })
}

const order: Identity = { topic: 'orders', key: PORTFOLIO, source: 'execution', seq: 0 }
const asked = {
  symbol: BTC,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  quantity: amount('0.1'),
  limitPrice: amount(60_000),
} as const
const limits = {
  maxPositionNotional: amount(50_000),
  maxOrderNotional: amount(10_000),
  priceCollar: amount('0.02'),
  maxDailyLoss: amount(1_000),
  maxOpenOrders: 10,
}
const fill = {
  order,
  tradeId: '1',
  price: amount(60_000),
  quantity: amount('0.1'),
  fee: amount(6),
  feeAsset: 'USDT',
  liquidity: 'taker',
} as const

// Input
export const aListing = builder('config', 'InstrumentListed', BTC, listing)
export const aPortfolio = builder('config', 'PortfolioOpened', PORTFOLIO, {
  account: 'paper',
  currency: 'USDT',
  cash: amount(100_000),
  latencyMicros: 1_000,
  strategies: [{ name: 'momentum', symbols: [BTC], parameters: {} }],
})
export const someLimits = builder('config', 'LimitsSet', PORTFOLIO, limits)
export const aHalt = builder('commands', 'HaltTrading', PORTFOLIO, { reason: 'by hand' })
export const aResumption = builder('commands', 'ResumeTrading', PORTFOLIO, { reason: 'by hand' })
export const newLimits = builder('commands', 'SetLimits', PORTFOLIO, {
  maxPositionNotional: null,
  maxOrderNotional: null,
  priceCollar: null,
  maxDailyLoss: null,
  maxOpenOrders: null,
})
export const aManualOrder = builder('commands', 'SubmitOrder', PORTFOLIO, asked)
export const aManualCancel = builder('commands', 'CancelOrder', PORTFOLIO, { orderSource: 'execution', orderSeq: 0 })
export const aClockTick = builder('clock', 'TimePassed', 'time', { periodMicros: 100_000 })
export const aTrade = builder('ticks', 'TradePrinted', BTC, {
  tradeId: 1,
  priceTicks: 6_000_000,
  sizeLots: 1_000,
  aggressor: 'buy',
})
export const aQuote = builder('ticks', 'QuoteChanged', BTC, {
  updateId: 1,
  bidTicks: 5_999_999,
  bidLots: 100_000,
  askTicks: 6_000_001,
  askLots: 100_000,
})

// Of the market
export const aBook = builder('books', 'BookConflated', BTC, {
  bidTicks: 5_999_999,
  bidLots: 100_000,
  askTicks: 6_000_001,
  askLots: 100_000,
  highBidTicks: 5_999_999,
  lowAskTicks: 6_000_001,
  highTradeTicks: 0,
  lowTradeTicks: 0,
  updates: 1,
  partial: false,
})
export const aCandle = builder('candles', 'CandleClosed', BTC, {
  intervalMicros: 60_000_000,
  openTime: START,
  openTicks: 6_000_000,
  highTicks: 6_000_100,
  lowTicks: 5_999_900,
  closeTicks: 6_000_050,
  volumeLots: 1_000,
  buyLots: 600,
  turnover: amount(6_000_000_000),
  trades: 10,
  lateTrades: 0,
})
export const someFeatures = builder('features', 'FeaturesComputed', BTC, { values: [] })

// Of the trading loop
export const aSignal = builder('signals', 'SignalRaised', PORTFOLIO, {
  strategy: 'momentum',
  symbol: BTC,
  side: 'buy',
  orderType: 'market',
  quantity: amount('0.1'),
  limitPrice: null,
  strength: 1,
  taken: true,
  reason: 'test',
})
export const anIntent = builder('orders', 'OrderIntended', PORTFOLIO, { origin: 'momentum', ...asked })
export const anApproval = builder('orders', 'OrderApproved', PORTFOLIO, { order, referencePrice: amount(60_000) })
export const aDenial = builder('orders', 'OrderDenied', PORTFOLIO, {
  order,
  rule: 'orderNotional',
  value: '6000',
  limit: '5000',
  wouldPass: amount('0.08'),
})
export const aSubmission = builder('orders', 'OrderSubmitted', PORTFOLIO, { order, ...asked })
export const aCancelRequest = builder('orders', 'CancelRequested', PORTFOLIO, { order, reason: 'test' })
export const aStateChange = builder('executions', 'OrderStateChanged', PORTFOLIO, {
  order,
  symbol: BTC,
  from: 'submitted',
  to: 'accepted',
  filledQuantity: amount(0),
  reason: '',
})
export const aFill = builder('executions', 'FillRecorded', PORTFOLIO, { ...fill, symbol: BTC, side: 'buy' })
export const aPosition = builder('positions', 'PositionChanged', PORTFOLIO, {
  symbol: BTC,
  quantity: amount('0.1'),
  averagePrice: amount(60_000),
  realised: amount(0),
  fees: amount(6),
  cash: amount(93_994),
})
export const anEquityMark = builder('positions', 'EquityMarked', PORTFOLIO, {
  cash: amount(100_000),
  equity: amount(100_000),
  realised: amount(0),
  unrealised: amount(0),
  fees: amount(0),
})

// Reports of venue-sim
export const anAcceptance = builder('reports.paper', 'OrderAccepted', PORTFOLIO, { order, venueOrderId: 'v1' })
export const aPartialFill = builder('reports.paper', 'OrderPartiallyFilled', PORTFOLIO, {
  ...fill,
  venueOrderId: 'v1',
  quantity: amount('0.04'),
  fee: amount('2.4'),
  leaves: amount('0.06'),
})
export const aFinalFill = builder('reports.paper', 'OrderFilled', PORTFOLIO, { ...fill, venueOrderId: 'v1' })
export const aCancellation = builder('reports.paper', 'OrderCancelled', PORTFOLIO, { order, reason: 'asked' })
export const anExpiry = builder('reports.paper', 'OrderExpired', PORTFOLIO, { order, reason: 'ioc' })
export const aRejection = builder('reports.paper', 'OrderRejected', PORTFOLIO, { order, reason: 'no funds' })
export const aCancelRejection = builder('reports.paper', 'CancelRejected', PORTFOLIO, { order, reason: 'unknown' })
export const aTimeout = builder('reports.paper', 'AnswerTimedOut', PORTFOLIO, { order, asked: 'submit' })
