/** What the simulated venue answers, as plain data while it travels, and as a report when it arrives. */
import { Decimal, type EventType, type Identity, type Liquidity, type Turn } from '@tideway/schemas'

export type Answer =
  | { readonly type: 'OrderAccepted'; readonly order: Identity; readonly venueOrderId: string }
  | {
      readonly type: 'Fill'
      readonly order: Identity
      readonly venueOrderId: string
      readonly tradeId: string
      readonly price: string
      readonly quantity: string
      readonly fee: string
      readonly feeAsset: string
      readonly liquidity: Liquidity
      readonly leaves: string
    }
  | {
      readonly type: Extract<EventType, 'OrderCancelled' | 'OrderExpired' | 'OrderRejected' | 'CancelRejected'>
      readonly order: Identity
      readonly reason: string
    }

/** Emits the report of an answer that the venue gave at `at`, UTC microseconds. */
export function report(answer: Answer, at: number, turn: Turn<unknown>): void {
  const topic = 'reports.paper'
  const when = { eventTime: at }
  const { order } = answer
  if (answer.type === 'OrderAccepted') {
    turn.emit(topic, 'OrderAccepted', { order, venueOrderId: answer.venueOrderId }, when)
    return
  }
  if (answer.type !== 'Fill') {
    turn.emit(topic, answer.type, { order, reason: answer.reason }, when)
    return
  }
  const { venueOrderId, tradeId, feeAsset, liquidity } = answer
  const [price, quantity, fee] = [new Decimal(answer.price), new Decimal(answer.quantity), new Decimal(answer.fee)]
  const fill = { order, venueOrderId, tradeId, price, quantity, fee, feeAsset, liquidity }
  const leaves = new Decimal(answer.leaves)
  if (leaves.isZero()) turn.emit(topic, 'OrderFilled', fill, when)
  else turn.emit(topic, 'OrderPartiallyFilled', { ...fill, leaves }, when)
}
