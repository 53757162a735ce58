import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aCommit, bytes, describeLog, everything, type LogSettings, textsOf, wrote } from '../conformance.ts'
import { type Durability, LocalLog } from './index.ts'
import { inFolder } from './testing/folder.ts'

const create = (durability: Durability) => async (settings: LogSettings) => {
  const folder = mkdtempSync(join(tmpdir(), 'tideway-log-'))
  const { layout, ...options } = settings
  const open = () => LocalLog.open({ ...options, folder, durability, layoutIfNew: layout })
  let log = await open()
  return {
    log,
    reopen: async () => {
      await log.close()
      log = await open()
      return log
    },
    dispose: async () => {
      await log.close()
      rmSync(folder, { recursive: true })
    },
  }
}

describe('a local log', () => {
  it('grows beyond the address space that it began with, while it is read', () =>
    inFolder(async open => {
      const log = await open({ mapBytes: 128 * 1024 })
      const writer = await log.open('feed')
      const values = Array.from({ length: 200 }, (_, i) => String(i % 10).repeat(100_000))
      for (const [i, value] of values.entries()) {
        const reading = log.read('ticks', 0, Math.max(0, i - 1), everything)
        await Promise.all([writer.commit(wrote('ticks', 0, value)), reading])
      }
      expect(await textsOf(log, 'ticks', 0)).toEqual(values)
    }))

  it('asks for each value once, also where a commit is tried again', () =>
    inFolder(async open => {
      let asked = 0
      const record = {
        key: 'k',
        get value() {
          asked++
          return bytes('v')
        },
      }
      const log = await open({ durability: 'power' })
      const [one, two] = [await log.open('one'), await log.open('two')]
      const commit = aCommit({ outputs: [{ topic: 'ticks', partition: 0, records: [record, record] }] })
      const outcomes = Promise.allSettled([one.commit(commit), two.commit(commit)])
      await log.open('two')
      expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(asked).toBe(4)
      expect(await textsOf(log, 'ticks', 0)).toEqual(['v', 'v'])
    }))
})

describeLog('local log that survives its process', create('process'), { describe, it, expect })
describeLog('local log that survives the loss of power', create('power'), { describe, it, expect })
