import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFinal, nextState, type OrderReport, type OrderState, orderLife, orderStates } from '../index.ts'

const reports = [
  'OrderSubmitted',
  'CancelRequested',
  'OrderAccepted',
  'OrderPartiallyFilled',
  'OrderFilled',
  'OrderCancelled',
  'OrderExpired',
  'OrderRejected',
  'CancelRejected',
  'AnswerTimedOut',
] as const satisfies readonly OrderReport[]

/** The table once more, drawn by hand. Columns as `reports`; a dot is an empty cell. */
const drawn: Record<OrderState, string> = {
  //               submit    cancel?  accepted    part      filled    cancelled expired  rejected  cancel-no  silence
  initialised: '   submitted .        .           .         .         .         .        rejected  .          .',
  submitted: '     .         pending  accepted    part      filled    cancelled expired  rejected  .          unknown',
  accepted: '      .         pending  accepted    part      filled    cancelled expired  .         accepted   accepted',
  partiallyFilled: '.        pending  part        part      filled    cancelled expired  .         part       part',
  pendingCancel: ' .         .        pending     pending   filled    cancelled expired  rejected  unknown    unknown',
  unknown: '       .         .        accepted    part      filled    cancelled expired  rejected  unknown    unknown',
  cancelled:
    '     .         .        cancelled   cancelled filled    .         .        .         cancelled  cancelled',
  expired: '       .         .        expired     expired   filled    .         .        .         expired    expired',
  filled: '        .         .        filled      .         .         .         .        .         filled     filled',
  rejected: '      .         .        .           .         .         .         .        .         rejected   rejected',
}
const short: Record<string, OrderState | undefined> = { pending: 'pendingCancel', part: 'partiallyFilled' }

const cells = orderStates.flatMap(state => {
  const row = drawn[state].trim().split(/\s+/)
  return reports.map((report, i) => {
    const word = row[i] ?? 'missing'
    return { state, report, to: word === '.' ? undefined : (short[word] ?? word) }
  })
})

describe('the life of an order', () => {
  it.each(cells)('$state, $report: $to', ({ state, report, to }) => {
    expect(nextState(state, report)).toBe(to)
  })

  it('has no cell that the drawing does not have', () => {
    const columns: readonly string[] = reports
    expect(Object.values(orderLife).flatMap(row => Object.keys(row).filter(name => !columns.includes(name)))).toEqual(
      [],
    )
  })

  it('never leaves unknown by silence (L1)', () => expect(nextState('unknown', 'AnswerTimedOut')).toBe('unknown'))

  it('ends in four states, which only a late fill leaves (L2)', () => {
    expect(orderStates.filter(isFinal)).toEqual(['filled', 'cancelled', 'rejected', 'expired'])
    for (const state of orderStates.filter(isFinal)) {
      for (const report of reports) {
        const to = nextState(state, report)
        expect(to === undefined || to === state || (report === 'OrderFilled' && to === 'filled')).toBe(true)
      }
    }
  })

  it('reaches a final state from wherever any story of reports has brought it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...reports), { maxLength: 12 }), story => {
        let state: OrderState = 'initialised'
        for (const report of story) state = nextState(state, report) ?? state
        if (state === 'initialised') state = nextState(state, 'OrderSubmitted') ?? state
        return isFinal(state) || nextState(state, 'OrderCancelled') === 'cancelled'
      }),
    )
  })
})
