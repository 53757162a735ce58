import { type VenueOrder, type VenueReport, VenueSilence } from '@tideway/connectors/orders'
import { feeOf } from '@tideway/domain/matching'
import { amount, anInstrument, BTC, START } from '@tideway/domain/testing'
import { seededRandomness, VirtualClock } from '@tideway/resilience/testing'
import { Decimal } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawFaults, filledOf, noFaults, SimulatedVenue, type VenueFaults } from './index.ts'

const WINDOW = 500_000
const REFERENCE = amount('60000.00')
const instrument = anInstrument({ makerFee: amount('0.00075'), takerFee: amount('0.001') })

function aVenue(changes: Partial<VenueFaults> = {}, seed = 1) {
  const clock = new VirtualClock(START)
  const venue = new SimulatedVenue({
    clock,
    random: seededRandomness(seed),
    faults: { ...noFaults, ...changes },
    instruments: new Map([[BTC, instrument]]),
    reference: () => REFERENCE,
    receiveWindow: WINDOW,
    answerTimeoutMicros: WINDOW / 2,
  })
  const heard: VenueReport[] = []
  venue.reports(report => heard.push(report))
  /** Lets time pass until the answer is there; an error is an answer too. */
  async function settled<T>(answer: Promise<T>): Promise<T | Error> {
    const caught = answer.catch((error: Error) => error)
    let given: T | Error | undefined
    void caught.then(value => {
      given = value
    })
    while (given === undefined) await clock.advance(1_000)
    return given
  }
  return { clock, venue, heard, settled }
}

function anOrder(changes: Partial<VenueOrder> = {}): VenueOrder {
  return {
    clientId: 'c1',
    symbol: BTC,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    quantity: amount('0.1'),
    limitPrice: amount('59900.00'),
    ...changes,
  }
}

const market = { orderType: 'market', limitPrice: null } as const

describe('a venue without faults', () => {
  it('takes a market order and fills it whole near the reference, in reports that arrive once each', async () => {
    const { clock, venue, heard, settled } = aVenue()
    expect(await settled(venue.submit(anOrder(market)))).toEqual({ kind: 'accepted', venueOrderId: 'v1' })
    await clock.run()

    const [taken] = venue.orders
    expect(taken).toMatchObject({ state: 'filled', venueOrderId: 'v1' })
    expect(taken && filledOf(taken)).toEqual(amount('0.1'))
    for (const { price } of taken?.fills ?? []) expect(price.minus(REFERENCE).abs().lte('0.2')).toBe(true)
    const reported = heard.flatMap(report => (report.kind === 'filled' ? [report.fill] : []))
    expect(new Set(reported)).toEqual(new Set(taken?.fills))
    expect(heard.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
  })

  it('tells by query what it knows, to the last digit, and nothing of an order that it never saw', async () => {
    const { venue, settled } = aVenue()
    await settled(venue.submit(anOrder(market)))
    const { order: _order, takenAt: _takenAt, ...status } = venue.orders[0] ?? { order: 0, takenAt: 0 }
    expect(await settled(venue.query('c1'))).toEqual(status)
    expect(await settled(venue.query('c2'))).toBe('not-found')
  })

  it('refuses a client id while its order is open, and takes it again afterwards', async () => {
    const { venue, settled } = aVenue()
    const far = anOrder({ timeInForce: 'postOnly' })
    await settled(venue.submit(far))
    expect(await settled(venue.submit(far))).toEqual({ kind: 'rejected', reason: 'this client id is open' })
    expect(venue.duplicates).toEqual(['c1'])

    expect(await settled(venue.cancel('c1'))).toEqual({ kind: 'cancelled' })
    expect(await settled(venue.cancel('c1'))).toEqual({ kind: 'refused', reason: 'no such open order' })
    expect(await settled(venue.submit(far))).toMatchObject({ kind: 'accepted' })
    expect(venue.orders.map(({ order, state }) => [order.clientId, state])).toEqual([
      ['c1', 'cancelled'],
      ['c1', 'open'],
    ])
  })

  it('fills nothing of an order after it was cancelled', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { clock, venue, settled } = aVenue({}, seed)
      await settled(venue.submit(anOrder()))
      const cancelled = await settled(venue.cancel('c1'))
      const filled = venue.orders[0]?.fills.length
      await clock.run()
      if ('kind' in cancelled && cancelled.kind === 'cancelled')
        expect(venue.orders[0]?.fills).toHaveLength(filled ?? 0)
    }
  })

  it.each([
    ['a price off the tick', { limitPrice: amount('59900.001') }],
    ['a symbol that it does not list', { symbol: 'binance:ETH/USDT' }],
    ['a limit order without a limit', { limitPrice: null }],
  ])('refuses %s', async (_what, order) => {
    const { venue, settled } = aVenue()
    expect(await settled(venue.submit(anOrder(order)))).toMatchObject({ kind: 'rejected' })
    expect(venue.orders).toEqual([])
  })

  it('says nothing to who has stopped listening', async () => {
    const { clock, venue } = aVenue()
    const heard: VenueReport[] = []
    const end = venue.reports(report => heard.push(report))
    end()
    void venue.submit(anOrder(market))
    await clock.run()
    expect(heard).toEqual([])
  })
})

describe('a venue that fails', () => {
  it('is silent about a request that was lost, and has not heard of it', async () => {
    const { venue, settled } = aVenue({ lostRequest: 1 })
    expect(await settled(venue.submit(anOrder()))).toBeInstanceOf(VenueSilence)
    venue.calm()
    expect(await settled(venue.query('c1'))).toBe('not-found')
  })

  it('is silent about an order that it took, if the answer was lost', async () => {
    const { venue, settled } = aVenue({ lostAnswer: 1 })
    expect(await settled(venue.submit(anOrder()))).toBeInstanceOf(VenueSilence)
    venue.calm()
    expect(await settled(venue.query('c1'))).toMatchObject({ venueOrderId: 'v1' })
    expect(venue.orders).toHaveLength(1)
  })

  it('takes no order after the receive window has passed since it was sent', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const { clock, venue } = aVenue({ requestDelayMicrosMax: 2 * WINDOW }, seed)
      venue.submit(anOrder()).catch(() => undefined)
      await clock.advance(3 * WINDOW)
      for (const { takenAt } of venue.orders) expect(takenAt).toBeLessThan(START + WINDOW)
    }
  })

  it('loses and repeats reports, and its truth does not change', async () => {
    const told = async (changes: Partial<VenueFaults>) => {
      const { clock, venue, heard } = aVenue(changes)
      void venue.submit(anOrder(market))
      await clock.run()
      return { heard: heard.length, happened: 1 + (venue.orders[0]?.fills.length ?? 0) }
    }
    expect(await told({ lostReport: 1 })).toMatchObject({ heard: 0 })
    const repeated = await told({ repeatedReport: 1 })
    expect(repeated.heard).toBe(2 * repeated.happened)
  })

  it('refuses good orders, and remembers it or not', async () => {
    const answers = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const { venue, settled } = aVenue({ refused: 1, refusalRemembered: 0.5 }, seed)
      expect(await settled(venue.submit(anOrder()))).toEqual({ kind: 'rejected', reason: 'refused on a whim' })
      expect([venue.orders, venue.refused, venue.duplicates]).toEqual([[], ['c1'], []])
      const known = await settled(venue.query('c1'))
      answers.add(known instanceof Error || known === 'not-found' ? String(known) : known.state)
    }
    expect(answers).toEqual(new Set(['not-found', 'rejected']))
  })
})

describe('any seed', () => {
  const order = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    terms: fc.constantFrom(
      market,
      { orderType: 'limit', timeInForce: 'gtc' } as const,
      { orderType: 'limit', timeInForce: 'ioc' } as const,
      { orderType: 'limit', timeInForce: 'postOnly' } as const,
    ),
    lots: fc.integer({ min: 100, max: 100_000 }),
    cancelled: fc.boolean(),
  })
  const scripts = fc.array(order, { minLength: 1, maxLength: 8 })

  /** Sends the orders a while apart, cancels some, waits for everything, and gives the venue and what was heard. */
  async function played(seed: number, script: readonly (typeof order extends fc.Arbitrary<infer T> ? T : never)[]) {
    const { clock, venue, heard } = aVenue(drawFaults(seededRandomness(~seed), WINDOW), seed)
    for (const [n, { side, terms, lots, cancelled }] of script.entries()) {
      const quantity = instrument.lotSize.times(lots)
      const sent = anOrder({ clientId: `c${n}`, side, quantity, ...terms })
      venue.submit(sent).catch(() => undefined)
      await clock.advance(200_000)
      if (cancelled) venue.cancel(sent.clientId).catch(() => undefined)
    }
    await clock.run()
    return { venue, heard }
  }

  it('keeps a truth that balances: lots, limits, fees, ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), scripts, async (seed, script) => {
        const { venue } = await played(seed, script)
        for (const { order, fills, state } of venue.orders) {
          const filled = filledOf({ fills })
          expect(filled.lte(order.quantity)).toBe(true)
          expect(filled.eq(order.quantity)).toBe(state === 'filled')
          if (order.orderType === 'market') expect(state).toBe('filled')
          expect(state).not.toBe('open') // S7
          for (const { price, quantity, fee, liquidity } of fills) {
            expect(quantity.gt(0) && quantity.mod(instrument.lotSize).isZero()).toBe(true)
            expect(price.mod(instrument.tickSize).isZero()).toBe(true)
            expect(fee).toEqual(feeOf(instrument, price, quantity, liquidity).fee)
            if (order.limitPrice !== null) {
              const worse = order.side === 'buy' ? price.minus(order.limitPrice) : order.limitPrice.minus(price)
              expect(worse.lte(0)).toBe(true)
            }
            if (order.timeInForce === 'postOnly') expect(liquidity).toBe('maker')
          }
        }
        const trades = venue.orders.flatMap(({ fills }) => fills.map(({ tradeId }) => tradeId))
        expect(new Set(trades).size).toBe(trades.length)
      }),
      { numRuns: 60 },
    )
  })

  it('reports nothing that is not true', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), scripts, async (seed, script) => {
        const { venue, heard } = await played(seed, script)
        for (const report of heard) {
          const truth = venue.orders.find(({ venueOrderId }) => venueOrderId === report.venueOrderId)
          expect(truth?.order.clientId).toBe(report.clientId)
          if (report.kind === 'filled') expect(truth?.fills).toContain(report.fill)
          else if (report.kind !== 'accepted') expect(truth?.state).toBe(report.kind)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same venue again (S1)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), scripts, async (seed, script) => {
        const [one, two] = [await played(seed, script), await played(seed, script)]
        expect(two.venue.orders).toEqual(one.venue.orders)
        expect(two.heard).toEqual(one.heard)
      }),
      { numRuns: 30 },
    )
  })

  it('tells what leaves an order open, exactly', async () => {
    const { clock, venue, heard } = aVenue({ reportDelayMicrosMax: 0 })
    void venue.submit(anOrder(market))
    await clock.run()
    const leaves = heard.flatMap(report => (report.kind === 'filled' ? [report.leaves] : []))
    expect(leaves.at(-1)).toEqual(new Decimal(0))
  })
})
