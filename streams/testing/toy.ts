/** A small topology for tests of the machinery: two market stages with a diamond and timers, two trading stages with a
 *  loop. It counts, so that a lost, repeated or reordered event shows in its output. */
import { Decimal, type Event, type Layout, type Segment, type Stage, stage, type View } from '@tideway/schemas'
import type { TaskSpec } from '../task/task-spec.ts'
import { partitionFor } from '../wire/murmur2.ts'

interface ToyViews {
  readonly traders: ReadonlyMap<string, readonly string[]>
}

const PERIOD = 100_000

interface Tally {
  trades: number
  lots: number
  asked: boolean
}

/** Emits the running totals on every third trade and on a timer. */
export const toyBook = (version = 1): Stage<Tally, ToyViews> =>
  stage<Tally, ToyViews>({
    name: 'book',
    version,
    reads: ['ticks'],
    writes: ['books'],
    empty: () => ({ trades: 0, lots: 0, asked: false }),
    save: state => ({ ...state }),
    load: saved => ({ ...(saved as Tally) }),
    on: {
      TradePrinted(state, { data }, turn) {
        if (data.sizeLots < 0) throw new RangeError(`a trade of ${data.sizeLots} lots`)
        state.trades++
        state.lots += data.sizeLots * version
        if (!state.asked) {
          state.asked = true
          turn.wakeAt((Math.floor(turn.time / PERIOD) + 1) * PERIOD, 'period')
        }
        if (state.trades % 3 === 0) emitBook(state, turn.emit)
      },
    },
    wake(state, _tag, turn) {
      state.asked = false
      emitBook(state, turn.emit)
    },
  })

type Emit = Parameters<NonNullable<Stage<Tally, ToyViews>['wake']>>[2]['emit']

function emitBook(state: Tally, emit: Emit): void {
  const none = { highBidTicks: 0, lowAskTicks: 0, highTradeTicks: 0, lowTradeTicks: 0, partial: false }
  emit('books', 'BookConflated', {
    ...none,
    bidTicks: state.trades,
    bidLots: state.lots,
    askTicks: 0,
    askLots: 0,
    updates: state.trades,
  })
}

interface Mixture {
  value: number
}

/** Reads trades and books: a digest of the order in which it saw them. */
export const toyFeatures: Stage<Mixture, ToyViews> = stage<Mixture, ToyViews>({
  name: 'features',
  version: 1,
  reads: ['ticks', 'books'],
  writes: ['features'],
  empty: () => ({ value: 0 }),
  save: state => ({ ...state }),
  load: saved => ({ ...(saved as Mixture) }),
  on: {
    TradePrinted(state, { data }) {
      state.value = (state.value * 31 + data.priceTicks) % 1_000_003
    },
    BookConflated(state, { data }, turn) {
      state.value = (state.value * 17 + data.bidLots) % 1_000_003
      turn.emit('features', 'FeaturesComputed', { values: [state.value] })
      turn.wakeAt(turn.time + 30_000, `after ${data.updates}`)
    },
  },
  wake(state, tag, turn) {
    state.value = (state.value * 7 + tag.length) % 1_000_003
    turn.emit('features', 'FeaturesComputed', { values: [-state.value] })
  },
})

/** Signals on every feature; a signal begets an order, the order begets another signal: a loop of three. */
const toyStrategy: Stage<Mixture, ToyViews> = stage<Mixture, ToyViews>({
  name: 'strategy',
  version: 1,
  reads: ['features', 'orders', 'ticks', 'commands'],
  writes: ['signals'],
  empty: () => ({ value: 1 }),
  save: state => ({ ...state }),
  load: saved => ({ ...(saved as Mixture) }),
  on: {
    TradePrinted(state, { data }) {
      state.value = (state.value * 13 + data.priceTicks) % 1_000_003
    },
    FeaturesComputed(state, event, turn) {
      state.value = (state.value * 31 + (event.data.values[0] ?? 0)) % 1_000_003
      signal(event.key, state.value, turn.emit)
    },
    HaltTrading(state, event, turn) {
      state.value = (state.value * 41 + event.data.reason.length) % 1_000_003
      turn.wakeAt(turn.time + 10_000, 'halted')
    },
    OrderIntended(state, event, turn) {
      state.value = (state.value * 3 + event.seq) % 1_000_003
      if (state.value % 2 === 0) signal(event.data.symbol, state.value, turn.emit)
    },
  },
  wake(state, tag, turn) {
    state.value = (state.value * 43 + tag.length) % 1_000_003
    signal('none', state.value, turn.emit)
  },
})

function signal(symbol: string, strength: number, emit: Emit): void {
  const terms = { side: 'buy', orderType: 'market', quantity: new Decimal(1), limitPrice: null } as const
  emit('signals', 'SignalRaised', {
    strategy: 'toy',
    symbol,
    ...terms,
    strength,
    taken: strength % 4 !== 0,
    reason: 'toy',
  })
}

const toyExecution: Stage<Mixture, ToyViews> = stage<Mixture, ToyViews>({
  name: 'execution',
  version: 1,
  reads: ['signals'],
  writes: ['orders'],
  empty: () => ({ value: 0 }),
  save: state => ({ ...state }),
  load: saved => ({ ...(saved as Mixture) }),
  on: {
    SignalRaised(state, { data }, turn) {
      state.value++
      if (!data.taken) return
      const { symbol, side, orderType, quantity, limitPrice } = data
      turn.emit('orders', 'OrderIntended', {
        origin: 'toy',
        symbol,
        side,
        orderType,
        timeInForce: 'ioc',
        quantity,
        limitPrice,
      })
    },
  },
})

const traders: View<Map<string, string[]>> = {
  name: 'traders',
  version: 1,
  reads: ['config'],
  empty: () => new Map(),
  save: state => new Map(state),
  load: saved => new Map(saved as Map<string, string[]>),
  fold(state, event) {
    if (event.type !== 'PortfolioOpened') return
    for (const { symbols } of event.data.strategies) {
      for (const symbol of symbols) state.set(symbol, [...new Set([...(state.get(symbol) ?? []), event.key])].sort())
    }
  },
}

const noKeys: readonly string[] = []
const own = new Map<string, readonly string[]>()
function ownKey(event: Event): readonly string[] {
  let keys = own.get(event.key)
  if (!keys) {
    keys = [event.key]
    own.set(event.key, keys)
  }
  return keys
}

type AnySegment = Segment

export function toyMarket(book: Stage<Tally, ToyViews> = toyBook()): AnySegment {
  return {
    name: 'market',
    per: 'symbol',
    stages: [
      { rank: 10, stage: book },
      { rank: 12, stage: toyFeatures },
    ] as AnySegment['stages'],
    views: [],
    fullCauses: [],
    persistence: 'snapshot',
    route: ownKey,
    wants: () => true,
    subscriptions: () => noKeys,
  }
}

export const toyTrading: AnySegment = {
  name: 'trading',
  per: 'portfolio',
  stages: [
    { rank: 30, stage: toyStrategy },
    { rank: 30, stage: toyExecution },
  ] as AnySegment['stages'],
  views: [traders as unknown as View<never>],
  fullCauses: ['signals', 'orders'],
  persistence: 'changelog',
  route(event, views) {
    if (event.topic === 'config') return noKeys
    return event.topic === 'commands' ? ownKey(event) : ((views as ToyViews).traders.get(event.key) ?? noKeys)
  },
  wants: (topic, key, views) => topic === 'config' || topic === 'commands' || (views as ToyViews).traders.has(key),
  subscriptions: (key, views) => {
    const symbols: string[] = []
    for (const [symbol, portfolios] of (views as ToyViews).traders) if (portfolios.includes(key)) symbols.push(symbol)
    return symbols.sort()
  },
}

/** One task a partition and shard; `split` gives each market stage tasks of its own. */
export function toyTasks(layout: Layout, { split = false, book = toyBook() } = {}): TaskSpec[] {
  const market = toyMarket(book)
  const segments = split
    ? market.stages.map(ranked => ({ ...market, name: `market.${ranked.stage.name}`, stages: [ranked] }))
    : [market]
  const specs: TaskSpec[] = []
  for (const segment of segments) {
    for (let partition = 0; partition < layout.partitions; partition++) {
      const topics = split ? segment.stages.flatMap(({ stage }) => stage.reads) : (['ticks'] as const)
      specs.push({
        name: `${segment.name}-${partition}`,
        segment,
        inputs: [{ topic: 'config', partition: 0 }, ...topics.map(topic => ({ topic, partition }))],
        partition,
        owns: () => true,
      })
    }
  }
  for (let shard = 0; shard < layout.shards; shard++) {
    const perSymbol = (['ticks', 'books', 'features'] as const).flatMap(topic =>
      Array.from({ length: layout.partitions }, (_, partition) => ({ topic, partition })),
    )
    specs.push({
      name: `trading-${shard}`,
      segment: toyTrading,
      inputs: [{ topic: 'config', partition: 0 }, { topic: 'commands', partition: 0 }, ...perSymbol],
      partition: shard,
      owns: key => partitionFor('signals', key, layout) === shard,
    })
  }
  return specs
}
