/** A venue that does what a test tells it, request by request, and remembers what it was asked. */
import type { CancelAnswer, OrderStatus, SubmitAnswer, Venue, VenueOrder, VenueReport } from '../venue.ts'
import { VenueSilence } from '../venue.ts'

export class ScriptedVenue implements Venue {
  readonly receiveWindow = 1_000
  readonly submitted: VenueOrder[] = []
  readonly queried: string[] = []
  readonly cancelled: string[] = []
  onSubmit: (order: VenueOrder) => SubmitAnswer | 'silence' = () => ({ kind: 'accepted', venueOrderId: 'v1' })
  onQuery: (clientId: string) => OrderStatus | 'not-found' | 'silence' = () => 'not-found'
  onCancel: () => CancelAnswer | 'silence' = () => ({ kind: 'cancelled' })
  #listeners: ((report: VenueReport) => void)[] = []

  async submit(order: VenueOrder): Promise<SubmitAnswer> {
    this.submitted.push(order)
    return answered(this.onSubmit(order))
  }

  async query(clientId: string): Promise<OrderStatus | 'not-found'> {
    this.queried.push(clientId)
    return answered(this.onQuery(clientId))
  }

  async cancel(clientId: string): Promise<CancelAnswer> {
    this.cancelled.push(clientId)
    return answered(this.onCancel())
  }

  reports(onReport: (report: VenueReport) => void): () => void {
    this.#listeners.push(onReport)
    return () => {
      this.#listeners = this.#listeners.filter(each => each !== onReport)
    }
  }

  tell(report: VenueReport): void {
    for (const listener of this.#listeners) listener(report)
  }
}

function answered<T>(answer: T | 'silence'): T {
  if (answer === 'silence') throw new VenueSilence('no answer')
  return answer
}
