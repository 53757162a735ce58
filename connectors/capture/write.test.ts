import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { describeCapture } from './describe.ts'
import { aFile, entriesOf, folder } from './testing/a-capture.ts'
import { createCapture } from './write.ts'

describe('writing a capture', () => {
  it('gives back what was written, and its feed', async () => {
    const path = join(folder, 'written.gz')
    const writer = await createCapture(path, { venue: 'simulated', symbol: 'BTCUSDT' })
    const raws = Array.from({ length: 3000 }, (_, i) => `{"id":${i},"text":"${'ü'.repeat(i % 90)}"}`)
    for (const [i, raw] of raws.entries()) await writer.write(1_700_000_000_000_000 + i, raw)
    await writer.close()
    const { entries } = await entriesOf(path)
    expect(entries.map(entry => entry.kind === 'message' && entry.raw)).toEqual(raws)
    expect(entries[2999]).toMatchObject({ line: 3001, receiveTime: 1_700_000_000_002_999 })
    expect(await describeCapture(path)).toMatchObject({
      source: 'simulated-btcusdt',
      venue: 'simulated',
      venueSymbol: 'BTCUSDT',
      firstTime: 1_700_000_000_000_000,
    })
    expect(gunzipSync(readFileSync(path)).toString().split('\n')[0]).toBe(
      '0 {"tideway":"capture","venue":"simulated","symbol":"BTCUSDT","version":1}',
    )
  })

  it('can be read up to its last flush while it is still being written (K1)', async () => {
    const path = join(folder, 'open.gz')
    const writer = await createCapture(path, { venue: 'simulated', symbol: 'BTCUSDT' })
    await writer.write(1, '{"a":1}')
    await writer.flush()
    await writer.write(2, '{"a":2}')
    const { entries, error } = await entriesOf(path)
    expect(entries).toEqual([{ kind: 'message', line: 2, receiveTime: 1, raw: '{"a":1}' }])
    expect(error).toMatchObject({ code: 'cut-off' })
    await writer.close()
    expect((await entriesOf(path)).entries).toHaveLength(2)
  })

  it('overwrites nothing, and takes no message of two lines', async () => {
    const path = aFile('precious')
    await expect(createCapture(path, { venue: 'simulated', symbol: 'X' })).rejects.toMatchObject({ code: 'unwritable' })
    expect(readFileSync(path, 'utf8')).toBe('precious')
    const writer = await createCapture(join(folder, 'one.gz'), { venue: 'simulated', symbol: 'X' })
    await expect(writer.write(1, '{\n}')).rejects.toThrow(RangeError)
    await writer.close()
  })
})
