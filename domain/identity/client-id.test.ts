import type { Identity } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientOrderId } from '../index.ts'

const order: Identity = { topic: 'orders', key: 'alpha', source: 'execution', seq: 7 }
const identities = fc.record({ topic: fc.string(), key: fc.string(), source: fc.string(), seq: fc.nat() })

describe('a client order id', () => {
  it('is the same each time, on any machine (C1)', () => {
    expect(clientOrderId('log-1', order)).toBe(clientOrderId('log-1', { ...order }))
    expect(clientOrderId('log-1', order)).toMatchInlineSnapshot(`"twe_lR8RdeF6WIQ0sfqeKYKRxGbIHyq3j_"`)
  })

  it('differs between logs (C2)', () => expect(clientOrderId('log-2', order)).not.toBe(clientOrderId('log-1', order)))

  it('differs between orders, however their names are cut', () => {
    const shifted = { ...order, key: 'alphaexecution', source: '' }
    const other = { ...order, key: 'alpha', source: 'execution' }
    expect(clientOrderId('log', shifted)).not.toBe(clientOrderId('log', other))
    fc.assert(
      fc.property(identities, identities, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b))
        return clientOrderId('log', a) !== clientOrderId('log', b)
      }),
    )
  })

  it('is what every venue takes (C3)', () => {
    fc.assert(fc.property(fc.string(), identities, (log, id) => /^[A-Za-z0-9_-]{1,36}$/.test(clientOrderId(log, id))))
  })
})
