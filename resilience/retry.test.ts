import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffCeilingMicros, backoffMicros } from './backoff.ts'
import { type RetryPolicy, retry } from './retry.ts'
import { constantRandomness, seededRandomness } from './testing/seeded.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

const MS = 1000
const policy: RetryPolicy = {
  what: 'snapshot',
  attempts: 4,
  firstMicros: 100 * MS,
  maxMicros: 10_000 * MS,
  retriable: () => true,
}

/** Fails so often, then answers; notes when it was tried. */
function flaky(clock: VirtualClock, failures: number, error: unknown = new Error('down')) {
  const tried: number[] = []
  const work = async (attempt: number) => {
    tried.push(clock.now())
    if (attempt <= failures) throw error
    return `answer ${attempt}`
  }
  return { tried, work }
}

describe('[REL-03] back-off', () => {
  it('doubles its ceiling up to a limit', () => {
    const backoff = { firstMicros: 100, maxMicros: 1000 }
    expect([0, 1, 2, 3, 4, 1000].map(retry => backoffCeilingMicros(backoff, retry))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ])
  })

  it('draws evenly from zero to the ceiling: full jitter', () => {
    const randomness = seededRandomness(1)
    const backoff = { firstMicros: 1_000_000, maxMicros: 1_000_000 }
    const waits = Array.from({ length: 4000 }, () => backoffMicros(backoff, 0, randomness))
    const quarters = [0, 1, 2, 3].map(i => waits.filter(wait => Math.floor(wait / 250_000) === i).length)
    for (const count of quarters) expect(count).toBeGreaterThan(850)
  })

  it('never exceeds its ceiling and is whole microseconds, for any policy', () => {
    const backoff = fc.record({
      firstMicros: fc.nat(1e9),
      maxMicros: fc.nat(1e10),
      multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
    })
    fc.assert(
      fc.property(backoff, fc.nat(2000), fc.nat(), (policy, attempt, seed) => {
        const wait = backoffMicros(policy, attempt, seededRandomness(seed))
        expect(Number.isSafeInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(policy.maxMicros)
      }),
    )
  })
})

describe('[REL-03] a retry', () => {
  it('waits for the back-off between tries and gives the first answer', async () => {
    const clock = new VirtualClock()
    const { work, tried } = flaky(clock, 3)
    const heard: number[] = []
    const onRetry = ({ waitMicros }: { waitMicros: number }) => heard.push(waitMicros)
    const answer = retry(policy, { clock, randomness: constantRandomness(0.5), onRetry }, work)
    await clock.run()
    expect(await answer).toBe('answer 4')
    expect(tried).toEqual([0, 50 * MS, 150 * MS, 350 * MS])
    expect(heard).toEqual([50 * MS, 100 * MS, 200 * MS])
  })

  it('gives up after so many tries, with the last failure as cause (T1)', async () => {
    const clock = new VirtualClock()
    const error = new Error('still down')
    const { work, tried } = flaky(clock, 99, error)
    const outcome = retry(policy, { clock, randomness: constantRandomness(0.5) }, work).catch(failure => failure)
    await clock.run()
    expect(await outcome).toMatchObject({ code: 'retries-exhausted', what: 'snapshot', cause: error })
    expect(tried).toHaveLength(4)
  })

  it('throws what is not retriable as it is, at once (T2)', async () => {
    const clock = new VirtualClock()
    const error = new Error('bad request')
    const { work, tried } = flaky(clock, 99, error)
    const context = { clock, randomness: constantRandomness(0.5) }
    await expect(retry({ ...policy, retriable: () => false }, context, work)).rejects.toBe(error)
    expect(tried).toEqual([0])
  })

  it('waits as long as the other side asks, and never shorter than that (T3)', async () => {
    const clock = new VirtualClock()
    const { work, tried } = flaky(clock, 1)
    const asked = { ...policy, retriable: () => 7000 * MS }
    const answer = retry(asked, { clock, randomness: constantRandomness(0.5) }, work)
    await clock.run()
    expect(await answer).toBe('answer 2')
    expect(tried).toEqual([0, 7000 * MS])
  })

  it('ends its wait and tries no more when aborted (T4)', async () => {
    const clock = new VirtualClock()
    const { work, tried } = flaky(clock, 99)
    const stop = new AbortController()
    const outcome = retry(policy, { clock, randomness: constantRandomness(0.9), signal: stop.signal }, work).catch(
      e => e,
    )
    await clock.advance(10 * MS)
    stop.abort(new Error('shutting down'))
    expect((await outcome).message).toBe('shutting down')
    expect(clock.sleeping).toBe(0)
    expect(tried).toEqual([0])
    await expect(
      retry(policy, { clock, randomness: constantRandomness(0), signal: stop.signal }, work),
    ).rejects.toThrow()
    expect(tried).toEqual([0])
  })

  it('tries at most as often as it may and never before its wait is over, for any failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.integer({ min: 1, max: 8 }), fc.nat(), async (failures, attempts, seed) => {
        const clock = new VirtualClock()
        const { work, tried } = flaky(clock, failures)
        const waits: number[] = []
        const context = {
          clock,
          randomness: seededRandomness(seed),
          onRetry: ({ waitMicros }: { waitMicros: number }) => waits.push(waitMicros),
        }
        const outcome = retry({ ...policy, attempts }, context, work).catch(error => error)
        await clock.run()
        expect(await outcome).toEqual(
          failures < attempts ? `answer ${failures + 1}` : expect.objectContaining({ code: 'retries-exhausted' }),
        )
        expect(tried).toHaveLength(Math.min(failures + 1, attempts))
        expect(tried.slice(1).map((time, i) => time - (tried[i] ?? 0))).toEqual(waits)
      }),
      { numRuns: 50 },
    )
  })
})
