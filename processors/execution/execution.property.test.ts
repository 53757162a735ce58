import {
  aCancellation,
  aCancelRejection,
  aFinalFill,
  aHalt,
  aManualCancel,
  amount,
  anAcceptance,
  anApproval,
  anExpiry,
  aPartialFill,
  aPortfolio,
  aRejection,
  aSignal,
  aTimeout,
} from '@tideway/domain/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drive, tradingWorld } from '../testing/index.ts'
import { execution } from './execution.ts'

const first = { order: { topic: 'orders', key: 'alpha', source: 'execution', seq: 0 } }
const part = (tradeId: string, quantity: string) => aPartialFill({ ...first, tradeId, quantity: amount(quantity) })
const rest = (tradeId: string, quantity: string) => aFinalFill({ ...first, tradeId, quantity: amount(quantity) })

describe('any story of reports', () => {
  const reports = fc.oneof(
    fc.constantFrom(
      anAcceptance(first),
      aCancellation(first),
      anExpiry(first),
      aRejection(first),
      aCancelRejection(first),
      aTimeout(first),
      aHalt(),
      aManualCancel(),
    ),
    fc
      .record({ id: fc.integer({ min: 1, max: 5 }), lots: fc.integer({ min: 1, max: 6 }), whole: fc.boolean() })
      .map(({ id, lots, whole }) => (whole ? rest : part)(String(id), `0.0${lots}`)),
  )

  it('counts each trade once, never beyond the order, and its steps join up (X2, X3)', () => {
    fc.assert(
      fc.property(fc.array(reports, { maxLength: 15 }), story => {
        const driven = drive({ stages: [execution], key: 'alpha', ...tradingWorld(), setAside: true })
        driven.give(aPortfolio(), aSignal(), anApproval(first), ...story)
        let state = 'initialised'
        let filled = amount(0)
        const trades: string[] = []
        for (const event of driven.emitted) {
          if (event.type === 'FillRecorded') {
            trades.push(event.data.tradeId)
            filled = filled.plus(event.data.quantity)
          } else if (event.type === 'OrderStateChanged') {
            expect(event.data.from).toBe(state)
            expect(event.data.filledQuantity.eq(filled)).toBe(true)
            state = event.data.to
          }
        }
        expect(new Set(trades).size).toBe(trades.length)
        expect(filled.lte('0.1')).toBe(true)
        if (state === 'filled') expect(filled.eq('0.1')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
