import { constantRandomness, VirtualClock } from '@tideway/resilience/testing'
import { Decimal } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { guardedVenue } from './guarded-venue.ts'
import { ScriptedVenue } from './testing/scripted-venue.ts'
import { type VenueOrder, VenueSilence } from './venue.ts'

const anOrder: VenueOrder = {
  clientId: 'c1',
  symbol: 'binance:BTC/USDT',
  side: 'buy',
  orderType: 'market',
  timeInForce: 'ioc',
  quantity: new Decimal(1),
  limitPrice: null,
}

function guarded(venue = new ScriptedVenue()) {
  const clock = new VirtualClock()
  const states: string[] = []
  const guard = guardedVenue(venue, {
    clock,
    randomness: constantRandomness(0.5),
    deadlineMicros: 1_000,
    failuresToOpen: 3,
    openMicros: 10_000,
    attempts: 3,
    firstWaitMicros: 100,
    onBreaker: state => states.push(state),
  })
  return { venue, clock, guard, states }
}

/** Lets time pass until a call ends. */
async function ended<T>(clock: VirtualClock, call: Promise<T>): Promise<T | unknown> {
  const settled = call.then(
    value => value,
    (error: unknown) => error,
  )
  await clock.run()
  return settled
}

describe('a venue behind a guard', () => {
  it('[REL-03] is asked again with growing waits when a question meets silence', async () => {
    const { venue, clock, guard } = guarded()
    let silences = 2
    venue.onQuery = () => (silences-- > 0 ? 'silence' : 'not-found')
    expect(await ended(clock, guard.query('c1'))).toBe('not-found')
    expect(venue.queried).toHaveLength(3)
    expect(clock.now()).toBe(50 + 100) // half of 100 us, half of 200 us
  })

  it('never sends an order twice by itself (V1)', async () => {
    const { venue, clock, guard } = guarded()
    venue.onSubmit = () => 'silence'
    expect(await ended(clock, guard.submit(anOrder))).toBeInstanceOf(VenueSilence)
    expect(venue.submitted).toHaveLength(1)
  })

  it('turns an answer that does not come in time into silence', async () => {
    const venue = new ScriptedVenue()
    venue.submit = () => new Promise(() => {})
    const { clock, guard } = guarded(venue)
    expect(await ended(clock, guard.submit(anOrder))).toBeInstanceOf(VenueSilence)
    expect(clock.now()).toBe(1_000)
  })

  it('[REL-02] is left alone while the breaker is open, probed after it, and used again once it answers', async () => {
    const { venue, clock, guard, states } = guarded()
    venue.onCancel = () => 'silence'
    for (let i = 0; i < 3; i++) await ended(clock, guard.cancel('c1'))
    expect(states).toEqual(['open'])
    expect(await ended(clock, guard.cancel('c1'))).toBeInstanceOf(VenueSilence)
    expect(venue.cancelled).toHaveLength(3)
    await clock.advance(10_000)
    venue.onCancel = () => ({ kind: 'cancelled' })
    expect(await ended(clock, guard.cancel('c1'))).toEqual({ kind: 'cancelled' })
    expect(states).toEqual(['open', 'halfOpen', 'closed'])
  })

  it('does not count a refusal as the venue being down', async () => {
    const { venue, clock, guard, states } = guarded()
    venue.onSubmit = () => ({ kind: 'rejected', reason: 'no' })
    for (let i = 0; i < 5; i++) await ended(clock, guard.submit(anOrder))
    expect(states).toEqual([])
  })
})
