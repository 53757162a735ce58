/** LMDB without a log around it: what benchmarks hold the local log against. One table, numbered rows. */
import { open } from 'lmdb'
import type { Durability } from './store.ts'

export interface BareStore {
  /** One transaction with one row. */
  put(number: number, bytes: Uint8Array): void
  get(number: number): Uint8Array | undefined
  /** Visits all rows in order; gives their bytes. */
  scan(): number
  close(): Promise<void>
}

export function openBareStore(folder: string, durability: Durability, mapBytes = 4 * 2 ** 30): BareStore {
  const options = { noSubdir: false, maxDbs: 2, mapSize: mapBytes, overlappingSync: false }
  const root = open<Uint8Array, Uint8Array>({ path: folder, ...options, noSync: durability === 'process' })
  const rows = root.openDB<Uint8Array, Uint8Array>({ name: 'rows', encoding: 'binary', keyEncoding: 'binary' })
  const key = Buffer.alloc(8)
  const keyOf = (number: number) => {
    key.writeUInt32BE(number, 4)
    return key
  }
  return {
    put: (number, bytes) => root.transactionSync(() => rows.putSync(keyOf(number), bytes)),
    get: number => rows.getBinary(keyOf(number)),
    scan: () => {
      let bytes = 0
      for (const { value } of rows.getRange({})) bytes += value.byteLength
      return bytes
    },
    close: () => root.close(),
  }
}
