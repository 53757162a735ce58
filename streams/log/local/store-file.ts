/** Looks at LMDB's file before LMDB does: opened with a file that is none, or that was cut short, it ends the process.
 *
 *  Layout (LMDB data version 2, 64 bits, little-endian): two meta pages, each with a header of 24 bytes, then magic
 *  (u32), version (u32), address (8), map size (8), two trees of 48 bytes of which the first begins with the page size
 *  (u32), last page (u64), transaction (u64). */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { LogError } from '../errors.ts'

const MAGIC = 0xbeefc0de
const VERSION = 2
const META_BYTES = 160

interface Meta {
  readonly pageSize: number
  readonly lastPage: number
  readonly transaction: number
}

/** Throws `damaged` for a file that is no store. One that was cut short gets its length back, as zeros: a file may be
 *  shorter than its last page where that page is free; where it is not, reads find what is missing. */
export function assertStoreFile(path: string): void {
  if (!existsSync(path)) return
  const file = openSync(path, 'r+')
  try {
    const { size } = fstatSync(file)
    if (size === 0) return
    const first = metaAt(file, 0)
    const second = first && metaAt(file, first.pageSize)
    if (first === undefined || second === undefined) throw noStore(path)
    const { lastPage, pageSize } = second.transaction > first.transaction ? second : first
    const needed = (lastPage + 1) * pageSize
    if (size < needed) ftruncateSync(file, needed)
  } finally {
    closeSync(file)
  }
}

function metaAt(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES)
  if (readSync(file, page, 0, META_BYTES, position) < META_BYTES) return undefined
  if (page.readUInt32LE(24) !== MAGIC || page.readUInt32LE(28) !== VERSION) return undefined
  return {
    pageSize: page.readUInt32LE(48),
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: Number(page.readBigUInt64LE(152)),
  }
}

const noStore = (path: string) =>
  new LogError('damaged', `${path} is no store of a log.`, 'Restore it from a backup, or move it away to start anew.', {
    path,
  })
