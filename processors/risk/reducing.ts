/** Orders that take risk away. */
import { directionOf, ZERO } from '@tideway/domain'
import type { Decimal } from '@tideway/schemas'
import type { Question } from './verdict.ts'

/** The holding counted in the direction of the order, with what is already open on its side: below zero, there is
 *  something to reduce. */
export function ahead({ order, position, openOnSide }: Question): Decimal {
  return position.times(directionOf(order.side)).plus(openOnSide)
}

/** True where the order, with all that is open on its side, takes the holding towards zero and not beyond. */
export function reduces(question: Question): boolean {
  return ahead(question).plus(question.order.quantity).lte(0)
}

/** Gets past a halt: what a halt itself sends, and a person who closes. */
export function passesHalt(question: Question): boolean {
  const { origin } = question.order
  return origin === 'halt' || (origin === 'manual' && reduces(question))
}

/** What could still be sold or bought towards zero. */
export function reducible(question: Question): Decimal {
  const left = ahead(question).neg()
  return left.gt(0) ? left : ZERO
}
