/** A log that was deleted, or replaced by a shorter one: it begins anew, or says that it does not fit. */
import { rmSync } from 'node:fs'
import { serialize } from 'node:v8'
import { decodeProgress, type Log, type Progress } from '@tideway/streams'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { openLog, replayed, replayedUntil } from './testing/chain.ts'

const { folder, discard } = scratch('wiped')
let captures: string[] = []
let undisturbed: Fingerprint | undefined

beforeAll(async () => {
  captures = await recordSimulated(folder, 20)
  undisturbed = await fingerprint(captures)
})
afterAll(discard)

describe('a log whose folder was deleted', () => {
  it('is another log: a new incarnation, and everything from the beginning', async () => {
    const before = await openLog(`${folder}/deleted`)
    await replayedUntil(3_000, { log: before, captures })
    await before.close()
    rmSync(`${folder}/deleted`, { recursive: true })

    const log = await openLog(`${folder}/deleted`)
    expect(log.incarnation).not.toBe(before.incarnation)
    expect(await log.writers()).toEqual([])
    expect(await replayed({ log, captures })).toEqual(undisturbed)
    await log.close()
  })
})

describe('what a task saved of a longer log', () => {
  /** The log as it would be had somebody put back older records and kept the tasks' own rows. */
  async function forged(name: string, change: (progress: Progress) => Progress): Promise<Log> {
    const log = await openLog(`${folder}/${name}`)
    await replayedUntil(3_000, { log, captures, tasks: { snapshotEvery: 500 } })
    for (const { name: task } of await log.writers()) {
      if (!task.startsWith('market') && !task.startsWith('trading')) continue
      const writer = await log.open(task)
      const saved = await writer.restore()
      if (!saved) continue
      const progress = serialize(change(decodeProgress(saved.progress)))
      await writer.commit({ outputs: [], watermarks: [], positions: [], progress, state: [] })
    }
    return log
  }
  const DAY = 86_400_000_000

  it('is reported where it points past the end of a partition', async () => {
    const log = await forged('past-the-end', ({ snapshot, ...progress }) => {
      const positions = snapshot?.positions.map(place => ({ ...place, offset: place.offset + 1_000_000 })) ?? []
      return { ...progress, snapshot: snapshot && { ...snapshot, positions } }
    })
    await expect(replayed({ log, captures })).rejects.toMatchObject({
      code: 'out-of-range',
      message: expect.stringMatching(/Offset \d+ of "\w+" \d is not kept: there are 0 to \d+/),
      remedy: expect.stringContaining('see whether the log was replaced'),
    })
    await log.close()
  })

  it('is reported where it lies later than anything that the log holds', async () => {
    const log = await forged('later', progress => ({ ...progress, frontier: progress.frontier + DAY }))
    await expect(replayed({ log, captures })).rejects.toThrow(
      /market-0: the log ends before the task's last commit .*it was truncated or replaced/,
    )
    await log.close()
  })
})
