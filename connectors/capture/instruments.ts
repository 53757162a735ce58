/** The instruments of captures: from the table of known ones, else inferred from what was traded and quoted.
 *
 *  Inferring reads the capture once and takes the finest decimals of any price and size as tick and lot, and the lot as the step of orders. That is enough
 *  to read the capture exactly; it is no promise of what the venue would accept, so the answer is marked. */
import { Decimal, type InstrumentListed } from '@tideway/schemas'
import { knownInstruments, termsOf } from '../exchange/binance/instruments.ts'
import { simulatedInstruments } from '../simulated-market/instruments.ts'
import { type Capture, payloadOf } from './describe.ts'
import { readCapture } from './read.ts'
import { splitSymbol } from './symbol.ts'

export interface CaptureInstrument {
  readonly instrument: InstrumentListed
  readonly inferred: boolean
}

/** One entry per venue and symbol, in the order of the captures. Throws CaptureError where a capture cannot be read. */
export async function instrumentsOf(captures: readonly Capture[]): Promise<readonly CaptureInstrument[]> {
  const found = new Map<string, CaptureInstrument>()
  for (const capture of captures) {
    if (found.has(capture.source)) continue
    const known = [...knownInstruments(capture.venue), ...simulatedInstruments()].find(
      listed => listed.venue === capture.venue && listed.venueSymbol === capture.venueSymbol,
    )
    const instrument = known ?? (await inferInstrument(captures.filter(({ source }) => source === capture.source)))
    found.set(capture.source, { instrument, inferred: known === undefined })
  }
  return [...found.values()]
}

/** What a venue lets one trade at most; nothing in a capture tells. */
const UNLIMITED = new Decimal('1e12')

async function inferInstrument(captures: readonly Capture[]): Promise<InstrumentListed> {
  const [capture] = captures
  if (!capture) throw new RangeError('no capture to infer an instrument from')
  const finest = { price: 0, size: 0 }
  for (const { path } of captures) {
    for await (const { entries } of readCapture(path)) {
      for (const entry of entries) if (entry.kind === 'message') measure(payloadOf(entry.raw), finest)
    }
  }
  const { venue, venueSymbol } = capture
  const { base, quote, symbol } = splitSymbol(venueSymbol)
  const terms = termsOf(venue) ?? { kind: 'spot', makerFee: new Decimal('0.001'), takerFee: new Decimal('0.001') }
  const lotSize = new Decimal(10).pow(-finest.size)
  return {
    venue,
    symbol,
    venueSymbol,
    base,
    quote,
    settle: terms.kind === 'inverse' ? base : quote,
    kind: terms.kind,
    tickSize: new Decimal(10).pow(-finest.price),
    lotSize,
    quantityStep: lotSize,
    minQuantity: lotSize,
    maxQuantity: UNLIMITED,
    minNotional: new Decimal(0),
    makerFee: terms.makerFee,
    takerFee: terms.takerFee,
  }
}

function measure(payload: Readonly<Record<string, unknown>>, finest: { price: number; size: number }): void {
  const see = (price: unknown, size: unknown) => {
    finest.price = Math.max(finest.price, decimalsOf(price))
    finest.size = Math.max(finest.size, decimalsOf(size))
  }
  see(payload.p, payload.q)
  see(payload.b, payload.B)
  see(payload.a, payload.A)
  for (const levels of [payload.b, payload.a, payload.bids, payload.asks]) {
    if (Array.isArray(levels)) for (const level of levels) if (Array.isArray(level)) see(level[0], level[1])
  }
}

/** Decimals of a number's text, without the zeros behind the last other digit; 0 for what is no number. */
function decimalsOf(text: unknown): number {
  if (typeof text !== 'string' || !/^\d+\.\d+$/.test(text)) return 0
  let last = text.length - 1
  while (text.charCodeAt(last) === 48) last--
  return last - text.indexOf('.')
}
