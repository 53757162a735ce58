/** An outside venue for the simulator: it delays, repeats, loses, refuses, and leaves answers unknown; and it knows
 *  the truth.
 *
 *  In     what the order connector asks of a venue (connectors/orders/venue.ts)
 *  Out    answers and reports, late, twice or never; for checkers, every order that it took and every fill
 *
 *  S1  Time is the clock's and chance is the randomness's: the same seed and the same calls in the same order give the
 *      same venue.
 *  S2  A client id is refused as a duplicate while its order is open. Once it has ended the id is free, as at real
 *      venues, so that an order sent twice shows in the truth as two orders.
 *  S3  A request that takes the receive window or longer has no effect, whatever its sender believes.
 *  S4  Silence (VenueSilence) comes after `answerTimeoutMicros`, and says nothing of what happened.
 *  S5  Faults touch messages, never the truth: `query` tells every fill, to the last digit.
 *  S6  Reports travel each by itself: they overtake each other, and who does not listen when one arrives misses it.
 *  S7  Every order ends: what nobody fills or cancels the venue expires within a second of its last fill. */
import {
  type CancelAnswer,
  type OrderStatus,
  type SubmitAnswer,
  type Venue,
  type VenueFill,
  type VenueOrder,
  type VenueReport,
  VenueSilence,
} from '@tideway/connectors/orders'
import { brokenRule, type Instrument, priceOf, quantityOf } from '@tideway/domain'
import { feeOf } from '@tideway/domain/matching'
import type { Clock, Randomness } from '@tideway/resilience'
import { Decimal } from '@tideway/schemas'
import { between, drawn } from './draw.ts'
import { noFaults, type VenueFaults } from './faults.ts'
import { type PlannedFill, planFills } from './fill-plan.ts'

export interface SimulatedVenueOptions {
  readonly clock: Clock
  readonly random: Randomness
  readonly faults: VenueFaults
  /** By `venue:symbol`. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** What a symbol trades at about now; market orders are filled near it. */
  readonly reference: (symbol: string) => Decimal
  /** Microseconds after which a request that was sent can no longer take effect. */
  readonly receiveWindow: number
  /** Microseconds that a caller waits for an answer. */
  readonly answerTimeoutMicros: number
}

/** An order as the venue has it, with every fill. */
export interface TrueOrder extends OrderStatus {
  readonly order: VenueOrder
  /** UTC microseconds. */
  readonly takenAt: number
}

const LIFE_MICROS_MAX = 1_000_000

interface Held extends TrueOrder {
  state: TrueOrder['state']
  reason: string
  readonly fills: VenueFill[]
}

export class SimulatedVenue implements Venue {
  readonly receiveWindow: number
  readonly #options: SimulatedVenueOptions
  readonly #listeners = new Set<(report: VenueReport) => void>()
  readonly #orders: Held[] = []
  readonly #refused: string[] = []
  readonly #duplicates: string[] = []
  /** The newest of each client id, refused ones that are remembered among them. */
  readonly #known = new Map<string, Held>()
  #faults: VenueFaults
  #trades = 0
  #ids = 0

  constructor(options: SimulatedVenueOptions) {
    this.#options = options
    this.#faults = options.faults
    this.receiveWindow = options.receiveWindow
  }

  /** The truth (S5): every order that was taken, ended ones too, in the order in which they were taken. A client id that
   *  stands here twice was sent again after its first order had ended. */
  get orders(): readonly TrueOrder[] {
    return this.#orders
  }

  /** Client ids of orders that were refused, one for each time, duplicates among them. */
  get refused(): readonly string[] {
    return this.#refused
  }

  /** Client ids that were sent again while they were open, one for each time. */
  get duplicates(): readonly string[] {
    return this.#duplicates
  }

  /** From now on messages get through. What is under way is not saved. */
  calm(): void {
    this.#faults = noFaults
  }

  submit(order: VenueOrder): Promise<SubmitAnswer> {
    return this.#call('submit', () => this.#take(order))
  }

  cancel(clientId: string): Promise<CancelAnswer> {
    return this.#call('cancel', () => this.#cancel(clientId))
  }

  query(clientId: string): Promise<OrderStatus | 'not-found'> {
    return this.#call('query', () => {
      const held = this.#known.get(clientId)
      if (held === undefined) return 'not-found'
      const { venueOrderId, state, fills, reason } = held
      return { venueOrderId, state, fills: [...fills], reason }
    })
  }

  reports(onReport: (report: VenueReport) => void): () => void {
    // A listener of its own for each call, so that ending one does not end another with the same function.
    const listener = (report: VenueReport) => onReport(report)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** There, effect, and back; or silence (S3, S4). The fate of the messages is drawn as they are sent. */
  async #call<T>(what: string, effect: () => T): Promise<T> {
    const { clock, random, answerTimeoutMicros } = this.#options
    const { lostRequest, lostAnswer, requestDelayMicrosMax, answerDelayMicrosMax } = this.#faults
    const there = between(random, 0, requestDelayMicrosMax)
    const back = between(random, 0, answerDelayMicrosMax)
    const arrives = !drawn(random, lostRequest) && there < this.receiveWindow
    const answered = !drawn(random, lostAnswer) && there + back <= answerTimeoutMicros
    const answer = arrives ? clock.sleep(there).then(effect) : undefined
    if (answer !== undefined && answered) {
      const given = await answer
      await clock.sleep(back)
      return given
    }
    await clock.sleep(answerTimeoutMicros)
    throw new VenueSilence(`no answer to ${what} within ${answerTimeoutMicros} us: ask what became of it`)
  }

  #take(order: VenueOrder): SubmitAnswer {
    const { clock, random, instruments, reference } = this.#options
    const { clientId, symbol } = order
    if (this.#known.get(clientId)?.state === 'open') {
      this.#duplicates.push(clientId) // S2
      this.#refused.push(clientId)
      return { kind: 'rejected', reason: 'this client id is open' }
    }
    const instrument = instruments.get(symbol)
    const refusal = refusalOf(order, instrument, reference) ?? this.#whim()
    const venueOrderId = `v${++this.#ids}`
    const held: Held = { order, venueOrderId, state: 'open', fills: [], reason: '', takenAt: clock.now() }
    if (refusal !== undefined || instrument === undefined) {
      const reason = refusal ?? 'not listed'
      this.#refused.push(clientId)
      if (drawn(random, this.#faults.refusalRemembered))
        this.#known.set(clientId, { ...held, state: 'rejected', reason })
      return { kind: 'rejected', reason }
    }
    this.#orders.push(held)
    this.#known.set(clientId, held)
    this.#tell({ ...idsOf(held), kind: 'accepted' })
    void this.#live(held, instrument, planFills(order, instrument, reference(symbol), random))
    return { kind: 'accepted', venueOrderId }
  }

  #whim(): string | undefined {
    return drawn(this.#options.random, this.#faults.refused) ? 'refused on a whim' : undefined
  }

  /** What the market does to an order from its acceptance on. */
  async #live(held: Held, instrument: Instrument, plan: readonly PlannedFill[]): Promise<void> {
    const { clock, random } = this.#options
    for (const fill of plan) {
      if (fill.delayMicros > 0) await clock.sleep(fill.delayMicros)
      if (held.state !== 'open') return
      this.#fill(held, instrument, fill)
    }
    const { orderType, timeInForce } = held.order
    const rests = orderType === 'limit' && timeInForce !== 'ioc'
    if (rests && held.state === 'open') await clock.sleep(between(random, 1, LIFE_MICROS_MAX))
    if (held.state === 'open') this.#end(held, 'expired', rests ? 'too long in the book' : 'no more within its limit')
  }

  #fill(held: Held, instrument: Instrument, { ticks, lots, liquidity }: PlannedFill): void {
    const price = priceOf(instrument, ticks)
    const quantity = quantityOf(instrument, lots)
    const fee = feeOf(instrument, price, quantity, liquidity)
    const fill = { tradeId: `t${++this.#trades}`, price, quantity, ...fee, liquidity }
    held.fills.push(fill)
    const leaves = held.order.quantity.minus(filledOf(held))
    if (leaves.isZero()) held.state = 'filled'
    this.#tell({ ...idsOf(held), kind: 'filled', fill, leaves })
  }

  #cancel(clientId: string): CancelAnswer {
    const held = this.#known.get(clientId)
    if (held?.state !== 'open') return { kind: 'refused', reason: 'no such open order' }
    this.#end(held, 'cancelled', 'asked for')
    return { kind: 'cancelled' }
  }

  #end(held: Held, kind: 'cancelled' | 'expired', reason: string): void {
    held.state = kind
    held.reason = reason
    this.#tell({ ...idsOf(held), kind, reason })
  }

  /** Sends a report on its way: never, once or twice (S6). */
  #tell(report: VenueReport): void {
    const { clock, random } = this.#options
    const { lostReport, repeatedReport, reportDelayMicrosMax } = this.#faults
    const times = drawn(random, lostReport) ? 0 : drawn(random, repeatedReport) ? 2 : 1
    for (let n = 0; n < times; n++) {
      void clock.sleep(between(random, 0, reportDelayMicrosMax)).then(() => {
        for (const listener of this.#listeners) listener(report)
      })
    }
  }
}

/** What was filled of an order, exactly. */
export function filledOf({ fills }: Pick<OrderStatus, 'fills'>): Decimal {
  return fills.reduce((total, { quantity }) => total.plus(quantity), new Decimal(0))
}

function idsOf({ order, venueOrderId }: Held) {
  return { clientId: order.clientId, venueOrderId }
}

function refusalOf(order: VenueOrder, instrument: Instrument | undefined, reference: (symbol: string) => Decimal) {
  if (instrument === undefined) return `${order.symbol} is not listed`
  if (order.orderType === 'limit' && order.limitPrice === null) return 'a limit order needs a limit price'
  const { quantity, limitPrice } = order
  const broken = brokenRule(instrument, { quantity, limitPrice, referencePrice: reference(order.symbol) })
  return broken && `${broken.rule}: ${broken.value}, limit ${broken.limit}`
}
