/** Instruments by `venue:symbol`, as `config` lists them; the last listing counts. */
import { type Instrument, instrumentOf } from '@tideway/domain'
import { Decimal, type InstrumentListed, type View } from '@tideway/schemas'

type SavedInstrument = {
  readonly [K in keyof InstrumentListed]: InstrumentListed[K] extends Decimal ? string : InstrumentListed[K]
}

export const instruments: View<Map<string, Instrument>> = {
  name: 'instruments',
  version: 1,
  reads: ['config'],
  empty: () => new Map(),
  fold(state, event) {
    if (event.type !== 'InstrumentListed') return
    const instrument = instrumentOf(event.data)
    // A key that says something else than its listing would let one instrument be traded under another's rules.
    if (instrument.key !== event.key)
      throw new Error(`instrument ${instrument.key} is listed under the key ${event.key}`)
    state.set(event.key, instrument)
  },
  save: state => [...state.values()].map(toSaved),
  load: saved => new Map((saved as readonly SavedInstrument[]).map(fromSaved).map(one => [one.key, one])),
}

function toSaved(instrument: Instrument): Omit<SavedInstrument, 'venueSymbol'> {
  const { venue, symbol, base, quote, settle, kind } = instrument
  return {
    venue,
    symbol,
    base,
    quote,
    settle,
    kind,
    tickSize: instrument.tickSize.toString(),
    lotSize: instrument.lotSize.toString(),
    quantityStep: instrument.quantityStep.toString(),
    minQuantity: instrument.minQuantity.toString(),
    maxQuantity: instrument.maxQuantity.toString(),
    minNotional: instrument.minNotional.toString(),
    makerFee: instrument.makerFee.toString(),
    takerFee: instrument.takerFee.toString(),
  }
}

function fromSaved(saved: SavedInstrument): Instrument {
  return instrumentOf({
    ...saved,
    tickSize: new Decimal(saved.tickSize),
    lotSize: new Decimal(saved.lotSize),
    quantityStep: new Decimal(saved.quantityStep),
    minQuantity: new Decimal(saved.minQuantity),
    maxQuantity: new Decimal(saved.maxQuantity),
    minNotional: new Decimal(saved.minNotional),
    makerFee: new Decimal(saved.makerFee),
    takerFee: new Decimal(saved.takerFee),
  })
}
