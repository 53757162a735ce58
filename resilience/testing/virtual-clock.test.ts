import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { VirtualClock } from './virtual-clock.ts'

describe('a virtual clock', () => {
  it('wakes by due time, then in the order of lying down (W1)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 30 }), async naps => {
        const clock = new VirtualClock(1000)
        const woken: [number, number][] = []
        naps.forEach((nap, i) => void clock.sleep(nap).then(() => woken.push([clock.now(), i])))
        await clock.run()
        expect(woken).toEqual(
          naps.map((nap, i) => [1000 + nap, i]).toSorted(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('lets what one wake-up sets off run before the next (W2)', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    void clock.sleep(1).then(async () => {
      await Promise.resolve()
      seen.push('first')
      await clock.sleep(1)
      seen.push('third')
    })
    void clock.sleep(2).then(() => seen.push('second'))
    await clock.advance(2)
    expect(seen).toEqual(['first', 'second', 'third'])
    expect(clock.now()).toBe(2)
  })

  it('does not end on something that sleeps for ever', async () => {
    const clock = new VirtualClock()
    const loop = async (): Promise<void> => clock.sleep(1).then(loop)
    void loop()
    await expect(clock.run(50)).rejects.toThrow('no end')
  })
})

describe.each([
  ['the virtual clock', () => new VirtualClock()],
  ['the clock of the system', () => systemClock],
])('%s', (_, clockOf) => {
  it('rejects a sleep with the reason of its abort, before and during', async () => {
    const clock = clockOf()
    const stop = new AbortController()
    const sleep = clock.sleep(60_000_000, stop.signal)
    stop.abort('enough')
    await expect(sleep).rejects.toBe('enough')
    await expect(clock.sleep(1, stop.signal)).rejects.toBe('enough')
  })

  it('counts in whole microseconds', () => {
    expect(Number.isSafeInteger(clockOf().now())).toBe(true)
  })
})
