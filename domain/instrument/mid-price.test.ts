import { describe, expect, it } from 'vitest'
import { midPrice, type RecordedBook } from '../index.ts'
import { anInstrument } from '../testing/index.ts'

const touch = (bid: number, ask: number): RecordedBook => ({
  best: side => (side === 'bid' ? bid : ask),
  lotsAt: () => 1,
  next: () => 0,
})

describe('mid', () => {
  it('lies halfway between the best prices, to half a tick', () => {
    expect(midPrice(anInstrument(), touch(5_999_999, 6_000_002))?.toString()).toBe('60000.005')
  })

  it('is not there without a book or with an empty side', () => {
    expect(midPrice(anInstrument(), undefined)).toBeUndefined()
    expect(midPrice(anInstrument(), touch(0, 6_000_002))).toBeUndefined()
    expect(midPrice(anInstrument(), touch(5_999_999, 0))).toBeUndefined()
  })
})
