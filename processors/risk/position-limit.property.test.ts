import { aFill, aListing, amount, aPosition, aStateChange, someLimits } from '@tideway/domain/testing'
import type { Decimal, Event } from '@tideway/schemas'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { idOf, order, scene } from './testing/scene.ts'

const LOT = amount('0.00001')
const MID = 60_000
const LIMIT = 50_000

const steps = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lots: fc.integer({ min: 1, max: 60_000 }),
  filledPart: fc.constantFrom(0, 0.5, 1),
  cancelled: fc.boolean(),
})

it('[CTRL-01] no story of orders, fills and cancels takes a holding beyond its limit, and each refusal names the largest order that passes (R2, R4)', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 12 }), story => {
      const limits = { maxDailyLoss: amount(1e9), maxOpenOrders: 100, maxOrderNotional: amount(20_000) }
      const { driven } = scene(aListing({ kind: 'linear' }), someLimits(limits))
      let held = amount(0)
      const open = { buy: amount(0), sell: amount(0) }

      for (const [seq, { side, lots, filledPart, cancelled }] of story.entries()) {
        const judged = (quantity: Decimal): Event | undefined =>
          driven.give(order(quantity.toString(), { side }, { seq })).at(-1)
        let quantity = LOT.times(lots)
        const verdict = judged(quantity)
        if (verdict?.type === 'OrderDenied') {
          const { wouldPass } = verdict.data
          expect(wouldPass.lt(quantity)).toBe(true)
          expect(judged(wouldPass.plus(LOT))?.type).toBe('OrderDenied')
          if (wouldPass.isZero()) continue
          expect(judged(wouldPass)?.type).toBe('OrderApproved')
          quantity = wouldPass
        }

        const bought = LOT.times(quantity.div(LOT).times(filledPart).floor())
        if (bought.gt(0)) {
          held = side === 'buy' ? held.plus(bought) : held.minus(bought)
          const cash = held.times(-MID).plus(100_000)
          driven.give(
            aFill({ order: idOf(seq), side, quantity: bought, fee: amount(0) }),
            aPosition({ quantity: held, cash }),
          )
        }
        if (cancelled || bought.eq(quantity)) driven.give(aStateChange({ order: idOf(seq), to: 'cancelled' }))
        else open[side] = open[side].plus(quantity).minus(bought)

        expect(held.plus(open.buy).times(MID).lte(LIMIT)).toBe(true)
        expect(held.minus(open.sell).times(MID).gte(-LIMIT)).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})
