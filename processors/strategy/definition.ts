/** What a strategy's author writes: one small file that says what it reads and what it wants.
 *
 *  D1  A handler sees its event, its own state and the moment: no clock, no chance, no other portfolio.
 *  D2  `features` handlers are called only once every feature that they name is a number: nothing acts on NaN.
 *  D3  State is plain data (numbers, strings, booleans, arrays, plain objects); it is saved and loaded between events.
 *  D4  What changes an answer raises `version`. */
import type { Instrument } from '@tideway/domain'
import { type FeatureName, featureNames } from '@tideway/quant'
import type {
  BookConflated,
  CandleClosed,
  EventTopic,
  EventType,
  PositionChanged,
  QuoteChanged,
  TradePrinted,
} from '@tideway/schemas'
import type { Decision } from './decision.ts'
import { StrategyError } from './errors.ts'
import { checkDefaults, type Parameters, type ParameterValues } from './parameters.ts'

/** What can wake a strategy, and the event behind it. */
export const senses = {
  books: { topic: 'books', type: 'BookConflated' },
  candles: { topic: 'candles', type: 'CandleClosed' },
  features: { topic: 'features', type: 'FeaturesComputed' },
  positions: { topic: 'positions', type: 'PositionChanged' },
  quotes: { topic: 'ticks', type: 'QuoteChanged' },
  trades: { topic: 'ticks', type: 'TradePrinted' },
} as const satisfies Record<string, { topic: EventTopic; type: EventType }>

export type Sense = keyof typeof senses

/** What the portfolio holds of the symbol; floats, for deciding and not for accounting. */
export interface Holding {
  /** Signed, in the base asset. */
  readonly quantity: number
  /** 0 when flat. */
  readonly averagePrice: number
}

/** A strategy's moment: everything it may look at besides its event. */
export interface Moment<V, S> {
  /** UTC microseconds. */
  readonly time: number
  readonly instrument: Instrument
  readonly parameters: V
  /** The strategy's own, to be changed in place. One per portfolio and symbol. */
  readonly state: S
  readonly holding: Holding
  /** Best prices in whole ticks; 0 while unknown. */
  readonly bidTicks: number
  readonly askTicks: number
}

type Wish = Decision | undefined

export interface StrategyHandlers<V, S, F extends string> {
  books(now: Moment<V, S>, book: BookConflated): Wish
  candles(now: Moment<V, S>, candle: CandleClosed): Wish
  /** The named features, by name. */
  features(now: Moment<V, S>, features: { readonly [K in F]: number }): Wish
  /** After a fill of this symbol, with `holding` as it is now. */
  positions(now: Moment<V, S>, position: PositionChanged): Wish
  quotes(now: Moment<V, S>, quote: QuoteChanged): Wish
  trades(now: Moment<V, S>, trade: TradePrinted): Wish
}

export interface StrategySource<P extends Parameters, S, F extends FeatureName, R extends Sense> {
  readonly name: string
  readonly version: number
  /** One line for people. */
  readonly about: string
  /** What wakes it: exactly the handlers of `on`. */
  readonly reads: readonly R[]
  /** The features that its `features` handler looks at. */
  readonly features?: readonly F[]
  readonly parameters: P
  readonly empty: () => S
  /** Seconds between two orders of one symbol, at least one; an exit waits one second only. */
  readonly cooldownSeconds: (parameters: ParameterValues<P>) => number
  readonly on: Pick<StrategyHandlers<ParameterValues<P>, S, F>, R>
}

/** A strategy as the stage takes it: its own types are known only to its author. */
export interface StrategyDefinition {
  readonly name: string
  readonly version: number
  readonly about: string
  readonly reads: readonly Sense[]
  readonly parameters: Parameters
  /** Where its features stand in a vector, by name: looked up once, here. */
  readonly featureIndexes: readonly (readonly [name: FeatureName, index: number])[]
  empty(): unknown
  cooldownSeconds(parameters: Readonly<Record<string, number>>): number
  readonly on: Partial<StrategyHandlers<Readonly<Record<string, number>>, unknown, string>>
}

/** Origins of orders that are nobody's strategy. */
const reserved: readonly string[] = ['manual', 'halt']

/** Checks a strategy where it is written. Throws StrategyError. */
export function defineStrategy<
  const P extends Parameters,
  S,
  const R extends Sense,
  const F extends FeatureName = never,
>(source: StrategySource<P, S, F, R>): StrategyDefinition {
  const { name, version, about, reads, features = [], parameters, empty, cooldownSeconds, on } = source
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw new StrategyError(name, 'a name is a-z, 0-9 and -, at most 32 long')
  if (reserved.includes(name)) throw new StrategyError(name, 'this name stands for orders of other origin')
  if (!Number.isSafeInteger(version) || version < 1) throw new StrategyError(name, 'a version is a whole number from 1')
  if (reads.length === 0) throw new StrategyError(name, 'reads nothing, so nothing would ever wake it')
  const handled = Object.keys(on).sort().join(', ')
  const declared = [...reads].sort().join(', ')
  if (handled !== declared) throw new StrategyError(name, `reads ${declared} but handles ${handled}`)
  checkDefaults(name, parameters)
  const featureIndexes = features.map(feature => {
    const index = featureNames.indexOf(feature)
    if (index < 0) throw new StrategyError(name, `there is no feature ${feature}; there are ${featureNames.join(', ')}`)
    return [feature, index] as const
  })
  return {
    name,
    version,
    about,
    reads,
    parameters,
    featureIndexes,
    empty,
    cooldownSeconds: cooldownSeconds as StrategyDefinition['cooldownSeconds'],
    // The stage hands each strategy only the state and parameters that came from this very definition.
    on: on as unknown as StrategyDefinition['on'],
  }
}
