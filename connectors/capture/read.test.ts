import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINES_TO_JUDGE } from './read.ts'
import { aFile, aLine, entriesOf, folder } from './testing/a-capture.ts'

describe('reading a capture', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
    [
      'two gzip files put together',
      (text: string) => Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))]),
    ],
  ])('gives every message with its line and its receive time in whole microseconds (%s)', async (_, pack) => {
    const { entries, done } = await entriesOf(aFile(pack('1723161600001658999 {"a":1}\n1723161600001659000 {"b":2}')))
    expect(entries).toEqual([
      { kind: 'message', line: 1, receiveTime: 1723161600001658, raw: '{"a":1}' },
      { kind: 'message', line: 2, receiveTime: 1723161600001659, raw: '{"b":2}' },
    ])
    expect(done).toBe(1)
  })

  it('gives a damaged line as its bytes and goes on (C1)', async () => {
    const broken = Buffer.from([0x31, 0x20, 0x7b, 0xff, 0xfe])
    const text = Buffer.concat([Buffer.from(aLine(1)), broken, Buffer.from(`\nno time\n\n${aLine(2)}`)])
    const { entries, error } = await entriesOf(aFile(text))
    expect(error).toBeUndefined()
    expect(entries.map(entry => [entry.line, entry.kind === 'damage' ? entry.reason : entry.receiveTime])).toEqual([
      [1, 1],
      [2, 'not-utf8'],
      [3, 'no-time'],
      [4, 'no-time'],
      [5, 2],
    ])
    const [, second, third] = entries
    expect(second).toMatchObject({ bytes: broken })
    expect(third).toMatchObject({ bytes: Buffer.from('no time') })
  })

  it('gives what a truncated gzip file still holds, the cut line as damage, then says so (C4)', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => aLine(i, `{"x":${(i * 2654435761) % 2 ** 32}}`)).join('')
    const packed = gzipSync(text)
    const { entries, error } = await entriesOf(aFile(packed.subarray(0, Math.floor(packed.length * 0.7))))
    expect(error).toMatchObject({ code: 'cut-off', line: entries.length })
    expect(error?.message).toContain(`after line ${entries.length}`)
    expect(entries.length).toBeGreaterThan(10_000)
    expect(entries.at(-1)).toMatchObject({ kind: 'damage', reason: 'cut-off' })
    const lines = text.split('\n')
    for (const entry of entries) {
      if (entry.kind === 'message') expect(lines[entry.line - 1]).toBe(`${entry.receiveTime}123 ${entry.raw}`)
      else expect(lines[entry.line - 1]?.startsWith(Buffer.from(entry.bytes).toString())).toBe(true)
    }
  })

  it('reports gzip data that is broken in the middle, after what stands before it', async () => {
    const packed = gzipSync(
      Array.from({ length: 50_000 }, (_, i) => aLine(i, `{"x":${Math.imul(i, 2654435761)}}`)).join(''),
    )
    packed.fill(0xff, packed.length / 2, packed.length / 2 + 2000)
    const { entries, error } = await entriesOf(aFile(packed))
    expect(error).toMatchObject({ code: 'damaged' })
    expect(entries.filter(entry => entry.kind === 'message').length).toBeGreaterThan(1000)
  })

  it.each([
    ['empty', ''],
    ['a table', 'date,open,close\n2018-01-01 00:00:00,1,2\n'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00])],
    ['a long text', 'word\n'.repeat(100_000)],
    ['gzip of something else', gzipSync('hello')],
    ['a capture of a later version', '0 {"tideway":"capture","venue":"simulated","version":2}\n'],
  ])('refuses a file that is no capture: %s (C3)', async (_, content) => {
    const { entries, error } = await entriesOf(aFile(content))
    expect(entries).toEqual([])
    expect(error).toMatchObject({ code: 'not-a-capture' })
  })

  it('reads a capture that starts with damage', async () => {
    const { entries } = await entriesOf(aFile(`${'?\n'.repeat(LINES_TO_JUDGE - 1)}${aLine(7)}`))
    expect(entries).toHaveLength(LINES_TO_JUDGE)
    expect(entries.at(-1)).toMatchObject({ kind: 'message', receiveTime: 7 })
  })

  it.each(['/nowhere/at/all', folder])('says where it cannot read: %s', async path => {
    expect((await entriesOf(path)).error).toMatchObject({ code: 'unreadable', path })
  })

  it('gives the same entries wherever lines lie across pieces of the file', async () => {
    const json = fc.string({ unit: 'grapheme', maxLength: 3000 }).map(text => JSON.stringify({ text }))
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 120 }), fc.boolean(), async (raws, packed) => {
        const text = raws.map((raw, i) => aLine(i, raw)).join('')
        const { entries } = await entriesOf(aFile(packed ? gzipSync(text) : text))
        expect(entries).toEqual(raws.map((raw, i) => ({ kind: 'message', line: i + 1, receiveTime: i, raw })))
      }),
      { numRuns: 30 },
    )
  })
})
