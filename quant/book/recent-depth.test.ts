import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DepthMessage } from './messages.ts'
import { RecentDepth } from './recent-depth.ts'
import { aDepth } from './testing/messages.ts'

/** A run of messages of the given sizes, each one update long, from update 1 on. */
function aRun(sizes: readonly number[]): DepthMessage[] {
  return sizes.map((size, i) => {
    const levels = Array.from({ length: size }, (_, n) => [1000 * (i + 1) + n, i + n + 1] as const)
    const bids = levels.slice(0, Math.floor(size / 2))
    return aDepth([i + 1, i + 1], { bids, asks: levels.slice(bids.length) })
  })
}

function replayed(recent: RecentDepth, known: number): string[] | undefined {
  const levels: string[] = []
  const follows = recent.replay(
    known,
    (ticks, lots) => levels.push(`bid ${ticks} ${lots}`),
    (ticks, lots) => levels.push(`ask ${ticks} ${lots}`),
  )
  return follows ? levels : undefined
}

function levelsOf(messages: readonly DepthMessage[]): string[] {
  return messages.flatMap(each => [
    ...Array.from(each.bidTicks, (ticks, i) => `bid ${ticks} ${each.bidLots[i]}`),
    ...Array.from(each.askTicks, (ticks, i) => `ask ${ticks} ${each.askLots[i]}`),
  ])
}

describe('recent depth', () => {
  it('hands over what changed after an update, and refuses one that is older than it remembers (R2)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (sizes, known) => {
          const recent = new RecentDepth()
          const run = aRun(sizes)
          for (const message of run) recent.push(message)
          let kept = 0
          for (let levels = sizes[run.length - 1] ?? 0; levels <= 4096 && kept < run.length; ) {
            kept++
            levels += sizes[run.length - 1 - kept] ?? 0
          }
          const oldest = run.length - kept + 1
          const loaded = new RecentDepth()
          loaded.load(structuredClone(recent.save()))
          const expected = known < oldest - 1 || known >= run.length ? undefined : levelsOf(run.slice(known))
          expect(replayed(recent, known)).toEqual(expected)
          expect(replayed(loaded, known)).toEqual(expected)
        },
      ),
    )
  })

  it('keeps 512 messages at most (R2)', () => {
    const recent = new RecentDepth()
    for (const message of aRun(Array.from({ length: 600 }, () => 1))) recent.push(message)
    expect(replayed(recent, 87)).toBeUndefined()
    expect(replayed(recent, 88)).toHaveLength(512)
  })

  it('forgets everything at a message that is larger than its memory', () => {
    const recent = new RecentDepth()
    const [small, large] = aRun([3, 5000])
    if (small) recent.push(small)
    if (large) recent.push(large)
    expect(replayed(recent, 0)).toBeUndefined()
  })
})
