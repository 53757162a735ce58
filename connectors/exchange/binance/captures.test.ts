/** The decoder and the table of instruments held against what the venue really sent. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeCapture } from '../../capture/describe.ts'
import { instrumentsOf } from '../../capture/instruments.ts'
import { mergeCaptures } from '../../capture/merge.ts'
import { binanceDecoder } from './decode.ts'

const data = join(import.meta.dirname, '../../../../shared/data')
const rows = [
  ['binance-spot/btcusdt_20240809.gz', 'binance-btcusdt', 58_325],
  ['binance-spot/ethusdt_20240809.gz', 'binance-ethusdt', 46_126],
  ['binance-usdm/btcusdt_20240808.gz', 'binance-usdm-btcusdt', 93_954],
  ['binance-usdm/ethusdt_20240808.gz', 'binance-usdm-ethusdt', 74_655],
  ['binance-captures/cm_btcusd_perp_20240808.gz', 'binance-coinm-btcusd', 48_270],
] as const

describe.skipIf(!existsSync(data))('real captures (skipped where ../shared/data is missing)', () => {
  it.each(rows)('%s: every one of its messages is a tick of a known instrument', async (file, source, messages) => {
    const capture = await describeCapture(join(data, file))
    const [listed] = await instrumentsOf([capture])
    expect(capture.source).toBe(source)
    expect(listed?.inferred).toBe(false)
    const { venue, venueSymbol: symbol } = capture
    const decode = binanceDecoder({ venue, instruments: listed ? [listed.instrument] : [], symbol })
    let ticks = 0
    let lastId = 0
    for await (const { entries } of mergeCaptures([capture])) {
      for (const { entry, time } of entries) {
        if (entry.kind === 'damage') throw new Error(`line ${entry.line} is damaged`)
        const tick = decode(entry.raw, time)
        ticks++
        if (tick.type !== 'DepthChanged') continue
        const { firstUpdateId, lastUpdateId, previousUpdateId } = tick.data
        if (lastId > 0)
          expect(previousUpdateId === -1 ? firstUpdateId : previousUpdateId).toBeGreaterThanOrEqual(lastId)
        lastId = lastUpdateId
      }
    }
    expect(ticks).toBe(messages)
  })
})
