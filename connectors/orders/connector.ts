/** The order connector: what `orders` submits goes to the venue, what the venue answers comes back on `reports`.
 *
 *  X1  An order is sent at most once while its outcome is unknown: the intent is committed before the send, and an order
 *      without a recorded answer is asked for first. It is sent again, under the same client id, only where the venue
 *      does not know it and its receive window has passed.
 *  X2  Silence is no answer: it becomes AnswerTimedOut, and is resolved by asking.
 *  X3  Every fill is reported once, by its trade id; before an order's end is reported the venue is asked for its fills.
 *  X4  What was committed is all that is remembered: a kill at any moment loses nothing that X1 to X3 do not regain. */
import { clientOrderId } from '@tideway/domain'
import type { Clock } from '@tideway/resilience'
import type { DataOf, Event, EventsOf, Identity } from '@tideway/schemas'
import { eventOf, Feed, type Log } from '@tideway/streams'
import { Ledger, type SentOrder, venueOrderOf } from './ledger.ts'
import { reportsOfFill } from './reports.ts'
import { type OrderStatus, type Venue, type VenueFill, type VenueReport, VenueSilence } from './venue.ts'

export interface OrderConnectorOptions {
  readonly name: string
  readonly log: Log
  /** Partition of `orders` and `reports`. */
  readonly shard: number
  readonly venue: Venue
  readonly clock: Clock
  /** Which portfolios trade on this venue. */
  readonly trades: (portfolio: string) => boolean
  /** Open orders are asked for when nothing was heard of them for so long; microseconds. */
  readonly reconcileMicros: number
}

interface SavedConnector {
  readonly offset: number
  readonly orders: readonly SentOrder[]
}

type ReportType = EventsOf['reports']

export class OrderConnector {
  readonly #options: OrderConnectorOptions
  readonly #feed: Feed<SavedConnector>
  readonly #heard: VenueReport[] = []
  readonly #deafen: () => void
  #ledger: Ledger
  #offset: number

  private constructor(options: OrderConnectorOptions, feed: Feed<SavedConnector>) {
    this.#options = options
    this.#feed = feed
    this.#ledger = new Ledger(feed.position?.orders)
    this.#offset = feed.position?.offset ?? 0
    this.#deafen = options.venue.reports(report => this.#heard.push(report))
  }

  static async open(options: OrderConnectorOptions): Promise<OrderConnector> {
    return new OrderConnector(options, await Feed.open<SavedConnector>(options.name, options.log, []))
  }

  close(): void {
    this.#deafen()
  }

  /** Orders whose end is not known yet. */
  get pending(): number {
    return this.#ledger.pending().length
  }

  /** One pass: reads new orders, hears reports, sends, asks. True when something happened. After an error the
   *  connector is thrown away and opened again (X4). */
  async step(): Promise<boolean> {
    const read = await this.#readOrders()
    const heard = await this.#hear()
    let acted = false
    for (const order of this.#ledger.pending()) if (await this.#act(order)) acted = true
    return read || heard || acted
  }

  async #readOrders(): Promise<boolean> {
    const { log, shard, trades } = this.#options
    const batch = await log.read('orders', shard, this.#offset, { records: 1_000, bytes: 1 << 20 })
    if (batch.records.length === 0) return false
    for (const record of batch.records) {
      const event = eventOf('orders', record)
      if (!trades(event.key)) continue
      if (event.type === 'OrderSubmitted') this.#ledger.want(this.#clientId(event.data.order), event.key, event.data)
      else if (event.type === 'CancelRequested') this.#ledger.wantCancel(this.#clientId(event.data.order))
    }
    this.#offset = batch.nextOffset
    await this.#commit()
    return true
  }

  #clientId(order: Identity): string {
    return clientOrderId(this.#options.log.incarnation, order)
  }

  async #hear(): Promise<boolean> {
    const heard = this.#heard.splice(0)
    for (const report of heard) {
      const order = this.#ledger.get(report.clientId)
      if (!order || order.state === 'ended') continue
      order.touched = this.#options.clock.now()
      if (report.kind === 'accepted') this.#accept(order, report.venueOrderId)
      else if (report.kind === 'filled') this.#fill(order, report.venueOrderId, report.fill)
      else await this.#ask(order)
    }
    if (heard.length > 0) await this.#commit()
    return heard.length > 0
  }

  async #act(order: SentOrder): Promise<boolean> {
    const { clock, venue, reconcileMicros } = this.#options
    const quiet = clock.now() - order.touched
    if (order.state === 'wanted') return this.#send(order)
    if (order.state === 'sent' && quiet >= venue.receiveWindow) return this.#resolve(order)
    if (order.state === 'open' && order.cancelWanted) return this.#cancel(order)
    if (order.state === 'open' && quiet >= reconcileMicros) {
      await this.#ask(order)
      await this.#commit()
      return true
    }
    return false
  }

  /** X1: the intent is in the log before the venue hears of it. */
  async #send(order: SentOrder): Promise<boolean> {
    order.state = 'sent'
    order.touched = this.#options.clock.now()
    await this.#commit()
    try {
      const answer = await this.#options.venue.submit(venueOrderOf(order))
      if (answer.kind === 'accepted') this.#accept(order, answer.venueOrderId)
      else this.#end(order, 'OrderRejected', answer.reason)
    } catch (error) {
      if (!(error instanceof VenueSilence)) throw error
      this.#silence(order, 'submit')
    }
    await this.#commit()
    return true
  }

  /** X1, X2: an order without an answer, once it can no longer be on its way. */
  async #resolve(order: SentOrder): Promise<boolean> {
    const status = await this.#query(order)
    if (status === 'not-found') return this.#send(order)
    if (status) this.#adopt(order, status)
    await this.#commit()
    return true
  }

  async #cancel(order: SentOrder): Promise<boolean> {
    order.cancelWanted = false
    order.touched = this.#options.clock.now()
    try {
      const answer = await this.#options.venue.cancel(order.clientId)
      if (answer.kind === 'refused')
        this.#report(order, 'CancelRejected', { order: order.order, reason: answer.reason })
      await this.#ask(order)
    } catch (error) {
      if (!(error instanceof VenueSilence)) throw error
      this.#silence(order, 'cancel')
      order.cancelWanted = true
    }
    await this.#commit()
    return true
  }

  async #ask(order: SentOrder): Promise<void> {
    const status = await this.#query(order)
    if (status && status !== 'not-found') this.#adopt(order, status)
  }

  async #query(order: SentOrder): Promise<OrderStatus | 'not-found' | undefined> {
    order.touched = this.#options.clock.now()
    try {
      return await this.#options.venue.query(order.clientId)
    } catch (error) {
      if (error instanceof VenueSilence) return undefined
      throw error
    }
  }

  /** The venue's own account of an order: every fill, then its end. */
  #adopt(order: SentOrder, { venueOrderId, state, fills, reason }: OrderStatus): void {
    if (state !== 'rejected') this.#accept(order, venueOrderId)
    for (const fill of fills) this.#fill(order, venueOrderId, fill)
    if (state === 'cancelled') this.#end(order, 'OrderCancelled', reason)
    else if (state === 'expired') this.#end(order, 'OrderExpired', reason)
    else if (state === 'rejected') this.#end(order, 'OrderRejected', reason)
  }

  #accept(order: SentOrder, venueOrderId: string): void {
    if (order.accepted || order.state === 'ended') return
    order.accepted = true
    order.state = 'open'
    this.#report(order, 'OrderAccepted', { order: order.order, venueOrderId })
  }

  #fill(order: SentOrder, venueOrderId: string, fill: VenueFill): void {
    this.#accept(order, venueOrderId)
    if (order.trades.includes(fill.tradeId)) return
    const { type, data, filled } = reportsOfFill(order, venueOrderId, fill)
    order.trades.push(fill.tradeId)
    order.filled = filled
    if (type === 'OrderFilled') order.state = 'ended'
    this.#report(order, type, data)
  }

  #end(order: SentOrder, type: 'OrderCancelled' | 'OrderExpired' | 'OrderRejected', reason: string): void {
    if (order.state === 'ended') return
    order.state = 'ended'
    this.#report(order, type, { order: order.order, reason })
  }

  #silence(order: SentOrder, asked: 'submit' | 'cancel'): void {
    if (order.silent) return
    order.silent = true
    this.#report(order, 'AnswerTimedOut', { order: order.order, asked })
  }

  #report<K extends ReportType>(order: SentOrder, type: K, data: DataOf[`reports/${K}`]): Event {
    const now = this.#options.clock.now()
    const at = { eventTime: now, receiveTime: now, causes: [order.order] }
    return this.#feed.append({
      topic: 'reports',
      type,
      key: order.portfolio,
      source: this.#options.name,
      ...at,
      data,
    } as never)
  }

  /** Reports, the ledger and the place in `orders`, as one. */
  async #commit(): Promise<void> {
    await this.#feed.commit({ offset: this.#offset, orders: this.#ledger.save() }, true)
  }
}
