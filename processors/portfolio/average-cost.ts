/** A holding by average cost: buying more mixes the price in, selling takes profit against the mix.
 *
 *  What is kept is the cost, not the average: a quotient would have to be rounded with every fill. So only the cost of a
 *  part that is sold is rounded (18 decimals, half to even), and what is rounded off one side stays on the other.
 *  A1  Cash flows, cost, realised and fees balance to the last digit over any sequence of fills.
 *  A2  A flat holding has no cost: nothing of a rounding outlives it. */
import { directionOf, product, quotient, ZERO } from '@tideway/domain'
import { Decimal, type FillRecorded } from '@tideway/schemas'

export interface Position {
  /** Signed. */
  readonly quantity: Decimal
  /** What the holding was bought for, with the sign of the quantity. */
  readonly cost: Decimal
  /** Before fees. */
  readonly realised: Decimal
  readonly fees: Decimal
}

export type Fill = Pick<FillRecorded, 'side' | 'price' | 'quantity' | 'fee'>

export const FLAT: Position = { quantity: ZERO, cost: ZERO, realised: ZERO, fees: ZERO }

export function afterFill(position: Position, fill: Fill): Position {
  const { quantity, cost, realised } = position
  const fees = position.fees.plus(fill.fee)
  const change = fill.quantity.times(directionOf(fill.side))
  const paid = product(fill.price, change)
  if (quantity.isZero() || quantity.isNegative() === change.isNegative()) {
    return { quantity: quantity.plus(change), cost: cost.plus(paid), realised, fees }
  }
  if (change.abs().gte(quantity.abs())) {
    // All of it is closed; what goes beyond zero opens anew at this price.
    const beyond = quantity.plus(change)
    const opened = beyond.isZero() ? ZERO : product(fill.price, beyond)
    const proceeds = product(fill.price, quantity)
    return { quantity: beyond, cost: opened, realised: realised.plus(proceeds).minus(cost), fees }
  }
  const closedCost = quotient(cost.times(change.abs()), quantity.abs(), 'half-even')
  return {
    quantity: quantity.plus(change),
    cost: cost.minus(closedCost),
    realised: realised.minus(paid).minus(closedCost),
    fees,
  }
}

/** Price that the holding was bought at on average, 18 decimals; 0 when flat. */
export function averagePrice({ quantity, cost }: Position): Decimal {
  return quantity.isZero() ? ZERO : quotient(cost, quantity, 'half-even')
}

/** What closing at this price would add to `realised`. */
export function unrealised({ quantity, cost }: Position, price: Decimal): Decimal {
  return product(quantity, price).minus(cost)
}

export type SavedPosition = { readonly [K in keyof Position]: string }

export function savePosition({ quantity, cost, realised, fees }: Position): SavedPosition {
  return {
    quantity: quantity.toString(),
    cost: cost.toString(),
    realised: realised.toString(),
    fees: fees.toString(),
  }
}

export function loadPosition({ quantity, cost, realised, fees }: SavedPosition): Position {
  return {
    quantity: new Decimal(quantity),
    cost: new Decimal(cost),
    realised: new Decimal(realised),
    fees: new Decimal(fees),
  }
}
