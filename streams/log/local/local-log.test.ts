import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeLog, type LogSettings } from '../conformance.ts'
import { type Durability, LocalLog } from './index.ts'

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

describeLog('local log that survives its process', create('process'), { describe, it, expect })
describeLog('local log that survives the loss of power', create('power'), { describe, it, expect })
