import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEPT_LEVELS, Ladder, MAX_LEVELS } from './ladder.ts'

/** Everything that a ladder shows, walked from its best price. */
function shown(ladder: Ladder): [ticks: number, lots: number][] {
  const levels: [number, number][] = []
  for (let ticks = ladder.best(); ticks !== 0; ticks = ladder.next(ticks)) levels.push([ticks, ladder.lotsAt(ticks)])
  return levels
}

function expected(levels: ReadonlyMap<number, number>, sign: number): [number, number][] {
  return [...levels].sort((a, b) => sign * (b[0] - a[0]))
}

/** Prices at every distance that matters: within a word of bits, round the ends of a window, far away. */
const ANCHOR = 6_000_013
const nearby = fc.integer({ min: -40, max: 40 })
const price = fc.oneof(
  fc.integer({ min: 1, max: 80 }),
  fc
    .tuple(fc.constantFrom(0, 0, 2048, -2048, 6144, -6144, 8192, -8192), nearby)
    .map(([far, near]) => ANCHOR + far + near),
  fc.integer({ min: ANCHOR - 10_000, max: ANCHOR + 10_000 }),
  fc.integer({ min: 1, max: 2 ** 40 }),
)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ set: price, lots: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ trim: price }) },
  { weight: 2, arbitrary: fc.record({ dropBest: fc.integer({ min: 1, max: 20 }) }) },
)

describe.each([
  ['bids', 1],
  ['asks', -1],
] as const)('a ladder of %s', (_, sign) => {
  it('shows what a Map of levels holds, whatever was set, trimmed and consumed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), steps => {
        const ladder = new Ladder(sign)
        const levels = new Map([[ANCHOR, 1]])
        ladder.set(ANCHOR, 1)
        for (const each of steps) {
          if ('set' in each) {
            ladder.set(each.set, each.lots)
            if (each.lots === 0) levels.delete(each.set)
            else levels.set(each.set, each.lots)
          } else if ('trim' in each) {
            ladder.trim(each.trim)
            for (const ticks of levels.keys()) if (sign * ticks > sign * each.trim) levels.delete(ticks)
          } else {
            for (let i = 0; i < each.dropBest && ladder.best() !== 0; i++) {
              levels.delete(ladder.best())
              ladder.set(ladder.best(), 0)
            }
          }
          const [best] = expected(levels, sign)
          expect(ladder.best()).toBe(best?.[0] ?? 0)
          expect(ladder.bestLots()).toBe(best?.[1] ?? 0)
          expect(ladder.levels).toBe(levels.size)
        }
        const all = expected(levels, sign)
        expect(shown(ladder)).toEqual(all)
        expect([...ladder.prices()]).toEqual(all.map(([ticks]) => ticks))
        for (const count of [1, 2, 5]) {
          expect(ladder.lotsOfBest(count)).toBe(all.slice(0, count).reduce((sum, [, lots]) => sum + lots, 0))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('finds the next worse price from a price that is no level', () => {
    fc.assert(
      fc.property(fc.uniqueArray(price, { minLength: 1, maxLength: 60 }), price, (prices, from) => {
        const ladder = new Ladder(sign)
        for (const ticks of prices) ladder.set(ticks, 1)
        const worse = prices.filter(ticks => sign * ticks < sign * from).sort((a, b) => sign * (b - a))
        expect(ladder.next(from)).toBe(worse[0] ?? 0)
        expect(ladder.lotsAt(from)).toBe(prices.includes(from) ? 1 : 0)
      }),
    )
  })

  it('drops the worst quarter when there are too many levels (L4)', () => {
    const ladder = new Ladder(sign)
    const prices = Array.from({ length: MAX_LEVELS + 1 }, (_, i) => 1_000_000 + i * 3)
    for (const ticks of prices) ladder.set(ticks, 1)
    const kept = prices.sort((a, b) => sign * (b - a)).slice(0, KEPT_LEVELS)
    expect([...ladder.prices()]).toEqual(kept)
  })

  it('is empty at first, after its last level and when cleared, and passes prices of 0 over (L5)', () => {
    const ladder = new Ladder(sign)
    ladder.set(0, 5)
    ladder.set(-3, 5)
    expect([ladder.best(), ladder.bestLots(), ladder.levels, ladder.next(7)]).toEqual([0, 0, 0, 0])
    ladder.set(10, 5)
    ladder.set(10, 0)
    expect([ladder.best(), ladder.bestLots(), ladder.levels, ladder.next(11)]).toEqual([0, 0, 0, 0])
    ladder.set(10, 5)
    ladder.set(900_000, 5)
    ladder.clear()
    expect(shown(ladder)).toEqual([])
    ladder.set(20, 1)
    ladder.trim(0)
    expect(shown(ladder)).toEqual([])
  })
})
