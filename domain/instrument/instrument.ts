/** An instrument and its rules, with prices in whole ticks and sizes in whole lots.
 *
 *  Sizes have two grids. The lot is what recorded sizes are counted in; the quantity step, a whole multiple of it, is
 *  what a venue takes new orders in. They differ where remainders of orders from before a change still rest in the book.
 *
 *  I1  A price or size that is not a whole number of ticks or lots is refused, never rounded in silence.
 *  I2  Ticks and lots are safe integers: 0 < ticks * lots < 2^53 is checked where they are multiplied. */
import type { Decimal, InstrumentListed } from '@tideway/schemas'
import { modes, type RoundingMode } from '../money/from-number.ts'

/** As it is listed, and its key; a venue's own spelling is no business of those who trade it. */
export interface Instrument extends Omit<InstrumentListed, 'venueSymbol'> {
  /** `venue:symbol` */
  readonly key: string
}

export class InstrumentError extends Error {
  override readonly name = 'InstrumentError'
}

export function instrumentKey(venue: string, symbol: string): string {
  return `${venue}:${symbol}`
}

/** Throws InstrumentError where the sizes of its grids make no sense. */
export function instrumentOf(listed: InstrumentListed): Instrument {
  const { venue, symbol, base, quote, settle, kind } = listed
  const { tickSize, lotSize, quantityStep, minQuantity, maxQuantity, minNotional, makerFee, takerFee } = listed
  const key = instrumentKey(venue, symbol)
  if (!tickSize.gt(0) || !lotSize.gt(0)) throw new InstrumentError(`${key}: tick and lot size must be above zero`)
  if (!quantityStep.gt(0) || !quantityStep.mod(lotSize).isZero()) {
    throw new InstrumentError(`${key}: the quantity step ${quantityStep} is no whole multiple of the lot ${lotSize}`)
  }
  return {
    key,
    venue,
    symbol,
    base,
    quote,
    settle,
    kind,
    tickSize,
    lotSize,
    quantityStep,
    minQuantity,
    maxQuantity,
    minNotional,
    makerFee,
    takerFee,
  }
}

/** Price of whole ticks. */
export function priceOf(instrument: Instrument, ticks: number): Decimal {
  return instrument.tickSize.times(ticks)
}

/** Quantity of whole lots. */
export function quantityOf(instrument: Instrument, lots: number): Decimal {
  return instrument.lotSize.times(lots)
}

/** Whole ticks of a price; throws InstrumentError off the grid (I1). */
export function exactTicks(instrument: Instrument, price: Decimal): number {
  return exact(
    price.div(instrument.tickSize),
    `price ${price} is no multiple of the tick ${instrument.tickSize}`,
    instrument,
  )
}

/** Whole lots of a quantity; throws InstrumentError off the grid (I1). */
export function exactLots(instrument: Instrument, quantity: Decimal): number {
  return exact(
    quantity.div(instrument.lotSize),
    `quantity ${quantity} is no multiple of the lot ${instrument.lotSize}`,
    instrument,
  )
}

/** The price rounded to a whole tick. */
export function roundPrice(instrument: Instrument, price: Decimal, rounding: RoundingMode): Decimal {
  return price.div(instrument.tickSize).toDecimalPlaces(0, modes[rounding]).times(instrument.tickSize)
}

/** The quantity rounded to what an order may have: whole quantity steps. */
export function roundQuantity(instrument: Instrument, quantity: Decimal, rounding: RoundingMode): Decimal {
  return quantity.div(instrument.quantityStep).toDecimalPlaces(0, modes[rounding]).times(instrument.quantityStep)
}

function exact(units: Decimal, problem: string, instrument: Instrument): number {
  const number = units.toNumber()
  if (!units.isInteger() || !Number.isSafeInteger(number)) throw new InstrumentError(`${instrument.key}: ${problem}`)
  return number
}
