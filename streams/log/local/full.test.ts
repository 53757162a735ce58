import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canMountSmallDisk, mountSmallDisk, unmountSmallDisk } from '../../testing/small-disk.ts'
import { aCommit, aRecord, bytes, layout, text, textsOf, wrote } from '../conformance.ts'
import { isLogError } from '../errors.ts'
import { LocalLog } from './index.ts'

describe.skipIf(!canMountSmallDisk())(
  'a full disk (skipped where no small disk can be mounted: root on Linux only)',
  () => {
    const large = (n: number) =>
      aCommit({
        outputs: [
          { topic: 'ticks', partition: 0, records: [aRecord(String(n)), aRecord('x'.repeat(150_000))] },
          { topic: 'orders', partition: 1, records: [aRecord(String(n))] },
        ],
        progress: bytes(String(n)),
        state: [{ key: 'n', value: bytes(String(n)) }],
      })

    it.each(['process', 'power'] as const)(
      'is told, leaves nothing half written, and is over once there is room (%s)',
      async durability => {
        const disk = mountSmallDisk('3m') ?? ''
        try {
          const options = { folder: join(disk, 'log'), layoutIfNew: layout, durability }
          const log = await LocalLog.open(options)
          const writer = await log.open('task')
          let n = 0
          const untilFull = async () => {
            while (n < 1000) {
              const { version } = log
              try {
                await writer.commit(large(n + 1))
                n++
              } catch (error) {
                if (!isLogError(error, 'full')) throw error
                expect(log.version).toBe(version)
                return
              }
            }
            throw new Error('The disk was never full.')
          }
          const expectCommitted = async (seen: LocalLog) => {
            const numbers = Array.from({ length: n }, (_, i) => String(i + 1))
            expect((await textsOf(seen, 'ticks', 0)).filter((_, i) => i % 2 === 0)).toEqual(numbers)
            expect(await textsOf(seen, 'orders', 1)).toEqual(numbers)
            const saved = await (seen === log ? writer : await seen.open('task')).restore()
            expect([text(saved?.progress), text(saved?.state.get('n'))]).toEqual([String(n), String(n)])
            expect((await seen.check()).damages).toEqual([])
          }
          await untilFull()
          expect(n).toBeGreaterThan(5)
          await expectCommitted(log)
          execFileSync('mount', ['-o', 'remount,size=6m', disk])
          await untilFull()
          expect(n).toBeGreaterThan(20)
          await expectCommitted(log)
          await log.close()
          const again = await LocalLog.open(options)
          await expectCommitted(again)
          await again.close()
        } finally {
          unmountSmallDisk(disk)
        }
      },
    )

    it('fails the large commit of a group, not the small ones beside it', async () => {
      const disk = mountSmallDisk('3m') ?? ''
      try {
        const log = await LocalLog.open({ folder: join(disk, 'log'), layoutIfNew: layout, durability: 'power' })
        const [small, huge, other] = [await log.open('small'), await log.open('huge'), await log.open('other')]
        const outcomes = await Promise.allSettled([
          small.commit(wrote('ticks', 0, 'a')),
          huge.commit(wrote('ticks', 0, 'x'.repeat(5_000_000))),
          other.commit(wrote('ticks', 0, 'b')),
        ])
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        expect(await textsOf(log, 'ticks', 0)).toEqual(['a', 'b'])
        await log.close()
      } finally {
        unmountSmallDisk(disk)
      }
    })
  },
)
