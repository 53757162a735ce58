/** Generated from schemas/avro by `npm run generate`. Do not edit. */
import type { Decimal } from '../decimal.ts'

/** Names one event on any log. */
export interface Identity {
  readonly topic: string
  readonly key: string
  readonly source: string
  readonly seq: number
}

/** Stamp of the input event or timer that all this follows from. */
export interface Root {
  readonly time: number
  readonly rank: number
  readonly key: string
  readonly source: string
  readonly seq: number
}

/** Top of book with the extremes of the interval. */
export interface BookConflated {
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
  /** Highest best bid of the interval */
  readonly highBidTicks: number
  /** Lowest best ask of the interval */
  readonly lowAskTicks: number
  /** 0 without a trade */
  readonly highTradeTicks: number
  /** 0 without a trade */
  readonly lowTradeTicks: number
  /** Messages folded since the last one */
  readonly updates: number
  /** No snapshot has arrived yet: depth beyond the touch is incomplete */
  readonly partial: boolean
}

/** A time bar, by venue time. */
export interface CandleClosed {
  readonly intervalMicros: number
  readonly openTime: number
  readonly openTicks: number
  readonly highTicks: number
  readonly lowTicks: number
  readonly closeTicks: number
  readonly volumeLots: number
  /** Volume of buying takers */
  readonly buyLots: number
  /** Sum of price ticks times lots, exact integer */
  readonly turnover: Decimal
  readonly trades: number
  /** Trades of an earlier bar that joined this one */
  readonly lateTrades: number
}

/** Receive time has reached ingestTime. */
export interface TimePassed {
  readonly periodMicros: number
}

/** Kill switch: no new risk, open orders are cancelled; key is a portfolio or * for all. */
export interface HaltTrading {
  readonly reason: string
}

/** Lifts the halt. */
export interface ResumeTrading {
  readonly reason: string
}

/** Changes the limits that are not null; key is a portfolio. */
export interface SetLimits {
  readonly maxPositionNotional: null | Decimal
  readonly maxOrderNotional: null | Decimal
  readonly priceCollar: null | Decimal
  readonly maxDailyLoss: null | Decimal
  readonly maxOpenOrders: null | number
}

export type Side = 'buy' | 'sell'

export type OrderType = 'market' | 'limit'

export type TimeInForce = 'gtc' | 'ioc' | 'postOnly'

/** A manual order; it passes risk like any other. */
export interface SubmitOrder {
  /** venue:symbol */
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly quantity: Decimal
  readonly limitPrice: null | Decimal
  readonly timeInForce: TimeInForce
}

/** Cancels one open order of the portfolio. */
export interface CancelOrder {
  readonly orderSource: string
  readonly orderSeq: number
}

export type InstrumentKind = 'spot' | 'linear' | 'inverse'

/** An instrument and its rules; key is venue:symbol. */
export interface InstrumentListed {
  readonly venue: string
  /** BASE/QUOTE */
  readonly symbol: string
  readonly venueSymbol: string
  readonly base: string
  readonly quote: string
  readonly settle: string
  readonly kind: InstrumentKind
  readonly tickSize: Decimal
  /** The unit of recorded sizes */
  readonly lotSize: Decimal
  /** What the quantity of an order is a multiple of; a whole multiple of lotSize */
  readonly quantityStep: Decimal
  readonly minQuantity: Decimal
  readonly maxQuantity: Decimal
  readonly minNotional: Decimal
  /** Fraction of notional */
  readonly makerFee: Decimal
  /** Fraction of notional */
  readonly takerFee: Decimal
}

export type AccountKind = 'paper' | 'venue'

/** A strategy at work in the portfolio. */
export interface StrategyAssigned {
  readonly name: string
  /** venue:symbol */
  readonly symbols: readonly string[]
  readonly parameters: Readonly<Record<string, number>>
}

/** A portfolio and what trades in it; key is its name. */
export interface PortfolioOpened {
  /** paper: fills come from venue-sim; venue: from reports */
  readonly account: AccountKind
  /** The asset that cash and equity are counted in */
  readonly currency: string
  /** Opening cash */
  readonly cash: Decimal
  /** Paper only: from submission to the venue, and back */
  readonly latencyMicros: number
  readonly strategies: readonly StrategyAssigned[]
}

/** Pre-trade limits; key is the portfolio. */
export interface LimitsSet {
  /** Per symbol, in the portfolio's currency */
  readonly maxPositionNotional: Decimal
  readonly maxOrderNotional: Decimal
  /** Largest distance of a limit price from mid, a fraction */
  readonly priceCollar: Decimal
  /** Realised and unrealised since 00:00 UTC */
  readonly maxDailyLoss: Decimal
  readonly maxOpenOrders: number
}

/** A record that made a stage throw or could not be decoded. */
export interface DeadLetter {
  /** Where it stood */
  readonly topic: string
  readonly partition: number
  /** -1 for an event that was still inside a task */
  readonly offset: number
  readonly key: string
  readonly task: string
  /** Empty where it could not be decoded */
  readonly stage: string
  readonly code: string
  readonly error: string
  /** Stream time of the task; UTC microseconds */
  readonly time: number
  readonly headers: Readonly<Record<string, string>>
  /** The original value, frame and all */
  readonly bytes: Uint8Array
}

/** A step in an order's life. */
export interface OrderStateChanged {
  /** The intent */
  readonly order: Identity
  readonly symbol: string
  readonly from: string
  readonly to: string
  readonly filledQuantity: Decimal
  readonly reason: string
}

export type Liquidity = 'maker' | 'taker'

/** A fill that counts. */
export interface FillRecorded {
  /** The intent */
  readonly order: Identity
  readonly symbol: string
  readonly side: Side
  readonly tradeId: string
  readonly price: Decimal
  readonly quantity: Decimal
  readonly fee: Decimal
  readonly feeAsset: string
  readonly liquidity: Liquidity
}

/** A feature vector. */
export interface FeaturesComputed {
  /** In the order of quant/features; NaN until warm */
  readonly values: readonly number[]
}

/** Records of one input taken one after the other. */
export interface Run {
  /** Index into the layout */
  readonly input: number
  readonly offset: number
  readonly count: number
}

/** The order in which one commit of a task took its inputs, where it does not follow from their stamps. */
export interface Interleaving {
  readonly task: string
  /** Inputs with their partitions, in the order that runs count them */
  readonly layout: string
  /** Frontier of the commit before: up to there everything was folded by stamp, or as earlier records say */
  readonly since: number
  /** Timers below it have fired; UTC microseconds */
  readonly frontier: number
  readonly runs: readonly Run[]
}

/** Someone wants this order; its identity is the order's. */
export interface OrderIntended {
  /** Strategy, or manual, or halt */
  readonly origin: string
  /** venue:symbol */
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly quantity: Decimal
  readonly limitPrice: null | Decimal
}

/** Risk lets it pass. */
export interface OrderApproved {
  /** The intent */
  readonly order: Identity
  /** Mid that the verdict used */
  readonly referencePrice: Decimal
}

/** Risk refuses it. */
export interface OrderDenied {
  /** The intent */
  readonly order: Identity
  readonly rule: string
  readonly value: string
  readonly limit: string
  /** Largest quantity that would have passed */
  readonly wouldPass: Decimal
}

/** Handed to the venue. */
export interface OrderSubmitted {
  /** The intent */
  readonly order: Identity
  /** venue:symbol */
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly quantity: Decimal
  readonly limitPrice: null | Decimal
}

/** The venue is asked to cancel. */
export interface CancelRequested {
  /** The intent */
  readonly order: Identity
  readonly reason: string
}

/** A holding after a fill. */
export interface PositionChanged {
  readonly symbol: string
  /** Signed */
  readonly quantity: Decimal
  readonly averagePrice: Decimal
  /** Of this symbol since opening, before fees */
  readonly realised: Decimal
  readonly fees: Decimal
  /** Of the portfolio */
  readonly cash: Decimal
}

/** What the portfolio is worth at the last mid. */
export interface EquityMarked {
  readonly cash: Decimal
  readonly equity: Decimal
  readonly realised: Decimal
  readonly unrealised: Decimal
  readonly fees: Decimal
}

/** The venue has it. */
export interface OrderAccepted {
  /** The intent */
  readonly order: Identity
  readonly venueOrderId: string
}

/** A part was filled. */
export interface OrderPartiallyFilled {
  /** The intent */
  readonly order: Identity
  readonly venueOrderId: string
  readonly tradeId: string
  readonly price: Decimal
  readonly quantity: Decimal
  readonly fee: Decimal
  readonly feeAsset: string
  readonly liquidity: Liquidity
  /** Still open after it */
  readonly leaves: Decimal
}

/** The rest was filled. */
export interface OrderFilled {
  /** The intent */
  readonly order: Identity
  readonly venueOrderId: string
  readonly tradeId: string
  readonly price: Decimal
  /** Of this last fill */
  readonly quantity: Decimal
  readonly fee: Decimal
  readonly feeAsset: string
  readonly liquidity: Liquidity
}

/** Cancelled at the venue. */
export interface OrderCancelled {
  /** The intent */
  readonly order: Identity
  readonly reason: string
}

/** Ended by its time in force. */
export interface OrderExpired {
  /** The intent */
  readonly order: Identity
  readonly reason: string
}

/** The venue refused it. */
export interface OrderRejected {
  /** The intent */
  readonly order: Identity
  readonly reason: string
}

/** The venue refused the cancel. */
export interface CancelRejected {
  /** The intent */
  readonly order: Identity
  readonly reason: string
}

/** No answer: the state is unknown until asked for. */
export interface AnswerTimedOut {
  /** The intent */
  readonly order: Identity
  /** submit or cancel */
  readonly asked: string
}

/** Exposure each second of stamp time. */
export interface ExposureMeasured {
  readonly equity: Decimal
  readonly gross: Decimal
  readonly net: Decimal
  readonly dayLoss: Decimal
  /** Fraction below the highest equity */
  readonly drawdown: Decimal
  readonly openOrders: number
  readonly halted: boolean
}

/** No new risk from here. */
export interface TradingHalted {
  readonly cause: string
  readonly reason: string
}

/** Trading goes on. */
export interface TradingResumed {
  readonly reason: string
}

/** The limits in force. */
export interface LimitsChanged {
  readonly maxPositionNotional: Decimal
  readonly maxOrderNotional: Decimal
  readonly priceCollar: Decimal
  readonly maxDailyLoss: Decimal
  readonly maxOpenOrders: number
}

/** A strategy wants to trade. */
export interface SignalRaised {
  readonly strategy: string
  /** venue:symbol */
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly quantity: Decimal
  readonly limitPrice: null | Decimal
  readonly strength: number
  readonly taken: boolean
  /** Why it was raised, or why it was not taken */
  readonly reason: string
}

/** A trade on the venue. */
export interface TradePrinted {
  readonly tradeId: number
  readonly priceTicks: number
  readonly sizeLots: number
  /** Side of the taker */
  readonly aggressor: Side
}

/** Best bid and ask. */
export interface QuoteChanged {
  /** The venue's book update id; -1 where it gives none */
  readonly updateId: number
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
}

/** Levels that changed, parallel arrays. */
export interface DepthChanged {
  readonly firstUpdateId: number
  readonly lastUpdateId: number
  /** Last id of the message before; -1 where the venue gives none */
  readonly previousUpdateId: number
  readonly bidTicks: readonly number[]
  /** 0 removes the level */
  readonly bidLots: readonly number[]
  readonly askTicks: readonly number[]
  readonly askLots: readonly number[]
}

/** The whole book as the venue answered it. */
export interface BookSnapshotted {
  readonly lastUpdateId: number
  readonly bidTicks: readonly number[]
  readonly bidLots: readonly number[]
  readonly askTicks: readonly number[]
  readonly askLots: readonly number[]
}

/** The events of each topic. */
export interface EventsOf {
  'books': 'BookConflated'
  'candles': 'CandleClosed'
  'clock': 'TimePassed'
  'commands': 'HaltTrading' | 'ResumeTrading' | 'SetLimits' | 'SubmitOrder' | 'CancelOrder'
  'config': 'InstrumentListed' | 'PortfolioOpened' | 'LimitsSet'
  'executions': 'OrderStateChanged' | 'FillRecorded'
  'features': 'FeaturesComputed'
  'orders': 'OrderIntended' | 'OrderApproved' | 'OrderDenied' | 'OrderSubmitted' | 'CancelRequested'
  'positions': 'PositionChanged' | 'EquityMarked'
  'reports': 'OrderAccepted' | 'OrderPartiallyFilled' | 'OrderFilled' | 'OrderCancelled' | 'OrderExpired' | 'OrderRejected' | 'CancelRejected' | 'AnswerTimedOut'
  'reports.paper': 'OrderAccepted' | 'OrderPartiallyFilled' | 'OrderFilled' | 'OrderCancelled' | 'OrderExpired' | 'OrderRejected' | 'CancelRejected' | 'AnswerTimedOut'
  'risk': 'ExposureMeasured' | 'TradingHalted' | 'TradingResumed' | 'LimitsChanged'
  'signals': 'SignalRaised'
  'ticks': 'TradePrinted' | 'QuoteChanged' | 'DepthChanged' | 'BookSnapshotted'
}

/** The data of each event of each topic. */
export interface DataOf {
  'books/BookConflated': BookConflated
  'candles/CandleClosed': CandleClosed
  'clock/TimePassed': TimePassed
  'commands/HaltTrading': HaltTrading
  'commands/ResumeTrading': ResumeTrading
  'commands/SetLimits': SetLimits
  'commands/SubmitOrder': SubmitOrder
  'commands/CancelOrder': CancelOrder
  'config/InstrumentListed': InstrumentListed
  'config/PortfolioOpened': PortfolioOpened
  'config/LimitsSet': LimitsSet
  'executions/OrderStateChanged': OrderStateChanged
  'executions/FillRecorded': FillRecorded
  'features/FeaturesComputed': FeaturesComputed
  'orders/OrderIntended': OrderIntended
  'orders/OrderApproved': OrderApproved
  'orders/OrderDenied': OrderDenied
  'orders/OrderSubmitted': OrderSubmitted
  'orders/CancelRequested': CancelRequested
  'positions/PositionChanged': PositionChanged
  'positions/EquityMarked': EquityMarked
  'reports/OrderAccepted': OrderAccepted
  'reports/OrderPartiallyFilled': OrderPartiallyFilled
  'reports/OrderFilled': OrderFilled
  'reports/OrderCancelled': OrderCancelled
  'reports/OrderExpired': OrderExpired
  'reports/OrderRejected': OrderRejected
  'reports/CancelRejected': CancelRejected
  'reports/AnswerTimedOut': AnswerTimedOut
  'reports.paper/OrderAccepted': OrderAccepted
  'reports.paper/OrderPartiallyFilled': OrderPartiallyFilled
  'reports.paper/OrderFilled': OrderFilled
  'reports.paper/OrderCancelled': OrderCancelled
  'reports.paper/OrderExpired': OrderExpired
  'reports.paper/OrderRejected': OrderRejected
  'reports.paper/CancelRejected': CancelRejected
  'reports.paper/AnswerTimedOut': AnswerTimedOut
  'risk/ExposureMeasured': ExposureMeasured
  'risk/TradingHalted': TradingHalted
  'risk/TradingResumed': TradingResumed
  'risk/LimitsChanged': LimitsChanged
  'signals/SignalRaised': SignalRaised
  'ticks/TradePrinted': TradePrinted
  'ticks/QuoteChanged': QuoteChanged
  'ticks/DepthChanged': DepthChanged
  'ticks/BookSnapshotted': BookSnapshotted
}
