/** A time bar while it is open: plain numbers, trade by trade in the order of arrival. */
import type { CandleClosed, TradePrinted } from '@tideway/schemas'
import { addTurnover, type Turnover, turnoverOf } from './turnover.ts'

export interface Bar {
  /** Venue time, UTC microseconds. */
  openTime: number
  openTicks: number
  highTicks: number
  lowTicks: number
  closeTicks: number
  volumeLots: number
  buyLots: number
  readonly turnover: Turnover
  /** 0 while there is no bar. */
  trades: number
  lateTrades: number
}

export function noBar(): Bar {
  return {
    openTime: 0,
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    closeTicks: 0,
    volumeLots: 0,
    buyLots: 0,
    turnover: { high: 0, low: 0 },
    trades: 0,
    lateTrades: 0,
  }
}

export function copyBar(bar: Bar): Bar {
  return { ...bar, turnover: { ...bar.turnover } }
}

export function openBar(bar: Bar, openTime: number, priceTicks: number): void {
  bar.openTime = openTime
  bar.openTicks = priceTicks
  bar.highTicks = priceTicks
  bar.lowTicks = priceTicks
  bar.closeTicks = priceTicks
  bar.volumeLots = 0
  bar.buyLots = 0
  bar.turnover.high = 0
  bar.turnover.low = 0
  bar.trades = 0
  bar.lateTrades = 0
}

export function foldBar(bar: Bar, { priceTicks, sizeLots, aggressor }: TradePrinted): void {
  if (priceTicks > bar.highTicks) bar.highTicks = priceTicks
  if (priceTicks < bar.lowTicks) bar.lowTicks = priceTicks
  bar.closeTicks = priceTicks
  bar.volumeLots += sizeLots
  if (aggressor === 'buy') bar.buyLots += sizeLots
  addTurnover(bar.turnover, priceTicks, sizeLots)
  bar.trades++
}

export function candleOf(bar: Bar, intervalMicros: number): CandleClosed {
  const { openTime, openTicks, highTicks, lowTicks, closeTicks, volumeLots, buyLots, trades, lateTrades } = bar
  return {
    intervalMicros,
    openTime,
    openTicks,
    highTicks,
    lowTicks,
    closeTicks,
    volumeLots,
    buyLots,
    turnover: turnoverOf(bar.turnover),
    trades,
    lateTrades,
  }
}
