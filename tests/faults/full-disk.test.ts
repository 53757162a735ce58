/** A disk that is full in the middle of a replay: told clearly, nothing lost, over as soon as there is room. */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isLogError } from '@tideway/streams'
import { canMountSmallDisk, mountSmallDisk, unmountSmallDisk } from '@tideway/streams/testing/small-disk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch } from '../acceptance/testing/captures.ts'
import { type Fingerprint, fingerprint } from '../acceptance/testing/fingerprint.ts'
import { openLog, replayed } from './testing/chain.ts'

describe.skipIf(!canMountSmallDisk())(
  'a full disk (skipped where no small disk can be mounted: root on Linux only)',
  () => {
    const { folder, discard } = scratch('full')
    let captures: string[] = []
    let undisturbed: Fingerprint | undefined

    beforeAll(async () => {
      captures = await recordSimulated(folder, 30)
      undisturbed = await fingerprint(captures)
    })
    afterAll(discard)

    it.each([
      ['the same engine', false],
      ['an engine that starts then', true],
    ])('stops a replay with a clear error; once there is room %s ends it with the same bytes', async (_, restart) => {
      const disk = mountSmallDisk('1m') ?? ''
      try {
        let log = await openLog(join(disk, 'log'))
        const tasks = { snapshotEvery: 1_000 }
        let full = 0
        let found: Fingerprint | undefined
        for (let kilobytes = 1_024; !found; kilobytes += 400) {
          execFileSync('mount', ['-o', `remount,size=${kilobytes}k`, disk])
          try {
            found = await replayed({ log, captures, tasks })
          } catch (error) {
            if (!isLogError(error, 'full')) throw error
            full++
            expect(error.message).toContain(`There is no room left for the log in ${disk}`)
            expect(error.remedy).toContain('Make room')
          }
          if (!restart) continue
          await log.close()
          log = await openLog(join(disk, 'log'))
        }
        expect(full).toBeGreaterThan(2)
        expect(found).toEqual(undisturbed)
        expect((await log.check()).damages).toEqual([])
        await log.close()
      } finally {
        unmountSmallDisk(disk)
      }
    })
  },
)
