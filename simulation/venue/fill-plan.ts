/** When and how an order will be filled, drawn once, as it is accepted.
 *
 *  F1  The lots of the fills are the order's at most; a market order's are all of them.
 *  F2  No price is worse than the limit. A post-only order is maker in every fill.
 *  F3  Lots that are not in the plan are never filled. */
import type { VenueOrder } from '@tideway/connectors/orders'
import { exactLots, exactTicks, type Instrument, roundPrice } from '@tideway/domain'
import type { Randomness } from '@tideway/resilience'
import type { Decimal, Liquidity } from '@tideway/schemas'
import { between, drawn } from './draw.ts'

export interface PlannedFill {
  /** After the fill before it, or the acceptance; 0 is at once. */
  readonly delayMicros: number
  readonly ticks: number
  readonly lots: number
  readonly liquidity: Liquidity
}

/** Largest distance of a taker's price from the reference. */
const SLIPPAGE_TICKS_MAX = 20
const FILL_DELAY_MICROS_MAX = 300_000

export function planFills(
  order: VenueOrder,
  instrument: Instrument,
  reference: Decimal,
  random: Randomness,
): readonly PlannedFill[] {
  const lots = exactLots(instrument, order.quantity)
  const limitTicks = order.limitPrice === null ? undefined : exactTicks(instrument, order.limitPrice)
  if (order.orderType === 'market' || limitTicks === undefined) {
    return parts(lots, random).map(part => atOnce(takerTicks(order, instrument, reference, random), part))
  }
  const takes = order.timeInForce === 'postOnly' ? 0 : between(random, 0, drawn(random, 0.5) ? lots : 0)
  const taken = takes === 0 ? [] : parts(takes, random)
  const fills = taken.map(part => atOnce(withinLimit(order, limitTicks, between(random, 0, 3)), part))
  if (order.timeInForce === 'ioc' || takes === lots) return fills
  const rests = lots - takes
  const later = drawn(random, 0.6) ? rests : between(random, 0, rests)
  const waiting = later === 0 ? [] : parts(later, random)
  return [...fills, ...waiting.map(part => inTime(limitTicks, part, random))]
}

/** One to three parts of at least a lot that sum to `lots`. */
function parts(lots: number, random: Randomness): readonly number[] {
  const result: number[] = []
  let left = lots
  for (let more = between(random, 0, 2); more > 0 && left > 1; more--) {
    const part = between(random, 1, left - 1)
    result.push(part)
    left -= part
  }
  return [...result, left]
}

const atOnce = (ticks: number, lots: number): PlannedFill => ({ delayMicros: 0, ticks, lots, liquidity: 'taker' })

function inTime(ticks: number, lots: number, random: Randomness): PlannedFill {
  return { delayMicros: between(random, 1, FILL_DELAY_MICROS_MAX), ticks, lots, liquidity: 'maker' }
}

function takerTicks(order: VenueOrder, instrument: Instrument, reference: Decimal, random: Randomness): number {
  const near = exactTicks(instrument, roundPrice(instrument, reference, 'half-even'))
  const worse = between(random, 0, SLIPPAGE_TICKS_MAX)
  return Math.max(1, order.side === 'buy' ? near + worse : near - worse)
}

/** `better` ticks better than the limit. */
function withinLimit(order: VenueOrder, limitTicks: number, better: number): number {
  return Math.max(1, order.side === 'buy' ? limitTicks - better : limitTicks + better)
}
