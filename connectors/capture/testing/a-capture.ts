/** Builders of capture files for tests, in a folder that goes when the test file ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { CaptureError } from '../errors.ts'
import { type CaptureEntry, readCapture } from '../read.ts'

export const folder = mkdtempSync(join(tmpdir(), 'captures-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** A file of these bytes; returns its path. */
export function aFile(content: string | Buffer): string {
  const path = join(folder, `${++files}.capture`)
  writeFileSync(path, content)
  return path
}

/** A line received at `micros` and 123 ns. */
export const aLine = (micros: number, raw = '{"e":"trade","s":"BTCUSDT","M":true}') => `${micros}123 ${raw}\n`

/** Lines of book tickers received at these times. */
export const quotes = (times: readonly number[], symbol = 'BTCUSDT') =>
  times.map((time, i) => aLine(time, `{"u":${i},"s":"${symbol}","b":"1","B":"1","a":"2","A":"1"}`)).join('')

/** All that can be read from a capture, and the error that ended it. */
export async function entriesOf(
  path: string,
): Promise<{ entries: CaptureEntry[]; error?: CaptureError; done: number }> {
  const entries: CaptureEntry[] = []
  let done = 0
  try {
    for await (const chunk of readCapture(path)) {
      entries.push(...chunk.entries)
      done = chunk.bytesRead / chunk.bytesTotal
    }
  } catch (error) {
    if (error instanceof CaptureError) return { entries, error, done }
    throw error
  }
  return { entries, done }
}
