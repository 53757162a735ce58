/** What a rule is asked, and what it may answer. */
import type { Instrument } from '@tideway/domain'
import type { Decimal, LimitsSet, OrderIntended } from '@tideway/schemas'
import type { Halt } from './risk-state.ts'

/** Everything that a verdict may rest on: folded before the intent (R1). */
export interface Question {
  readonly order: OrderIntended
  readonly instrument: Instrument
  readonly mid: Decimal
  readonly limits: LimitsSet
  /** Signed holding of the symbol with every fill that is known. */
  readonly position: Decimal
  /** Open quantity of this symbol on the side of the order. */
  readonly openOnSide: Decimal
  /** Cash less what open spot buys may still cost. */
  readonly freeCash: Decimal
  readonly openOrders: number
  readonly halt: Halt | null
  readonly dayLoss: Decimal
}

/** A refusal names rule, value, limit and the largest quantity that would have passed this rule (R2). */
export interface Refusal {
  readonly rule: string
  readonly value: string
  readonly limit: string
  readonly wouldPass: Decimal
}

export type Answer = Refusal | typeof pass

export const pass = 'pass'

/** A rule answers for one thing. What passes at one quantity passes at every smaller one, sizes a venue takes aside. */
export type RiskRule = (question: Question) => Answer

export function refuse(rule: string, value: Decimal | string, limit: Decimal | string, wouldPass: Decimal): Refusal {
  return { rule, value: value.toString(), limit: limit.toString(), wouldPass }
}

/** Only what has passed every rule is of this type; only `judge` makes one. */
export type Approved<T> = T & { readonly [approved]: true }
declare const approved: unique symbol
