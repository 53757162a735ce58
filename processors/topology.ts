/** The topology: which stages make a segment, in which order, over which key. The one place that knows them all.
 *
 *  P1  Segments are a line: market before trading; each reads only what stands before it.
 *  P2  Ranks rise along the topology and are never reused: they stand in every stamp. The trading loop has one. */
import type { Event, EventTopic, Layout, RankedStage, Segment, Stage, View } from '@tideway/schemas'
import { partitionsOf } from '@tideway/schemas'
import { bookStage } from './book/book.ts'
import { candleStage } from './candles/candles.ts'
import { execution } from './execution/execution.ts'
import { type FeatureOptions, featureStage } from './features/features.ts'
import type { MarketViews } from './market-views.ts'
import { isMeasureTime } from './measure-time.ts'
import { portfolio } from './portfolio/portfolio.ts'
import { risk } from './risk/risk.ts'
import type { StrategyDefinition } from './strategy/definition.ts'
import { strategyStage } from './strategy/strategy.ts'
import type { TradingViews } from './trading-views.ts'
import { books } from './values/books.ts'
import { haltedAll } from './values/halted-all.ts'
import { instruments } from './values/instruments.ts'
import { portfolios } from './values/portfolios.ts'
import { type Subscribers, subscribers } from './values/subscribers.ts'
import { venueSim } from './venue-sim/venue-sim.ts'

export const ranks = { book: 10, candles: 11, features: 12, trading: 30 } as const

/** Topics of the market that a trading segment reads. */
const marketTopics = ['ticks', 'books', 'candles', 'features'] as const satisfies readonly EventTopic[]

const nobody: readonly string[] = []

/** Book, candles and features of one symbol. */
export function marketSegment(options: FeatureOptions = {}): Segment {
  return erased<MarketViews>({
    name: 'market',
    per: 'symbol',
    stages: [
      { rank: ranks.book, stage: bookStage },
      { rank: ranks.candles, stage: candleStage },
      { rank: ranks.features, stage: featureStage(options) },
    ],
    views: [instruments, books],
    fullCauses: [],
    persistence: 'snapshot',
    route: event => (event.topic === 'config' || event.topic === 'clock' ? nobody : onlyKey(event.key)),
    wants: () => true,
    subscriptions: () => nobody,
  })
}

type TradingTaskViews = TradingViews & { readonly subscribers: Subscribers }

/** Strategy, risk, execution, portfolio and the simulated venue of one portfolio: the loop that never crosses the log. */
export function tradingSegment(strategies: readonly StrategyDefinition[]): Segment {
  const rank = ranks.trading
  return erased<TradingTaskViews>({
    name: 'trading',
    per: 'portfolio',
    stages: [
      { rank, stage: strategyStage(strategies) },
      { rank, stage: risk },
      { rank, stage: execution },
      { rank, stage: portfolio },
      { rank, stage: venueSim },
    ],
    views: [instruments, portfolios, books, haltedAll, subscribers],
    fullCauses: ['signals', 'orders'],
    persistence: 'changelog',
    route: (event, views) => routeToPortfolios(event, views.subscribers),
    wants: (topic, key, views) => !isMarketTopic(topic) || views.subscribers.bySymbol.has(key),
    subscriptions: (key, views) => views.subscribers.byPortfolio.get(key) ?? nobody,
  })
}

function routeToPortfolios(event: Event, who: Subscribers): readonly string[] {
  if (isMarketTopic(event.topic)) return who.bySymbol.get(event.key) ?? nobody
  switch (event.topic) {
    case 'clock':
      // Between measures nobody would answer: to look would write the state of every portfolio ten times as often.
      return isMeasureTime(event.ingestTime) ? who.all : nobody
    case 'config':
      return event.type === 'PortfolioOpened' || event.type === 'LimitsSet' ? onlyKey(event.key) : nobody
    case 'commands':
      return event.key === '*' ? who.all : onlyKey(event.key)
    default:
      return onlyKey(event.key)
  }
}

function isMarketTopic(topic: EventTopic): boolean {
  return (marketTopics as readonly EventTopic[]).includes(topic)
}

/** The same array for the same key: a task keeps what it derives from it. */
const singles = new Map<string, readonly string[]>()
function onlyKey(key: string): readonly string[] {
  let keys = singles.get(key)
  if (!keys) {
    keys = [key]
    singles.set(key, keys)
  }
  return keys
}

/** The segment as one task a stage: what a deployment runs that spreads a market over more machines. */
export function apart(segment: Segment): Segment[] {
  return segment.stages.map(ranked => ({ ...segment, name: `${segment.name}.${ranked.stage.name}`, stages: [ranked] }))
}

export interface SegmentInput {
  readonly topic: EventTopic
  readonly partition: number
}

/** What a task of the segment reads: its own partition of what is kept by its key, the rest whole. */
export function inputsOf(segment: Segment, partition: number, layout: Layout): SegmentInput[] {
  const written = new Set(segment.stages.flatMap(({ stage }) => stage.writes))
  const reads = new Set<EventTopic>(['config', 'clock'])
  for (const each of [...segment.stages.map(({ stage }) => stage), ...segment.views]) {
    for (const topic of each.reads) if (!written.has(topic)) reads.add(topic)
  }
  return [...reads].sort().flatMap(topic => {
    const whole = segment.per === 'portfolio' ? !isPerPortfolio(topic) : topic === 'config' || topic === 'clock'
    if (!whole) return [{ topic, partition }]
    return Array.from({ length: partitionsOf(topic, layout) }, (_, each) => ({ topic, partition: each }))
  })
}

function isPerPortfolio(topic: EventTopic): boolean {
  return topic === 'reports'
}

/** A segment as the machinery takes it: it hands views and states back to those who know their types. */
function erased<V>(
  segment: Omit<Segment<V>, 'stages' | 'views'> & { stages: readonly RankedStage<V>[]; views: readonly AnyView[] },
): Segment {
  return segment as unknown as Segment
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds stages and views of different states; each is checked where it is defined
type AnyView = View<any>

export type { Stage }
