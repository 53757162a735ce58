/** What the process keeps in memory.
 *
 *  The log's file is mapped, so the pages of it that were touched count as resident too. They are the system's cache: it
 *  takes them back whenever it needs room, so they are left out where the system tells them apart (Linux). */
import { readFileSync } from 'node:fs'

const STATM = '/proc/self/statm'

/** Bytes. */
export function residentBytes(): number {
  const rss = process.memoryUsage.rss()
  try {
    // Pages: size, resident, shared (mapped files among them), ...
    const [, resident = 0, shared = 0] = readFileSync(STATM, 'utf8').split(' ').map(Number)
    return resident > 0 ? Math.round(rss * (1 - shared / resident)) : rss
  } catch {
    return rss // not Linux
  }
}
