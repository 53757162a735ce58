import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capture, describeCapture } from './describe.ts'
import { mergeCaptures } from './merge.ts'
import { aFile, quotes } from './testing/a-capture.ts'

describe('merging captures', () => {
  async function merged(captures: readonly Capture[]): Promise<string[]> {
    const seen: string[] = []
    for await (const { entries } of mergeCaptures(captures)) {
      for (const { capture, time, entry } of entries) seen.push(`${time} ${capture.source} ${entry.line}`)
    }
    return seen
  }
  const describeAll = (paths: readonly string[]) => Promise.all(paths.map(describeCapture))

  it('orders by receive time, then feed, then line (M1)', async () => {
    const btc = aFile(quotes([1, 5, 5, 9]))
    const eth = aFile(quotes([2, 5, 8], 'ETHUSDT'))
    const captures = await describeAll([eth, btc])
    expect(await merged(captures)).toEqual([
      '1 binance-btcusdt 1',
      '2 binance-ethusdt 1',
      '5 binance-btcusdt 2',
      '5 binance-btcusdt 3',
      '5 binance-ethusdt 2',
      '8 binance-ethusdt 3',
      '9 binance-btcusdt 4',
    ])
    expect(await merged(captures.toReversed())).toEqual(await merged(captures))
  })

  it('lets no time go back: a line with an earlier time, or with none, takes the time before it (M2)', async () => {
    const captures = await describeAll([aFile(`?\n${quotes([5, 3])}??\n${quotes([6])}`)])
    expect(await merged(captures)).toEqual([5, 5, 5, 5, 6].map((time, i) => `${time} binance-btcusdt ${i + 1}`))
  })

  it('gives every entry once and in order, however captures are cut and mixed', async () => {
    const times = fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }).map(list => list.toSorted((a, b) => a - b))
    await fc.assert(
      fc.asyncProperty(times, times, times, async (a, b, c) => {
        const feeds = [a, b, c].map((list, i) => ({ symbol: `S${i}USDT`, list }))
        const captures = await describeAll(feeds.map(({ symbol, list }) => aFile(quotes(list, symbol))))
        const expected = feeds
          .flatMap(({ symbol, list }) => list.map((time, i) => ({ time, symbol, line: i + 1 })))
          .toSorted((x, y) => x.time - y.time || (x.symbol < y.symbol ? -1 : x.symbol > y.symbol ? 1 : x.line - y.line))
        expect(await merged(captures)).toEqual(
          expected.map(({ time, symbol, line }) => `${time} binance-${symbol.toLowerCase()} ${line}`),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('lets captures of one feed follow each other, and refuses those that overlap (M4)', async () => {
    const [early, late, between] = [aFile(quotes([1, 2])), aFile(quotes([3, 4])), aFile(quotes([2, 3]))]
    expect(await merged(await describeAll([late, early]))).toEqual(
      ['1 1', '2 2', '3 1', '4 2'].map(pair => pair.replace(' ', ' binance-btcusdt ')),
    )
    const overlapping = await describeAll([early, between])
    await expect(merged(overlapping)).rejects.toMatchObject({ code: 'overlap', path: between })
    await expect(merged(await describeAll([early, early]))).rejects.toMatchObject({ code: 'overlap' })
  })

  it('gives what comes before a file that is cut off, then says so (M3)', async () => {
    const packed = gzipSync(quotes(Array.from({ length: 5000 }, (_, i) => i)))
    const captures = await describeAll([
      aFile(packed.subarray(0, packed.length / 2)),
      aFile(quotes([1, 9999], 'ETHUSDT')),
    ])
    const seen: number[] = []
    const read = async () => {
      for await (const { entries } of mergeCaptures(captures)) seen.push(...entries.map(entry => entry.time))
    }
    await expect(read()).rejects.toMatchObject({ code: 'cut-off' })
    expect(seen.length).toBeGreaterThan(1000)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  it('says how far it has come', async () => {
    let last = { bytesRead: 0, bytesTotal: 0 }
    for await (const chunk of mergeCaptures(
      await describeAll([aFile(quotes([1, 2])), aFile(quotes([1], 'ETHUSDT'))]),
    )) {
      last = chunk
    }
    expect(last.bytesRead).toBe(last.bytesTotal)
    expect(last.bytesTotal).toBeGreaterThan(0)
  })
})
