/** What the simulated market sends, written as captures, is read back as what it sent. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeCapture } from '../capture/describe.ts'
import { instrumentsOf } from '../capture/instruments.ts'
import { mergeCaptures } from '../capture/merge.ts'
import { folder } from '../capture/testing/a-capture.ts'
import { createCapture } from '../capture/write.ts'
import { binanceDecoder } from '../exchange/binance/decode.ts'
import { simulatedMarket } from './market.ts'

const START = 1_700_000_000_000_000

it('is recorded and read back message by message', async () => {
  const sent = [...simulatedMarket({ seed: 1, startMicros: START }).until(START + 5_000_000)]
  const paths: string[] = []
  for (const symbol of ['SOLUSDT', 'BTCUSDT', 'ETHUSDT']) {
    const path = join(folder, `${symbol}.gz`)
    const writer = await createCapture(path, { venue: 'simulated', symbol })
    for (const { time, venueSymbol, raw } of sent) if (venueSymbol === symbol) await writer.write(time, raw)
    await writer.close()
    paths.push(path)
  }

  const captures = await Promise.all(paths.map(describeCapture))
  const instruments = await instrumentsOf(captures)
  expect(instruments.map(({ inferred, instrument }) => [inferred, instrument.symbol])).toEqual([
    [false, 'SOL/USDT'],
    [false, 'BTC/USDT'],
    [false, 'ETH/USDT'],
  ])
  const decoders = new Map(
    captures.map(({ source, venue, venueSymbol: symbol }) => [
      source,
      binanceDecoder({ venue, instruments: instruments.map(({ instrument }) => instrument), symbol }),
    ]),
  )
  const read: { time: number; venueSymbol: string; raw: string }[] = []
  for await (const { entries } of mergeCaptures(captures)) {
    for (const { capture, time, entry } of entries) {
      if (entry.kind === 'damage') throw new Error(`line ${entry.line} is damaged`)
      read.push({ time, venueSymbol: capture.venueSymbol, raw: entry.raw })
      expect(decoders.get(capture.source)?.(entry.raw, time).key).toBe(`simulated:${capture.symbol}`)
    }
  }
  expect(read).toEqual(sent)
})
