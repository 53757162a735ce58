/** Spot is owned or not: what is not there cannot be sold, nor sold twice by two open orders. */
import { reducible } from '../reducing.ts'
import { pass, type RiskRule, refuse } from '../verdict.ts'

export const spotShort: RiskRule = question => {
  const { order, instrument } = question
  if (instrument.kind !== 'spot' || order.side === 'buy') return pass
  const available = reducible(question)
  return order.quantity.lte(available) ? pass : refuse('spotShort', order.quantity, available, available)
}
