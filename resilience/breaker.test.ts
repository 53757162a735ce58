import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Breaker,
  type BreakerOutcome,
  type BreakerPolicy,
  type BreakerState,
  breakerLife,
  circuitBreaker,
} from './breaker.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

const SECOND = 1_000_000
const down = new Error('down')
const succeed = () => Promise.resolve('answer')
const fail = () => Promise.reject(down)

function aBreaker(change: Partial<BreakerPolicy> = {}) {
  const clock = new VirtualClock()
  const changes: string[] = []
  const policy = { what: 'venue', failuresToOpen: 3, openMicros: 10 * SECOND, ...change }
  const breaker = circuitBreaker(policy, clock, (to, from) => changes.push(`${from} > ${to}`))
  return { breaker, clock, changes }
}

async function failTimes(breaker: Breaker, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await expect(breaker.call(fail)).rejects.toBe(down)
}

describe('[REL-02] a circuit breaker', () => {
  describe('has a life, cell by cell', () => {
    const states: readonly BreakerState[] = ['closed', 'open', 'halfOpen']
    const outcomes: readonly BreakerOutcome[] = ['Succeeded', 'Failed', 'LimitReached', 'CooledDown', 'Proven']
    const cells: Readonly<Record<string, BreakerState>> = {
      'closed Succeeded': 'closed',
      'closed Failed': 'closed',
      'closed LimitReached': 'open',
      'open CooledDown': 'halfOpen',
      'halfOpen Succeeded': 'halfOpen',
      'halfOpen Failed': 'open',
      'halfOpen Proven': 'closed',
    }
    it.each(states.flatMap(state => outcomes.map(outcome => [state, outcome] as const)))('%s, %s', (state, outcome) => {
      expect(breakerLife[state][outcome]).toBe(cells[`${state} ${outcome}`])
    })
  })

  it('passes answers and errors through while closed', async () => {
    const { breaker } = aBreaker()
    expect(await breaker.call(succeed)).toBe('answer')
    await failTimes(breaker, 2)
    expect(breaker.state).toBe('closed')
  })

  it('opens at so many failures in a row, not at failures with successes between', async () => {
    const { breaker } = aBreaker()
    await failTimes(breaker, 2)
    await breaker.call(succeed)
    await failTimes(breaker, 2)
    expect(breaker.state).toBe('closed')
    await failTimes(breaker, 1)
    expect(breaker.state).toBe('open')
  })

  it('asks nothing while open, and says how long to wait (Z1)', async () => {
    const { breaker, clock } = aBreaker()
    await failTimes(breaker, 3)
    await clock.advance(4 * SECOND)
    let asked = 0
    const call = breaker.call(async () => ++asked)
    await expect(call).rejects.toMatchObject({ code: 'circuit-open', what: 'venue', retryAfterMicros: 6 * SECOND })
    expect(asked).toBe(0)
  })

  it('lets one probe through after its time, and closes when it succeeds (Z2)', async () => {
    const { breaker, clock, changes } = aBreaker()
    await failTimes(breaker, 3)
    await clock.advance(10 * SECOND)
    let answer = (_: string) => {}
    const probe = breaker.call(() => new Promise<string>(resolve => (answer = resolve)))
    await expect(breaker.call(succeed)).rejects.toMatchObject({ code: 'circuit-open' })
    answer('back')
    expect(await probe).toBe('back')
    expect(changes).toEqual(['closed > open', 'open > halfOpen', 'halfOpen > closed'])
  })

  it('opens for another full time when the probe fails', async () => {
    const { breaker, clock } = aBreaker()
    await failTimes(breaker, 3)
    await clock.advance(10 * SECOND)
    await failTimes(breaker, 1)
    expect(breaker.state).toBe('open')
    await clock.advance(10 * SECOND - 1)
    await expect(breaker.call(succeed)).rejects.toMatchObject({ code: 'circuit-open', retryAfterMicros: 1 })
    await clock.advance(1)
    expect(await breaker.call(succeed)).toBe('answer')
  })

  it('asks for as many good probes as it is told to', async () => {
    const { breaker, clock } = aBreaker({ successesToClose: 2 })
    await failTimes(breaker, 3)
    await clock.advance(10 * SECOND)
    await breaker.call(succeed)
    expect(breaker.state).toBe('halfOpen')
    await breaker.call(succeed)
    expect(breaker.state).toBe('closed')
  })

  it('does not count stragglers of an earlier period (Z3)', async () => {
    const { breaker, clock } = aBreaker()
    let breakLate = (_: Error) => {}
    const late = breaker.call(() => new Promise((_, reject) => (breakLate = reject)))
    await failTimes(breaker, 3)
    await clock.advance(10 * SECOND)
    await breaker.call(succeed)
    expect(breaker.state).toBe('closed')
    await failTimes(breaker, 2)
    breakLate(down)
    await expect(late).rejects.toBe(down)
    expect(breaker.state).toBe('closed')
  })

  it('counts an error that is no fault of the other side as an answer (Z4)', async () => {
    const { breaker } = aBreaker({ isFailure: error => error !== down })
    await failTimes(breaker, 10)
    expect(breaker.state).toBe('closed')
  })

  it('never asks within its open time, whatever happens', async () => {
    const step = fc.record({ ok: fc.boolean(), wait: fc.nat(15) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const { breaker, clock } = aBreaker()
        let closedUntil = 0
        let failures = 0
        for (const { ok, wait } of steps) {
          const asked = await breaker.call(ok ? succeed : fail).then(
            () => true,
            error => error === down,
          )
          expect(asked).toBe(clock.now() >= closedUntil)
          if (asked) {
            const probe = failures >= 3
            failures = ok ? 0 : failures + 1
            if (!ok && (probe || failures === 3)) closedUntil = clock.now() + 10 * SECOND
          }
          await clock.advance(wait * SECOND)
        }
      }),
      { numRuns: 40 },
    )
  })
})
