/** The life of an order. Row: where it is. Cell: where a report takes it. No cell: a report that cannot be true; the
 *  order stays and the report is set aside.
 *
 *  L1  Silence is no answer: only a report leaves `unknown`, never time.
 *  L2  Reports overtake: a late acknowledgement changes nothing, a late fill counts.
 *  L3  A refused cancel says nothing about the order: ask. Where the answer is already known it changes nothing. */
import type { EventsOf } from '@tideway/schemas'

export const orderStates = [
  'initialised',
  'submitted',
  'accepted',
  'partiallyFilled',
  'filled',
  'pendingCancel',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
] as const

export type OrderState = (typeof orderStates)[number]

/** What moves an order: what we asked for and what the venue reports. */
export type OrderReport = EventsOf['reports'] | 'OrderSubmitted' | 'CancelRequested'

const fills = { OrderPartiallyFilled: 'partiallyFilled', OrderFilled: 'filled' } as const
const ends = { OrderCancelled: 'cancelled', OrderExpired: 'expired' } as const
const refusal = { OrderRejected: 'rejected' } as const

/** Answers to a question that has been answered meanwhile (L2, L3). */
const late = <S extends OrderState>(here: S) => ({ CancelRejected: here, AnswerTimedOut: here })

export const orderLife: Readonly<Record<OrderState, Partial<Record<OrderReport, OrderState>>>> = {
  initialised: { OrderSubmitted: 'submitted', ...refusal },
  submitted: {
    OrderAccepted: 'accepted',
    CancelRequested: 'pendingCancel',
    AnswerTimedOut: 'unknown',
    ...fills,
    ...ends,
    ...refusal,
  },
  accepted: { OrderAccepted: 'accepted', CancelRequested: 'pendingCancel', ...fills, ...ends, ...late('accepted') },
  partiallyFilled: {
    OrderAccepted: 'partiallyFilled',
    CancelRequested: 'pendingCancel',
    ...fills,
    ...ends,
    ...late('partiallyFilled'),
  },
  pendingCancel: {
    OrderAccepted: 'pendingCancel',
    CancelRejected: 'unknown', // L3
    AnswerTimedOut: 'unknown',
    ...ends,
    ...refusal,
    OrderPartiallyFilled: 'pendingCancel',
    OrderFilled: 'filled',
  },
  unknown: { OrderAccepted: 'accepted', ...fills, ...ends, ...refusal, ...late('unknown') }, // L1
  cancelled: {
    OrderAccepted: 'cancelled',
    OrderPartiallyFilled: 'cancelled',
    OrderFilled: 'filled',
    ...late('cancelled'),
  },
  expired: { OrderAccepted: 'expired', OrderPartiallyFilled: 'expired', OrderFilled: 'filled', ...late('expired') },
  filled: { OrderAccepted: 'filled', ...late('filled') },
  rejected: { ...late('rejected') },
}

/** Where the report takes an order; undefined where it cannot be true. */
export function nextState(state: OrderState, report: OrderReport): OrderState | undefined {
  return orderLife[state][report]
}

const final: ReadonlySet<OrderState> = new Set<OrderState>(['filled', 'cancelled', 'rejected', 'expired'])

/** Nothing of it is open at the venue any more. A late fill may still come (L2). */
export function isFinal(state: OrderState): boolean {
  return final.has(state)
}
