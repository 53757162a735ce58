/** The features once more, plainly: everything that happened is kept, and each value is computed from its definition.
 *  `featureVector` must agree with it to within rounding. */
import { featureNames } from '../names.ts'

const STEP = 100_000

interface Touch {
  readonly time: number
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
}

/** The best five sizes of each side, as of the last message. */
export interface Depths {
  readonly bids: readonly number[]
  readonly asks: readonly number[]
}

export class PlainFeatures {
  private readonly touches: Touch[] = []
  private readonly trades: { time: number; ticks: number; lots: number }[] = []
  private first = Number.NaN

  trade(time: number, ticks: number, lots: number): void {
    if (Number.isNaN(this.first)) this.first = time
    this.trades.push({ time, ticks, lots })
  }

  /** The best prices and sizes after a message; 0 where a side has none. */
  touch(time: number, bidTicks: number, bidLots: number, askTicks: number, askLots: number): void {
    if (Number.isNaN(this.first)) this.first = time
    this.touches.push({ time, bidTicks, bidLots, askTicks, askLots })
  }

  vector(time: number, depths: Depths): number[] {
    const whole = Math.floor(time / STEP) * STEP
    const mids = this.midsAtSteps(whole)
    const mid = this.midBefore(Number.POSITIVE_INFINITY)
    const { bidTicks = 0, bidLots = 0, askTicks = 0, askLots = 0 } = this.touches.at(-1) ?? {}
    const bids = sum(depths.bids)
    const asks = sum(depths.asks)
    const known = bidTicks > 0 && askTicks > 0
    const warm = whole - Math.floor(this.first / STEP) * STEP >= 10 * STEP
    const vwap = this.vwap(whole - 600 * STEP)
    const values: Record<string, number> = {
      return1s: Math.log(mid / (mids.at(-11) ?? Number.NaN)),
      return10s: Math.log(mid / (mids.at(-101) ?? Number.NaN)),
      volatility: volatility(mids),
      spread: known ? (askTicks - bidTicks) / mid : Number.NaN,
      imbalance: known ? (bids - asks) / (bids + asks) : Number.NaN,
      microprice: known ? (bidTicks * askLots + askTicks * bidLots) / (bidLots + askLots) / mid - 1 : Number.NaN,
      orderFlowImbalance: warm ? this.orderFlow(whole - 10 * STEP) : Number.NaN,
      tradeIntensity: warm ? this.intensity(whole) : Number.NaN,
      vwapDistance: mid / vwap - 1,
      rsi: this.rsi(whole),
      emaFast: ema(mids, 20),
      emaSlow: ema(mids, 100),
    }
    return featureNames.map(name => values[name] ?? Number.NaN)
  }

  private midBefore(time: number): number {
    const last = this.touches.findLast(each => each.time < time && each.bidTicks > 0 && each.askTicks > 0)
    return last ? (last.bidTicks + last.askTicks) / 2 : Number.NaN
  }

  /** Mid at the end of each closed step since the first message, those without a mid left out. */
  private midsAtSteps(whole: number): number[] {
    return this.stepEnds(whole)
      .map(end => this.midBefore(end))
      .filter(mid => !Number.isNaN(mid))
  }

  private stepEnds(whole: number): number[] {
    const start = Math.floor(this.first / STEP) * STEP
    return Array.from({ length: Math.max(0, (whole - start) / STEP) }, (_, i) => start + (i + 1) * STEP)
  }

  /** Cont, Kukanov, Stoikov: contributions of all changes since `from`. */
  private orderFlow(from: number): number {
    let flow = 0
    for (const [i, now] of this.touches.entries()) {
      const before = this.touches[i - 1]
      if (now.time < from || !before || before.bidTicks * before.askTicks * now.bidTicks * now.askTicks === 0) continue
      const bid =
        (now.bidTicks >= before.bidTicks ? now.bidLots : 0) - (now.bidTicks <= before.bidTicks ? before.bidLots : 0)
      const ask =
        (now.askTicks <= before.askTicks ? now.askLots : 0) - (now.askTicks >= before.askTicks ? before.askLots : 0)
      flow += bid - ask
    }
    return flow
  }

  private intensity(whole: number): number {
    const closed = this.trades.filter(({ time }) => time < whole)
    return sum(closed.map(({ time }) => 0.9 ** ((whole - (Math.floor(time / STEP) + 1) * STEP) / STEP)))
  }

  private vwap(from: number): number {
    const recent = this.trades.filter(({ time }) => time >= from)
    return sum(recent.map(({ ticks, lots }) => ticks * lots)) / sum(recent.map(({ lots }) => lots))
  }

  /** Wilder's, of the mids at whole multiples of 500 ms. */
  private rsi(whole: number): number {
    const samples = this.stepEnds(whole)
      .filter(end => end % (5 * STEP) === 0)
      .map(end => this.midBefore(end))
      .filter(mid => !Number.isNaN(mid))
    const changes = samples.slice(1).map((mid, i) => mid - (samples[i] ?? 0))
    if (changes.length < 14) return Number.NaN
    const smooth = (values: readonly number[]) =>
      values.slice(14).reduce((average, each) => (average * 13 + each) / 14, sum(values.slice(0, 14)) / 14)
    const gain = smooth(changes.map(each => Math.max(each, 0)))
    const loss = smooth(changes.map(each => Math.max(-each, 0)))
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss)
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}

function volatility(mids: readonly number[]): number {
  if (mids.length < 101) return Number.NaN
  const window = mids.slice(-101)
  const squares = window.slice(1).map((mid, i) => Math.log(mid / (window[i] ?? 0)) ** 2)
  return Math.sqrt(sum(squares) / 100) * Math.sqrt(10)
}

function ema(mids: readonly number[], period: number): number {
  if (mids.length < period) return Number.NaN
  const seed = sum(mids.slice(0, period)) / period
  return mids.slice(period).reduce((average, mid) => average + (2 / (period + 1)) * (mid - average), seed)
}
