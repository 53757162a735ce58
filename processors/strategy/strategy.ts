/** Strategy: wakes the strategies that a portfolio has been assigned and says what they want.
 *
 *  In     config (PortfolioOpened assigns), books, features, candles, ticks (each only where a strategy declares it),
 *         positions (what is held), orders and executions (whether its last order is still open)
 *  Out    signals (SignalRaised), taken or not, with the reason
 *  State  per portfolio: what each strategy remembers per symbol, its open order, what was last said
 *  S1  A signal is raised when a decision changes, not with every event that confirms it; one that is not taken at most
 *      once a second.
 *  S2  A signal that is not taken says why: already long, cooling down, its order still open. Halts are risk's business.
 *  S3  Strategies of one portfolio share its holding of a symbol: it nets.
 *  S4  Strategies decide in floats; what they want becomes ticks, steps and decimals here, sizes rounded down.
 *  S5  A holding smaller than the venue's smallest order counts as none: nobody could sell it. */
import { isFinal, type OrderState } from '@tideway/domain'
import {
  type EventNamed,
  type EventTopic,
  formatIdentity,
  identityOf,
  type Stage,
  stage,
  type Turn,
} from '@tideway/schemas'
import type { TradingViews } from '../trading-views.ts'
import {
  type Assignment,
  assign,
  loadStrategies,
  newAssignment,
  noStrategies,
  type StrategyState,
  saveStrategies,
  workingOn,
} from './assignment.ts'
import { type Sense, type StrategyDefinition, senses } from './definition.ts'
import { StrategyError } from './errors.ts'
import { resolveParameters } from './parameters.ts'
import { type Ask, consider } from './signal.ts'

/** The stage's own; the strategies' versions are added. */
const VERSION = 1
/** The stage for these strategies. It reads only the topics that they do. */
export function strategyStage(strategies: readonly StrategyDefinition[]): Stage<StrategyState, TradingViews> {
  const known = new Map(strategies.map(strategy => [strategy.name, strategy]))
  if (known.size !== strategies.length) throw new StrategyError('registry', 'two strategies share a name')
  const listens = (sense: Sense) => strategies.some(strategy => strategy.reads.includes(sense))
  const topics = new Set<EventTopic>(['config', 'orders', 'executions', 'positions'])
  for (const sense of Object.keys(senses) as Sense[]) if (listens(sense)) topics.add(senses[sense].topic)

  /** Asks every strategy that works on the symbol and has this sense. */
  function wake(state: StrategyState, symbol: string, sense: Sense, turn: Turn<TradingViews>, ask: Ask): void {
    const assignments = state.bySymbol.get(symbol)
    if (assignments === undefined) return
    for (const assignment of assignments) {
      const strategy = known.get(assignment.strategy)
      if (strategy?.on[sense] === undefined) continue
      consider(state, assignment, strategy, turn, ask)
    }
  }

  return stage<StrategyState, TradingViews>({
    name: 'strategy',
    version: strategies.reduce((sum, strategy) => sum + strategy.version, VERSION),
    reads: [...topics].sort(),
    writes: ['signals'],
    empty: noStrategies,
    save: saveStrategies,
    load: loadStrategies,
    on: {
      PortfolioOpened: (state, event) => open(state, event, known),
      PositionChanged(state, { data }, turn) {
        const { quantity, averagePrice, symbol } = data
        if (quantity.isZero()) state.holdings.delete(symbol)
        else {
          const floats = { quantity: quantity.toNumber(), averagePrice: averagePrice.toNumber() }
          state.holdings.set(symbol, { ...floats, exact: quantity })
        }
        wake(state, symbol, 'positions', turn, ({ on }, now) => on.positions?.(now, data))
      },
      OrderIntended(state, event) {
        const { origin, symbol, side } = event.data
        const mine = state.bySymbol.get(symbol)?.find(one => one.strategy === origin)
        if (mine === undefined) return
        mine.working = formatIdentity(identityOf(event))
        mine.workingSide = side
      },
      OrderDenied(state, { data }) {
        free(state, data.order)
      },
      OrderStateChanged(state, { data }) {
        if (isFinal(data.to as OrderState)) free(state, data.order)
      },
      BookConflated: (state, { key, data }, turn) =>
        wake(state, key, 'books', turn, ({ on }, now) => on.books?.(now, data)),
      CandleClosed: (state, { key, data }, turn) =>
        wake(state, key, 'candles', turn, ({ on }, now) => on.candles?.(now, data)),
      TradePrinted: (state, { key, data }, turn) =>
        wake(state, key, 'trades', turn, ({ on }, now) => on.trades?.(now, data)),
      QuoteChanged: (state, { key, data }, turn) =>
        wake(state, key, 'quotes', turn, ({ on }, now) => on.quotes?.(now, data)),
      FeaturesComputed: (state, { key, data }, turn) =>
        wake(state, key, 'features', turn, (strategy, now) => {
          const named = namedFeatures(strategy, data.values)
          return named === undefined ? undefined : strategy.on.features?.(now, named)
        }),
    },
  })
}

/** Assigns what the portfolio is opened with; a strategy that stays keeps its memory. */
function open(
  state: StrategyState,
  { data }: EventNamed<'PortfolioOpened'>,
  known: ReadonlyMap<string, StrategyDefinition>,
): void {
  const assignments: Assignment[] = []
  for (const { name, symbols, parameters } of data.strategies) {
    const strategy = known.get(name)
    if (strategy === undefined) {
      throw new StrategyError(name, `is not known here; known are ${[...known.keys()].sort().join(', ') || 'none'}`)
    }
    const values = resolveParameters(name, strategy.parameters, parameters)
    for (const symbol of symbols) {
      if (assignments.some(one => one.strategy === name && one.symbol === symbol)) {
        throw new StrategyError(name, `is assigned twice to ${symbol}`)
      }
      const before = state.assignments.find(one => one.strategy === name && one.symbol === symbol)
      const assignment = before ?? newAssignment(name, symbol, strategy.empty())
      assignments.push({ ...assignment, parameters: values })
    }
  }
  assign(state, assignments)
}

function free(state: StrategyState, order: EventNamed<'OrderDenied'>['data']['order']): void {
  const assignment = workingOn(state, order)
  if (assignment !== undefined) assignment.working = ''
}

/** The features that the strategy looks at, by name; undefined until all of them are numbers. */
function namedFeatures(strategy: StrategyDefinition, values: readonly number[]): Record<string, number> | undefined {
  const named: Record<string, number> = {}
  for (const [name, index] of strategy.featureIndexes) {
    const value = values[index] ?? Number.NaN
    if (!Number.isFinite(value)) return undefined
    named[name] = value
  }
  return named
}
