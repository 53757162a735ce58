/** Captures that are not whole: what can be read is replayed, what cannot is set aside by line, and nothing else moves. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { replay } from '@tideway/stack'
import { type DeadLetter, type Log, readDeadLetter } from '@tideway/streams'
import { LocalLog } from '@tideway/streams/log/local'
import { MemoryLog } from '@tideway/streams/log/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSimulated, scratch, writeLines } from './testing/captures.ts'
import { type Fingerprint, fingerprintOf } from './testing/fingerprint.ts'

const layout = { partitions: 3, shards: 2 }
const { folder, discard } = scratch('damage')
let captures: string[] = []
let lines: string[] = []
let whole: Fingerprint | undefined

beforeAll(async () => {
  captures = await recordSimulated(folder, 40)
  lines = gunzipSync(readFileSync(captures[0] ?? ''))
    .toString()
    .trimEnd()
    .split('\n')
  whole = (await replayed(captures)).found
})
afterAll(discard)

async function replayed(given: readonly string[], log: Log = new MemoryLog({ layout })) {
  const found = fingerprintOf(await replay({ log, captures: given }))
  return { found, letters: await lettersOf(log) }
}

async function lettersOf(log: Log): Promise<DeadLetter[]> {
  const { records } = await log.read('dlq.ticks', 0, 0, { records: 1_000, bytes: 1e9 })
  return records.map(({ value }) => readDeadLetter(value))
}

/** The first capture with lines put in; `at` counts lines of the file that comes out, from 1. */
function withLines(name: string, added: readonly { readonly at: number; readonly line: string }[]): string[] {
  const damaged = [...lines]
  for (const { at, line } of added) damaged.splice(at - 1, 0, line)
  return [writeLines(join(folder, name), damaged), ...captures.slice(1)]
}

describe('a capture with damaged lines [BACK-02]', () => {
  it('loses them alone: each is a dead letter that names its line, all else is unchanged', async () => {
    // Damaged lines of times that pass anyway: a line whose time can be read holds back what follows it.
    const half = (lines[48] ?? '').slice(0, 60)
    const unknown = `${lines[290]?.split(' ')[0]} {"e":"somethingNew","s":"BTCUSDT"}`
    const given = withLines('damaged', [
      { at: 20, line: 'no time stands here' },
      { at: 50, line: half },
      { at: 51, line: '' },
      { at: 300, line: unknown },
      { at: 301, line: '1 {"e":"trade"' },
    ])
    for (const kind of ['memory', 'local'] as const) {
      const log =
        kind === 'memory'
          ? new MemoryLog({ layout })
          : await LocalLog.open({ folder: join(folder, 'log'), layoutIfNew: layout, durability: 'process' })
      const { found, letters } = await replayed(given, log)
      await log.close()
      expect(letters.map(({ headers, code }) => [headers.line, code])).toEqual([
        ['20', 'no-time'],
        ['50', 'not-json'],
        ['51', 'no-time'],
        ['300', 'unknown-message'],
        ['301', 'not-json'],
      ])
      expect(new Set(letters.map(({ key, task, headers }) => `${key} ${task} ${headers.source}`))).toEqual(
        new Set(['simulated:BTC/USDT capture simulated-btcusdt']),
      )
      expect(Buffer.from(letters[0]?.bytes ?? []).toString()).toBe('no time stands here')
      expect(found).toEqual({
        ...whole,
        topics: { ...whole?.topics, 'dlq.ticks': { count: 5 } },
        messages: (whole?.messages ?? 0) + 5,
        damaged: 5,
      })
    }
  })
})

describe('a capture that ends in the middle [BACK-02]', () => {
  it('says so, what was read of it is there, and the whole file brings the rest', async () => {
    const path = join(folder, 'cut.gz')
    const bytes = readFileSync(captures[0] ?? '')
    writeFileSync(path, bytes)
    truncateSync(path, Math.floor(bytes.length * 0.6))
    const given = [path, ...captures.slice(1)]
    const log = await LocalLog.open({ folder: join(folder, 'cut'), layoutIfNew: layout, durability: 'process' })
    await expect(replay({ log, captures: given, chunk: 500 })).rejects.toMatchObject({
      name: 'CaptureError',
      code: 'cut-off',
      path,
      message: expect.stringMatching(/ends early after line \d+/),
      remedy: expect.stringContaining('What stands before it was read'),
    })
    let read = 0
    for (let partition = 0; partition < layout.partitions; partition++)
      read += (await log.ends('ticks', partition)).next
    expect(read).toBeGreaterThan((whole?.messages ?? 0) * 0.3)
    writeFileSync(path, bytes)
    const { found } = await replayed(given, log)
    await log.close()
    expect(found).toEqual(whole)
  })
})

describe('a log that holds a replay', () => {
  it('gives its numbers again for the same captures, wherever they lie, and refuses others', async () => {
    const log = new MemoryLog({ layout })
    await replay({ log, captures })
    const moved = join(folder, 'moved.capture')
    writeFileSync(moved, readFileSync(captures[0] ?? ''))
    expect((await replayed([moved, ...captures.slice(1)], log)).found).toEqual(whole)
    await expect(replay({ log, captures: captures.slice(1) })).rejects.toMatchObject({ code: 'refused' })
    await expect(replay({ log, captures, split: true })).rejects.toMatchObject({ code: 'refused' })
    expect((await replayed(captures, log)).found).toEqual(whole)
  })
})
