import { aHalt, aListing, amount, anInstrument, aPortfolio, aResumption, BTC } from '@tideway/domain/testing'
import type { Event, View } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { assertPlain } from '../testing/index.ts'
import { haltedAll } from './halted-all.ts'
import { instruments } from './instruments.ts'
import { portfolios } from './portfolios.ts'

/** Folds the events, saving and loading after each. */
function folded<S>(view: View<S>, ...events: readonly Event[]): S {
  let state = view.empty()
  for (const event of events) {
    view.fold(state, event)
    const saved = view.save(state)
    assertPlain(saved)
    state = view.load(structuredClone(saved))
  }
  return state
}

describe('the instruments that config lists', () => {
  it('are known by venue and symbol, and the last listing counts', () => {
    const changes = { tickSize: amount('0.1'), quantityStep: amount('0.001') }
    const known = folded(instruments, aListing(), aListing(changes, { seq: 1 }), aPortfolio())

    expect([...known.keys()]).toEqual([BTC])
    expect(known.get(BTC)).toEqual(anInstrument(changes))
  })

  it('refuse a listing under the key of another', () => {
    expect(() => folded(instruments, aListing({}, { key: 'binance:ETH/USDT' }))).toThrow(/is listed under the key/)
  })
})

describe('the portfolios that config opens', () => {
  it('are known by name with what they were opened with', () => {
    const opened = aPortfolio({ strategies: [{ name: 'momentum', symbols: [BTC], parameters: { enter: 2 } }] })
    const known = folded(portfolios, opened, aListing(), aPortfolio({ cash: amount('0.5') }, { key: 'beta' }))

    expect([...known.keys()]).toEqual(['alpha', 'beta'])
    expect(known.get('alpha')).toEqual(opened.data)
    expect(known.get('beta')?.cash.toString()).toBe('0.5')
  })
})

describe('the kill switch of all portfolios', () => {
  const all = { key: '*' }

  it('is out until it is pulled, and says why', () => {
    expect(folded(haltedAll)).toEqual({ halted: false, reason: '' })
    expect(folded(haltedAll, aHalt({ reason: 'storm' }, all))).toEqual({ halted: true, reason: 'storm' })
  })

  it('is pushed back by a resumption of all, not of one portfolio', () => {
    const halt = aHalt({ reason: 'storm' }, all)
    expect(folded(haltedAll, halt, aResumption({}, { key: 'alpha' })).halted).toBe(true)
    expect(folded(haltedAll, halt, aResumption({ reason: 'calm' }, all))).toEqual({ halted: false, reason: 'calm' })
  })

  it('is not pulled by the halt of one portfolio', () => expect(folded(haltedAll, aHalt()).halted).toBe(false))
})
