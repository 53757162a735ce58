/** Recorded market data as book messages and trades, decoded plainly: a line is `RECEIVE_TIME_NS JSON` of a Binance
 *  combined stream. Prices become ticks, sizes lots, by the instrument's steps per unit. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from '../book/messages.ts'

const folder = new URL('../../../shared/data/', import.meta.url)

interface Capture {
  readonly path: string
  readonly ticksPerUnit: number
  readonly lotsPerUnit: number
}

export const captures = {
  'spot btcusdt': { path: 'binance-spot/btcusdt_20240809.gz', ticksPerUnit: 100, lotsPerUnit: 1e5 },
  'spot ethusdt': { path: 'binance-spot/ethusdt_20240809.gz', ticksPerUnit: 100, lotsPerUnit: 1e4 },
  'usdm btcusdt': { path: 'binance-usdm/btcusdt_20240808.gz', ticksPerUnit: 10, lotsPerUnit: 1e3 },
  'usdm ethusdt': { path: 'binance-usdm/ethusdt_20240808.gz', ticksPerUnit: 100, lotsPerUnit: 1e3 },
  'coinm btcusd': { path: 'binance-captures/cm_btcusd_perp_20240808.gz', ticksPerUnit: 10, lotsPerUnit: 1 },
} as const satisfies Record<string, Capture>

export type CaptureName = keyof typeof captures
export const captureNames = Object.keys(captures) as CaptureName[]
export const capturesThere = captureNames.every(name => existsSync(new URL(captures[name].path, folder)))

export interface RecordedTrade {
  readonly tradeId: number
  readonly priceTicks: number
  readonly sizeLots: number
  readonly aggressor: 'buy' | 'sell'
}

/** Times are UTC microseconds: when it was received, and when it happened by the venue's clock. */
type Recorded<T extends string, D> = {
  readonly type: T
  readonly time: number
  readonly eventTime: number
  readonly data: D
}

export type RecordedMessage =
  | Recorded<'TradePrinted', RecordedTrade>
  | Recorded<'QuoteChanged', QuoteMessage>
  | Recorded<'DepthChanged', DepthMessage>
  | Recorded<'BookSnapshotted', SnapshotMessage>

type Pairs = readonly (readonly [price: string, size: string])[]

/** The first `most` messages of a capture. */
export function recordedMessages(name: CaptureName, most = Number.POSITIVE_INFINITY): RecordedMessage[] {
  const { path, ticksPerUnit, lotsPerUnit } = captures[name]
  const lines = gunzipSync(readFileSync(new URL(path, folder)))
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
  const ticks = (price: string) => Math.round(Number(price) * ticksPerUnit)
  const lots = (size: string) => Math.round(Number(size) * lotsPerUnit)
  const levels = (bids: Pairs, asks: Pairs): LevelsMessage => ({
    bidTicks: bids.map(([price]) => ticks(price)),
    bidLots: bids.map(([, size]) => lots(size)),
    askTicks: asks.map(([price]) => ticks(price)),
    askLots: asks.map(([, size]) => lots(size)),
  })
  return lines.slice(0, most).map((line): RecordedMessage => {
    const space = line.indexOf(' ')
    const time = Number(line.slice(0, space - 3))
    const { stream = '', data: inner, ...rest } = JSON.parse(line.slice(space + 1))
    const data = inner ?? rest
    const eventTime = (data.T ?? data.E ?? time / 1000) * 1000
    if (stream.includes('@trade')) {
      const aggressor = data.m ? 'sell' : 'buy'
      const trade = { tradeId: data.t, priceTicks: ticks(data.p), sizeLots: lots(data.q), aggressor } as const
      return { type: 'TradePrinted', time, eventTime, data: trade }
    }
    if (stream.includes('@bookTicker')) {
      const [bidTicks, bidLots, askTicks, askLots] = [ticks(data.b), lots(data.B), ticks(data.a), lots(data.A)]
      return { type: 'QuoteChanged', time, eventTime, data: { updateId: data.u, bidTicks, bidLots, askTicks, askLots } }
    }
    if (stream.includes('@depth')) {
      const ids = { firstUpdateId: data.U, lastUpdateId: data.u, previousUpdateId: data.pu ?? -1 }
      return { type: 'DepthChanged', time, eventTime, data: { ...ids, ...levels(data.b, data.a) } }
    }
    const snapshot = { lastUpdateId: data.lastUpdateId, ...levels(data.bids, data.asks) }
    return { type: 'BookSnapshotted', time, eventTime, data: snapshot }
  })
}
