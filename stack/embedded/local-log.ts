/** The log of one machine, in the folder that the settings name. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LocalLog } from '@tideway/streams/log/local'
import type { Settings } from '../settings/settings.ts'

export type LogSettings = Pick<
  Settings,
  'TIDEWAY_HOME' | 'TIDEWAY_PARTITIONS' | 'TIDEWAY_SHARDS' | 'TIDEWAY_DURABILITY' | 'TIDEWAY_MAX_RECORD_BYTES'
>

/** Where the log lies within the home folder. */
export function logFolderOf(home: string): string {
  return join(home, 'log')
}

/** Whether a log was ever created there. */
export function hasLog(home: string): boolean {
  return existsSync(join(logFolderOf(home), 'data.mdb'))
}

/** Opens the log as its one owner, or creates it. Waits for an owner that is about to go; throws LogError. */
export async function openLocalLog(settings: LogSettings, waitForLockMicros = 0): Promise<LocalLog> {
  return await LocalLog.open({
    folder: logFolderOf(settings.TIDEWAY_HOME),
    layoutIfNew: { partitions: settings.TIDEWAY_PARTITIONS, shards: settings.TIDEWAY_SHARDS },
    durability: settings.TIDEWAY_DURABILITY,
    maxRecordBytes: settings.TIDEWAY_MAX_RECORD_BYTES,
    waitForLockMicros,
  })
}
