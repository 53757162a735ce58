/** A seeded scenario for the toy topology, fed in chunks, and the hashes of what came out. */
import { Decimal, hashedTopics, partitionsOf } from '@tideway/schemas'
import type { Log } from '../log/log.ts'
import { Feed } from '../task/feed.ts'
import { eventOf, isEventTopic } from '../wire/codec.ts'
import { TopicHasher } from '../wire/topic-hash.ts'

export const toySymbols = ['binance:BTC/USDT', 'binance:ETH/USDT', 'binance-usdm:BTC/USDT', 'simulated:SOL/USDT']
export const toyPortfolios = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']

const ZERO = new Decimal(0)
const START = 1_700_000_000_000_000

export interface ToyTrade {
  readonly key: string
  readonly receiveTime: number
  readonly tradeId: number
  readonly priceTicks: number
  readonly sizeLots: number
}

/** Trades of several symbols; many share one microsecond. */
export function toyTrades(count: number, seed = 1): ToyTrade[] {
  let state = seed
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  let time = START
  return Array.from({ length: count }, (_, tradeId) => {
    if (draw(4) > 0) time += draw(20_000)
    return {
      key: toySymbols[draw(toySymbols.length)] ?? '',
      receiveTime: time,
      tradeId,
      priceTicks: 1 + draw(1000),
      sizeLots: 1 + draw(50),
    }
  })
}

/** Puts the portfolios on config and the trades on ticks, `chunk` to a commit, calling `between` after each. */
export async function feedToy(
  log: Log,
  trades: readonly ToyTrade[],
  chunk: number,
  between: () => Promise<void>,
): Promise<void> {
  const feed = await Feed.open<number>('feed', log, ['config', 'commands', 'ticks'])
  if (feed.position === undefined) {
    toyPortfolios.forEach((key, at) => {
      const symbols = toySymbols.filter((_, index) => (index + at) % 3 !== 0)
      feed.append({
        topic: 'config',
        type: 'PortfolioOpened',
        key,
        source: 'setup',
        eventTime: START - 1_000_000,
        receiveTime: START - 1_000_000,
        data: {
          account: 'paper',
          currency: 'USDT',
          cash: ZERO,
          latencyMicros: 0,
          strategies: [{ name: 'toy', symbols, parameters: {} }],
        },
      })
    })
  }
  for (let from = feed.position ?? 0; from < trades.length; from += chunk) {
    const part = trades.slice(from, from + chunk)
    for (const { key, receiveTime, ...trade } of part) {
      feed.append({
        topic: 'ticks',
        type: 'TradePrinted',
        key,
        source: 'toy',
        eventTime: receiveTime,
        receiveTime,
        data: { ...trade, aggressor: 'buy' },
      })
    }
    feed.promise(part.at(-1)?.receiveTime ?? 0)
    await feed.commit(from + part.length)
    await between()
  }
  feed.promise((trades.at(-1)?.receiveTime ?? 0) + 60_000_000)
  await feed.commit(trades.length)
  await between()
}

/** Hash and count of every hashed topic that has records. */
export async function hashesOf(log: Log): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const topic of hashedTopics) {
    if (!isEventTopic(topic)) continue
    const hasher = new TopicHasher()
    for (let partition = 0; partition < partitionsOf(topic, log.layout); partition++) {
      for (let offset = 0; ; ) {
        const batch = await log.read(topic, partition, offset, { records: 10_000, bytes: 8 << 20 })
        for (const record of batch.records) hasher.add(eventOf(topic, record), record.value)
        if (batch.nextOffset === offset) break
        offset = batch.nextOffset
      }
    }
    const { count, sha256 } = hasher.digest()
    if (count > 0) hashes[topic] = `${count} ${sha256}`
  }
  return hashes
}
