/** One owner's orders in one instrument, matched against a recorded market.
 *
 *  In     orders and cancels at the moment when they reach the venue (latency is the caller's: before that call the
 *         engine knows nothing of them); every recorded trade; every change of the recorded book
 *  Out    what happened to the orders, in order
 *  State  plain data that survives a structured clone; one engine an owner and instrument, never shared
 *
 *  The recording goes on as if we were not there. An order takes what the recorded levels show, less what was taken
 *  before (taken-liquidity.ts); the rest of it waits in the recorded queue (queue-position.ts) until prints use up what
 *  is ahead, a print goes through its price, or lots arrive on the other side at or beyond its price.
 *
 *  M1  An order never fills more lots than it asked: lots = filled + leaves, after every outcome.
 *  M2  No fill is worse than the limit. A taker pays the level's price, a maker its own limit.
 *  M3  Own orders fill by price, then by arrival: none while one before it on its side could still fill.
 *  M4  One print fills at most its lots, over all own orders.
 *  M5  No recorded lot is taken twice (T1), neither by takers nor by an order that the other side came to.
 *  M6  A post-only order never takes. A market or immediate order never rests.
 *  M7  Own orders never trade with each other; preventing that they could is the caller's.
 *  M8  Same calls, same outcomes; a clone of the state goes on as the state would.
 *  M9  An idle engine equals an empty one. Trades and books cost it a comparison and allocate nothing. */
import type { Side } from '@tideway/schemas'
import { assertOrder, MatchingError, type NewOrder, type Outcome } from './order.ts'
import { advanceQueue, clearQueue, joinQueue, levelLots, type RestingOrder, shrinkQueue } from './queue-position.ts'
import type { BookSide, RecordedBook } from './recorded-book.ts'
import { availableLots, rememberTaken, settleTaken, type TakenLevel } from './taken-liquidity.ts'

/** Resting orders of one owner in one instrument, as venues bound them. */
export const OPEN_ORDERS_MAX = 200

export interface Engine {
  /** Own resting orders, best price first, then by arrival. */
  readonly buys: RestingOrder[]
  readonly sells: RestingOrder[]
  /** Taken by own sells and by own buys. */
  readonly takenBids: TakenLevel[]
  readonly takenAsks: TakenLevel[]
}

/** Nothing happened: always this one array. */
export const nothing: readonly Outcome[] = Object.freeze([])

export function emptyEngine(): Engine {
  return { buys: [], sells: [], takenBids: [], takenAsks: [] }
}

/** Nothing rests and nothing taken is remembered: it may be thrown away (M9). */
export function isIdle(engine: Engine): boolean {
  return openOrders(engine) === 0 && engine.takenBids.length === 0 && engine.takenAsks.length === 0
}

export function openOrders(engine: Engine): number {
  return engine.buys.length + engine.sells.length
}

/** An order reaches the venue. Throws MatchingError for one that makes no sense or whose id is open. */
export function submit(engine: Engine, order: NewOrder, book: RecordedBook): readonly Outcome[] {
  assertOrder(order)
  const { id, side } = order
  if (engine.buys.some(open => open.id === id) || engine.sells.some(open => open.id === id))
    throw new MatchingError(`order ${id} is open already`)
  const isMarket = order.orderType === 'market'
  const limitTicks = isMarket ? 0 : order.limitTicks
  const rests = !isMarket && order.timeInForce !== 'ioc'
  const takes = isMarket || order.timeInForce !== 'postOnly'
  if (rests && openOrders(engine) >= OPEN_ORDERS_MAX) return [{ kind: 'rejected', id, reason: 'too-many-open' }]
  if (!takes && couldTake(engine, book, side, limitTicks)) return [{ kind: 'rejected', id, reason: 'would-take' }]

  const outcomes: Outcome[] = [{ kind: 'accepted', id }]
  let leavesLots = order.lots
  const takenBefore = takes ? take(engine, book, side, limitTicks, leavesLots) : noTakes
  for (const { ticks, lots } of takenBefore) {
    leavesLots -= lots
    outcomes.push({ kind: 'filled', id, priceTicks: ticks, lots, leavesLots, liquidity: 'taker' })
  }
  if (leavesLots === 0) return outcomes
  if (rests) {
    const ahead = levelLots(book, side === 'buy' ? 'bid' : 'ask', limitTicks)
    rest(engine, joinQueue(id, side, limitTicks, leavesLots, ahead))
  } else outcomes.push({ kind: 'expired', id, leavesLots })
  return outcomes
}

/** A cancel reaches the venue. */
export function cancel(engine: Engine, id: string): readonly Outcome[] {
  for (const orders of [engine.buys, engine.sells]) {
    const at = orders.findIndex(order => order.id === id)
    const [gone] = at < 0 ? [] : orders.splice(at, 1)
    if (gone !== undefined) return [{ kind: 'cancelled', id, leavesLots: gone.leavesLots }]
  }
  return [{ kind: 'cancelRejected', id, reason: 'not-open' }]
}

/** A recorded print: a taker on side `aggressor` traded `lots` at `priceTicks`. `time` in UTC microseconds. */
export function onTrade(
  engine: Engine,
  aggressor: Side,
  priceTicks: number,
  lots: number,
  time: number,
): readonly Outcome[] {
  const orders = aggressor === 'sell' ? engine.buys : engine.sells
  if (orders.length === 0) return nothing
  let outcomes: Outcome[] | undefined
  let usedLots = 0
  let waits = false // M3: one that this print left open lets none after it
  for (const order of orders) {
    if (!reaches(order.side, order.limitTicks, priceTicks)) break
    let past: number
    if (order.limitTicks === priceTicks) past = advanceQueue(order, lots, usedLots, time)
    else {
      clearQueue(order)
      past = lots - usedLots // M4
    }
    const filled: number = waits ? 0 : Math.min(order.leavesLots, past)
    waits ||= filled < order.leavesLots
    if (filled === 0) continue
    usedLots += filled
    outcomes ??= []
    outcomes.push(fillMaker(order, filled))
  }
  if (outcomes === undefined) return nothing
  dropFilled(orders)
  return outcomes
}

/** The recorded book changed; `time` in UTC microseconds. */
export function onBook(engine: Engine, book: RecordedBook, time: number): readonly Outcome[] {
  if (isIdle(engine)) return nothing
  settleSide(engine.takenBids, 'bid', book)
  settleSide(engine.takenAsks, 'ask', book)
  for (const order of engine.buys) shrinkQueue(order, levelLots(book, 'bid', order.limitTicks), time)
  for (const order of engine.sells) shrinkQueue(order, levelLots(book, 'ask', order.limitTicks), time)
  const bought = crossed(engine, engine.buys, book)
  const sold = crossed(engine, engine.sells, book)
  return bought === nothing ? sold : sold === nothing ? bought : [...bought, ...sold]
}

/** Fills own orders that the other side of the book has come to. One behind recorded lots, as a book out of step may
 *  show it, waits for them, and what comes after it waits too (M3). */
function crossed(engine: Engine, orders: RestingOrder[], book: RecordedBook): readonly Outcome[] {
  let outcomes: Outcome[] | undefined
  for (const order of orders) {
    if (order.aheadLots > 0 || !couldTake(engine, book, order.side, order.limitTicks)) break
    let filled = 0
    for (const { lots } of take(engine, book, order.side, order.limitTicks, order.leavesLots)) filled += lots
    outcomes ??= []
    outcomes.push(fillMaker(order, filled)) // M2: it rested, so the price is its own
  }
  if (outcomes === undefined) return nothing
  dropFilled(orders)
  return outcomes
}

interface Take {
  readonly ticks: number
  readonly lots: number
}

const noTakes: readonly Take[] = []

/** Walks the other side from its best to the limit and takes up to `lots`; a limit of 0 is none. */
function take(engine: Engine, book: RecordedBook, side: Side, limitTicks: number, lots: number): readonly Take[] {
  const from: BookSide = side === 'buy' ? 'ask' : 'bid'
  const taken = side === 'buy' ? engine.takenAsks : engine.takenBids
  const takes: Take[] = []
  let leaves = lots
  for (let ticks = book.best(from); leaves > 0 && ticks !== 0; ticks = book.next(from, ticks)) {
    if (limitTicks !== 0 && !reaches(side, limitTicks, ticks)) break
    const here = Math.min(leaves, availableLots(taken, ticks, book.lotsAt(from, ticks))) // M5
    if (here === 0) continue
    leaves -= here
    rememberTaken(taken, from, ticks, here)
    takes.push({ ticks, lots: here })
  }
  return takes
}

/** Whether a limit order would find anything to take. */
function couldTake(engine: Engine, book: RecordedBook, side: Side, limitTicks: number): boolean {
  const from: BookSide = side === 'buy' ? 'ask' : 'bid'
  const taken = side === 'buy' ? engine.takenAsks : engine.takenBids
  for (let ticks = book.best(from); ticks !== 0; ticks = book.next(from, ticks)) {
    if (!reaches(side, limitTicks, ticks)) return false
    if (availableLots(taken, ticks, book.lotsAt(from, ticks)) > 0) return true
  }
  return false
}

/** Whether an order with this limit would trade at this price. */
function reaches(side: Side, limitTicks: number, priceTicks: number): boolean {
  return side === 'buy' ? limitTicks >= priceTicks : limitTicks <= priceTicks
}

/** Puts an order behind those of ours with its price or a better one (M3). */
function rest(engine: Engine, order: RestingOrder): void {
  const orders = order.side === 'buy' ? engine.buys : engine.sells
  let at = orders.length
  for (; at > 0; at--) {
    const before = orders[at - 1]
    if (before === undefined || reaches(order.side, before.limitTicks, order.limitTicks)) break
  }
  orders.splice(at, 0, order)
}

function fillMaker(order: RestingOrder, lots: number): Outcome {
  order.leavesLots -= lots // M1
  const { id, limitTicks: priceTicks, leavesLots } = order
  return { kind: 'filled', id, priceTicks, lots, leavesLots, liquidity: 'maker' }
}

function dropFilled(orders: RestingOrder[]): void {
  let kept = 0
  for (const order of orders) if (order.leavesLots > 0) orders[kept++] = order
  orders.length = kept
}

function settleSide(taken: TakenLevel[], side: BookSide, book: RecordedBook): void {
  if (taken.length === 0) return
  const best = book.best(side)
  if (best === 0 && book.partial === true) return // not known, which is not empty
  settleTaken(taken, side, best, best === 0 ? 0 : book.lotsAt(side, best))
}
