/** The price that holdings and orders are measured by when nobody has traded yet. */
import type { Decimal } from '@tideway/schemas'
import type { RecordedBook } from '../matching/recorded-book.ts'
import { type Instrument, priceOf } from './instrument.ts'

/** Halfway between best bid and best ask; exact. Undefined while either side is empty. */
export function midPrice(instrument: Instrument, book: RecordedBook | undefined): Decimal | undefined {
  const bidTicks = book?.best('bid') ?? 0
  const askTicks = book?.best('ask') ?? 0
  return bidTicks > 0 && askTicks > 0 ? priceOf(instrument, bidTicks + askTicks).div(2) : undefined
}
