/** Folders for tests of the local log. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { layout } from '../../conformance.ts'
import { LocalLog, type LocalLogOptions } from '../index.ts'

/** A folder that is gone afterwards, and logs opened in it, closed afterwards. */
export async function inFolder(
  body: (open: (options?: Partial<LocalLogOptions>) => Promise<LocalLog>, folder: string) => Promise<void>,
): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'tideway-log-'))
  const folder = join(parent, 'log')
  const logs: LocalLog[] = []
  try {
    await body(async options => {
      const log = await LocalLog.open({ folder, layoutIfNew: layout, durability: 'process', ...options })
      logs.push(log)
      return log
    }, folder)
  } finally {
    for (const log of logs) await log.close()
    rmSync(parent, { recursive: true })
  }
}

/** Changes rows of a closed log behind its back: what `change` returns replaces the row, undefined removes it. */
export async function tamper(
  folder: string,
  table: 'meta' | 'partitions' | 'records' | 'writers' | 'state',
  change: (value: Uint8Array, key: string) => Uint8Array | undefined,
): Promise<void> {
  const root = open<Uint8Array, Uint8Array>({ path: folder, noSubdir: false, maxDbs: 8, overlappingSync: false })
  const rows = root.openDB<Uint8Array, Uint8Array>({ name: table, encoding: 'binary', keyEncoding: 'binary' })
  for (const { key, value } of [...rows.getRange({})]) {
    const changed = change(value, Buffer.from(key).toString('latin1'))
    if (changed === undefined) rows.removeSync(key)
    else if (changed !== value) rows.putSync(key, changed)
  }
  await root.close()
}

/** The row with one bit turned over. */
export function flipped(row: Uint8Array, at = row.byteLength - 1): Uint8Array {
  const copy = Uint8Array.from(row)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
