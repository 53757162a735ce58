import { Decimal, type EventOf, formatIdentity, identityOf, rootOfInput, stage } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { assertPlain, drive } from './index.ts'

const KEY = 'alpha'

function resume(time: number, seq = 0): EventOf<'commands', 'ResumeTrading'> {
  const root = rootOfInput('commands', time, KEY, 'cli', seq)
  return {
    topic: 'commands',
    type: 'ResumeTrading',
    key: KEY,
    source: 'cli',
    seq,
    eventTime: time - 5,
    ingestTime: time,
    stamp: { root, rank: 0, key: KEY, count: 0 },
    causes: [],
    replayOf: null,
    data: { reason: 'test' },
  }
}

/** Says that trading goes on, and again a second later. */
const echo = stage<{ seen: number }, null>({
  name: 'echo',
  version: 1,
  reads: ['commands'],
  writes: ['risk'],
  empty: () => ({ seen: 0 }),
  save: state => ({ seen: state.seen }),
  load: saved => ({ ...(saved as { seen: number }) }),
  on: {
    ResumeTrading(state, _event, turn) {
      state.seen++
      turn.emit('risk', 'TradingResumed', { reason: `seen ${state.seen}` })
      turn.wakeAt(turn.time + 1_000_000, 'again')
    },
  },
  wake: (state, tag, turn) => {
    turn.emit('risk', 'TradingResumed', { reason: `${tag} ${state.seen}` })
  },
})

/** Answers what the stage above says. */
const listener = stage<{ heard: string[] }, null>({
  name: 'listener',
  version: 1,
  reads: ['risk'],
  writes: ['risk'],
  empty: () => ({ heard: [] }),
  save: state => ({ heard: [...state.heard] }),
  load: saved => ({ heard: [...(saved as { heard: string[] }).heard] }),
  on: {
    TradingResumed(state, event, turn) {
      state.heard.push(event.data.reason)
      turn.emit('risk', 'TradingHalted', { cause: 'listener', reason: event.data.reason })
    },
  },
})

function broken(changes: Partial<typeof echo>) {
  return () => drive({ stages: [{ ...echo, ...changes }], key: KEY, views: null }).give(resume(1000))
}

describe('a driven chain of stages', () => {
  it('gives what is emitted the stamp, identity, causes and times that a log would see', () => {
    const chain = drive({ stages: [echo, listener], key: KEY, views: null, rank: 7 })
    const trigger = resume(1000)

    const [said, answered] = chain.give(trigger)

    expect(said).toMatchObject({ topic: 'risk', source: 'echo', seq: 0, eventTime: 995, ingestTime: 1000 })
    expect(said?.stamp).toEqual({ root: trigger.stamp.root, rank: 7, key: KEY, count: 0 })
    expect(said?.causes.map(formatIdentity)).toEqual(['commands/alpha/cli/0'])
    expect(answered?.stamp.count).toBe(1)
    expect(said && answered?.causes).toEqual(said && [identityOf(said)])
  })

  it('fires wake-ups before inputs of the same microsecond, as their own root, caused by who asked', () => {
    const chain = drive({ stages: [echo], key: KEY, views: null })
    chain.give(resume(1000))

    const events = chain.give(resume(1_001_000, 1))

    expect(events.map(event => event.type === 'TradingResumed' && event.data.reason)).toEqual(['again 1', 'seen 2'])
    expect(events[0]?.stamp.root).toMatchObject({ time: 1_001_000, rank: 0, source: '100', seq: 0 })
    expect(events[0]?.causes.map(formatIdentity)).toEqual(['commands/alpha/cli/0'])
    expect(chain.pending()).toEqual([{ due: 2_001_000, tag: 'again', stage: 'echo' }])
    expect(chain.advanceTo(2_000_999)).toEqual([])
    expect(chain.time).toBe(2_000_999)
    expect(chain.advanceTo(2_001_000)).toHaveLength(1)
  })

  it('refuses a stage whose loaded state answers otherwise', () => {
    expect(broken({ load: () => ({ seen: 7 }) })).toThrow(/a loaded state answers otherwise/)
    expect(broken({ load: saved => ({ ...(saved as object), seen: 0, extra: 1 }) as never })).not.toThrow()
  })

  it('refuses a saved state that is no plain data, and names the place', () => {
    expect(broken({ save: () => ({ cash: new Decimal(1) }) })).toThrow(/state of echo\.cash is a Decimal/)
    expect(() => assertPlain({ prices: new Map([['a', [1n]]]) })).toThrow('state.prices.get(a)[0] is bigint')
  })

  it.each([
    ['Date', () => Date.now(), /Date is not there inside a fold: use turn.time/],
    ['new Date', () => new Date(), /use turn.time/],
    ['Math.random', () => Math.random(), /take a seed/],
    ['setTimeout', () => setTimeout(() => {}, 1), /use turn.wakeAt/],
    ['fetch', () => fetch('http://localhost'), /a connector puts the answer into the log/],
    ['process.env', () => process.env.HOME, /an event on config or commands/],
    ['localeCompare', () => 'a'.localeCompare('b'), /without a locale/],
  ])('shuts out %s and says what to use instead', (_name, reach, message) => {
    expect(broken({ on: { ResumeTrading: () => void reach() } })).toThrow(message)
    expect(() => Date.now() + Math.random()).not.toThrow()
  })

  it('refuses a stage that changes the event it was handed, or writes where it does not declare it', () => {
    expect(
      broken({ on: { ResumeTrading: (_s, event) => void Object.assign(event.data, { reason: 'mine' }) } }),
    ).toThrow(/read only/)
    expect(broken({ writes: [] })).toThrow(/does not declare that it writes risk/)
  })

  it('restores the state of before when a stage refuses an event, and goes on when told to', () => {
    const moody = {
      ...echo,
      on: {
        ResumeTrading(state: { seen: number }) {
          state.seen++
          if (state.seen === 1) throw new Error('not today')
        },
      },
    }
    const chain = drive({ stages: [moody], key: KEY, views: null, setAside: true })

    chain.give(resume(1000))

    expect(chain.saved('echo')).toEqual({ seen: 0 })
    expect(chain.refused).toMatchObject([{ stage: 'echo', error: { message: 'not today' } }])
  })
})
