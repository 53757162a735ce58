/** Bits that turn over in the store's file: found and named, never taken for data. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '@tideway/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { openLog, replayed, replayedUntil } from './testing/chain.ts'

const lookChild = new URL('testing/look-child.ts', import.meta.url).pathname

describe('a store with a bit turned over', () => {
  const { folder, discard } = scratch('damaged')
  const copy = join(folder, 'copy')
  let captures: string[] = []
  let undisturbed: Fingerprint | undefined
  let whole: Buffer = Buffer.alloc(0)

  beforeAll(async () => {
    captures = await recordSimulated(folder, 20)
    undisturbed = await fingerprint(captures)
    const log = await openLog(join(folder, 'whole'))
    await replayed({ log, captures })
    await log.close()
    whole = readFileSync(join(folder, 'whole/data.mdb'))
  })
  afterAll(discard)

  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  it.each(seeds)('somewhere (seed %i) gives the old bytes or says what is damaged', seed => {
    const chance = seededRandom(`bit/${seed}`)
    const damaged = Buffer.from(whole)
    const at = chance.below(damaged.length)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << chance.below(8))
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy)
    writeFileSync(join(copy, 'data.mdb'), damaged)
    const looked = spawnSync(process.execPath, [lookChild, copy, ...captures], { encoding: 'utf8' })
    expect(looked.status, looked.stderr).toBe(0)
    const { damages, found } = JSON.parse(looked.stdout.trim().split('\n').at(-1) ?? '')
    if (found.code === undefined) expect(found).toEqual(undisturbed)
    else {
      expect(found).toMatchObject({ code: 'damaged', remedy: expect.stringMatching(/backup|repair/) })
      expect(damages).not.toEqual([])
    }
  })

  it('in ticks that a task must read again stops it, with topic, partition and offsets; the right file goes on', async () => {
    const half = join(folder, 'half')
    const before = await openLog(half)
    await replayedUntil(2_000, { log: before, captures })
    const { records } = await before.read('ticks', 1, 300, { records: 1, bytes: 1e6 })
    await before.close()
    const file = join(half, 'data.mdb')
    const right = readFileSync(file)
    const at = right.indexOf(records[0]?.value ?? '')
    expect(at).toBeGreaterThan(0)
    const wrong = Buffer.from(right)
    wrong[at + 20] = (wrong[at + 20] ?? 0) ^ 4
    writeFileSync(file, wrong)

    const log = await openLog(half)
    const stopped = await replayed({ log, captures }).catch((error: unknown) => error)
    expect(stopped).toMatchObject({ code: 'damaged', where: { topic: 'ticks', partition: 1 } })
    const { where } = stopped as { readonly where: { readonly from: number; readonly to: number } }
    expect(where.from).toBeLessThanOrEqual(300)
    expect(where.to).toBeGreaterThan(300)
    expect((await log.check()).damages).toEqual([{ what: 'records', ...where }])
    await log.close()

    writeFileSync(file, right)
    const restored = await openLog(half)
    expect(await replayed({ log: restored, captures })).toEqual(undisturbed)
    await restored.close()
  })
})
