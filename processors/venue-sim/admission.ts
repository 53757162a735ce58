/** What the simulated venue checks at the door: it takes what the instrument's rules allow, in whole ticks and lots. */
import { brokenRule, exactLots, exactTicks, type Instrument, priceOf, type RecordedBook } from '@tideway/domain'
import type { NewOrder } from '@tideway/domain/matching'
import { Decimal, formatIdentity } from '@tideway/schemas'
import type { Request } from './state.ts'

export type Admission = { readonly admitted: NewOrder } | { readonly refused: string }

type Submission = Extract<Request, { kind: 'submit' }>

/** A market order is valued at the best price of the other side; without one it breaks no notional rule. */
export function admit(request: Submission, instrument: Instrument | undefined, book: RecordedBook): Admission {
  if (instrument === undefined) return { refused: `${request.symbol} is not listed` }
  if (instrument.kind === 'inverse') return { refused: `${request.symbol} is inverse: not traded on paper` }
  const { side, orderType, timeInForce } = request
  const quantity = new Decimal(request.quantity)
  const limitPrice = orderType === 'limit' && request.limitPrice !== null ? new Decimal(request.limitPrice) : null
  if (orderType === 'limit' && limitPrice === null) return { refused: 'a limit order needs a limit price' }
  if (orderType === 'market' && timeInForce === 'postOnly') return { refused: 'a market order cannot be post only' }

  const bestTicks = book.best(side === 'buy' ? 'ask' : 'bid')
  const broken = brokenRule(instrument, { quantity, limitPrice, referencePrice: priceOf(instrument, bestTicks) })
  const unvalued = broken?.rule === 'minNotional' && limitPrice === null && bestTicks === 0
  if (broken !== undefined && !unvalued) return { refused: `${broken.rule}: ${broken.value}, limit ${broken.limit}` }
  const limitTicks = limitPrice === null ? 0 : exactTicks(instrument, limitPrice)
  const lots = exactLots(instrument, quantity)
  return { admitted: { id: formatIdentity(request.order), side, orderType, timeInForce, limitTicks, lots } }
}
