import { describe, expect, it } from 'vitest'
import { withDeadline } from './deadline.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

const policy = { what: 'order', micros: 5000 }

describe('a deadline', () => {
  it('gives the answer that comes in time and leaves no timer behind', async () => {
    const clock = new VirtualClock()
    const outcome = withDeadline(policy, { clock }, async () => {
      await clock.sleep(4999)
      return 'answer'
    })
    await clock.advance(4999)
    expect(await outcome).toBe('answer')
    expect(clock.sleeping).toBe(0)
  })

  it("gives the work's own error and leaves no timer behind", async () => {
    const clock = new VirtualClock()
    const outcome = withDeadline(policy, { clock }, () => Promise.reject(new Error('refused')))
    await expect(outcome).rejects.toThrow('refused')
    await clock.advance(0)
    expect(clock.sleeping).toBe(0)
  })

  it('ends the wait for work that does not listen, and says that the outcome is unknown (N1, N3)', async () => {
    const clock = new VirtualClock()
    const outcome = withDeadline(policy, { clock }, () => new Promise(() => {})).catch(error => error)
    await clock.advance(5000)
    expect(await outcome).toMatchObject({
      code: 'deadline-exceeded',
      message: 'order: no answer within 5 ms',
      remedy: expect.stringContaining('may have happened'),
    })
  })

  it('tells the work through its signal, and drops what it does later (N2)', async () => {
    const clock = new VirtualClock()
    let told: AbortSignal | undefined
    const outcome = withDeadline(policy, { clock }, async signal => {
      told = signal
      await clock.sleep(9000)
      throw new Error('too late to matter')
    }).catch(error => error)
    await clock.run()
    expect(await outcome).toMatchObject({ code: 'deadline-exceeded' })
    expect(told?.reason).toBe(await outcome)
  })

  it("ends with the caller's own abort", async () => {
    const clock = new VirtualClock()
    const stop = new AbortController()
    const context = { clock, signal: stop.signal }
    const outcome = withDeadline(policy, context, () => new Promise(() => {})).catch(error => error)
    stop.abort('stopped')
    expect(await outcome).toBe('stopped')
    await expect(withDeadline(policy, context, async () => 1)).rejects.toBe('stopped')
    await clock.advance(0)
    expect(clock.sleeping).toBe(0)
  })
})
