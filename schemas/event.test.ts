import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareRoots,
  compareStamps,
  formatIdentity,
  type Identity,
  parseIdentity,
  type Root,
  rootOfInput,
  rootOfTimer,
  type Stamp,
  sameIdentity,
} from './event.ts'
import { topicNames } from './topics.ts'

/** Few values each, so that ties of every length happen. */
const keys = fc.constantFrom('', 'a', 'B', 'binance:BTC/USDT', 'binance:BTC/USDC', 'é', '\u{1F30A}', '\uFF5E')
const sources = fc.constantFrom('010', '009', 'binance', 'risk')
const small = fc.integer({ min: 0, max: 2 })
const times = fc.constantFrom(0, 1, 1_700_000_000_000_000, 1_700_000_000_000_001)
const roots: fc.Arbitrary<Root> = fc.record({ time: times, rank: small, key: keys, source: sources, seq: small })
const stamps: fc.Arbitrary<Stamp> = fc.record({ root: roots, rank: small, key: keys, count: small })

const sign = (n: number) => (n > 0 ? 1 : n < 0 ? -1 : 0)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

describe.each([
  ['roots', roots, compareRoots as (a: never, b: never) => number],
  ['stamps', stamps, compareStamps as (a: never, b: never) => number],
])('the order of %s is total (E4)', (_, values: fc.Arbitrary<unknown>, comparator) => {
  const compare = (a: unknown, b: unknown) => sign(comparator(a as never, b as never))

  it('is antisymmetric', () => {
    fc.assert(fc.property(values, values, (a, b) => compare(a, b) + compare(b, a) === 0))
  })

  it('is transitive', () => {
    fc.assert(
      fc.property(values, values, values, (...three) => {
        const [a, b, c] = three.sort((x, y) => compare(x, y))
        return compare(a, b) <= 0 && compare(b, c) <= 0 && compare(a, c) <= 0
      }),
      { numRuns: 2000 },
    )
  })

  it('finds two equal only where every part is the same', () => {
    fc.assert(fc.property(values, values, (a, b) => (compare(a, b) === 0) === same(a, b)))
    fc.assert(fc.property(values, a => compare(a, structuredClone(a)) === 0))
  })

  it('sorts any arrangement of the same into the same', () => {
    const shuffled = fc
      .uniqueArray(values, { maxLength: 12, selector: value => JSON.stringify(value) })
      .chain(list =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
      )
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect([...one].sort(compare)).toEqual([...other].sort(compare))
      }),
    )
  })
})

describe('where an event stands', () => {
  const at = 1_700_000_000_000_000

  it('follows receive time first, then the topic’s rank: configuration before the market (E1)', () => {
    const tick = rootOfInput('ticks', at, 'binance:BTC/USDT', 'binance', 0)
    expect(compareRoots(rootOfInput('config', at, 'z', 'z', 9), tick)).toBeLessThan(0)
    expect(compareRoots(rootOfInput('config', at + 1, 'a', 'a', 0), tick)).toBeGreaterThan(0)
  })

  it('puts a timer before every input of the same microsecond (E3)', () => {
    const timer = rootOfTimer(at, 'zzz', 999, 999)
    for (const topic of topicNames.filter(name => rootOfInput(name, at, '', '', 0).rank > 0))
      expect(compareRoots(timer, rootOfInput(topic, at, '', '', 0)), topic).toBeLessThan(0)
  })

  it('orders timers of one key and microsecond by stage rank as a number, then as asked for (E3)', () => {
    const order = [rootOfTimer(at, 'k', 9, 5), rootOfTimer(at, 'k', 10, 0), rootOfTimer(at, 'k', 10, 1)]
    expect([...order].reverse().sort(compareRoots)).toEqual(order)
  })

  it('lets the root come before all that follows from it, and that by rank, key, count (E2)', () => {
    const root = rootOfInput('ticks', at, 'k', 'binance', 7)
    const order: Stamp[] = [
      { root, rank: 0, key: 'k', count: 0 },
      { root, rank: 1, key: 'k', count: 0 },
      { root, rank: 1, key: 'k', count: 1 },
      { root, rank: 2, key: 'a', count: 5 },
      { root, rank: 2, key: 'b', count: 0 },
    ]
    expect([...order].reverse().sort(compareStamps)).toEqual(order)
  })

  it('compares text by code unit, whatever the locale says', () => {
    const root = (key: string) => rootOfInput('ticks', at, key, 's', 0)
    const order = ['B', 'a', 'z', 'ä'].map(root)
    expect([...order].reverse().sort(compareRoots)).toEqual(order)
  })
})

describe('an identity as text', () => {
  const word = fc.stringMatching(/^[a-z0-9.*-]{1,8}$/)
  const identities: fc.Arbitrary<Identity> = fc.record({
    topic: fc.constantFrom(...topicNames),
    key: fc.oneof(fc.constantFrom('binance:BTC/USDT', 'paper-1', '*', 'a/b/c'), word),
    source: word,
    seq: fc.nat(Number.MAX_SAFE_INTEGER),
  })

  it('comes back from what was written, keys with slashes too', () => {
    fc.assert(
      fc.property(identities, id => {
        expect(parseIdentity(formatIdentity(id))).toEqual(id)
      }),
    )
  })

  it('reads as topic/key/source/seq', () => {
    expect(formatIdentity({ topic: 'ticks', key: 'binance:BTC/USDT', source: 'binance', seq: 7 })).toBe(
      'ticks/binance:BTC/USDT/binance/7',
    )
  })

  it.each([
    '',
    'ticks',
    'ticks/k/s',
    'ticks/k/s/',
    'ticks/k/s/-1',
    'ticks/k/s/1.5',
    '/k/s/1',
    'ticks//s/1',
    'ticks/k//1',
  ])('refuses %j', text => {
    expect(parseIdentity(text)).toBeUndefined()
  })

  it('is the same only where all four parts are', () => {
    fc.assert(
      fc.property(identities, identities, (a, b) => sameIdentity(a, b) === (formatIdentity(a) === formatIdentity(b))),
    )
    fc.assert(fc.property(identities, a => sameIdentity(a, { ...a })))
  })
})
