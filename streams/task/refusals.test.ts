/** Refusals that come close together: a stage that cannot take a whole kind of event must not bring its task to a halt. */
import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../log/memory/index.ts'
import { feedToy, hashesOf, toyTrades } from '../testing/scenario.ts'
import { toyBook, toyTasks } from '../testing/toy.ts'
import { drain } from './drain.ts'
import { Task } from './task.ts'
import type { TaskOptions } from './task-spec.ts'

const layout = { partitions: 1, shards: 1 }
const trades = toyTrades(1_200).map((trade, at) => (at > 400 && at % 3 === 0 ? { ...trade, sizeLots: -1 } : trade))
const bad = trades.filter(({ sizeLots }) => sizeLots < 0).length

async function run(options: Partial<TaskOptions>, chunk: number) {
  const log = new MemoryLog({ layout })
  let folded = 0
  const plain = toyBook()
  const book: typeof plain = {
    ...plain,
    on: {
      TradePrinted(state, event, turn) {
        folded++
        plain.on.TradePrinted?.(state, event, turn)
      },
    },
  }
  const tasks = await Promise.all(toyTasks(layout, { book }).map(spec => Task.open(spec, log, options)))
  await feedToy(log, trades, chunk, () => drain(tasks))
  return { hashes: await hashesOf(log), letters: (await log.ends('dlq.ticks', 0)).next, folded }
}

describe('refusals that come close together', async () => {
  const expected = await run({ maxEvents: 1 }, trades.length)

  it.each([
    [true, 100_000, trades.length],
    [true, 50, 100],
    [false, 100_000, trades.length],
    [false, 100_000, 10],
  ])(
    'are each set aside, and fold again a bounded part of what lies behind (persist %s, a snapshot every %i, chunks of %i) [REL-06]',
    async (persist, snapshotEvery, chunk) => {
      const { hashes, letters, folded } = await run({ persist, snapshotEvery }, chunk)
      expect(letters).toBe(bad)
      expect(hashes).toEqual(expected.hashes)
      // Without the bound: half of all events for each refusal.
      expect(folded).toBeLessThan(2 * trades.length + bad * 2 * 64)
    },
  )
})
