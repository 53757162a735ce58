import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { binanceDecoder } from '../exchange/binance/decode.ts'
import { describeCapture } from './describe.ts'
import { instrumentsOf } from './instruments.ts'
import { splitSymbol } from './symbol.ts'

const folder = mkdtempSync(join(tmpdir(), 'capture-instruments-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function aCapture(name: string, raws: readonly string[]) {
  const path = join(folder, name)
  writeFileSync(path, raws.map((raw, i) => `${i + 1}000 ${raw}\n`).join(''))
  return await describeCapture(path)
}

describe('the instruments of captures', () => {
  it('come from the table where the venue and symbol are known', async () => {
    const capture = await aCapture('btc', ['{"e":"trade","s":"BTCUSDT","M":true,"p":"1.123456"}'])
    const found = await instrumentsOf([capture, capture])
    expect(found.map(({ inferred, instrument }) => [inferred, instrument.symbol, String(instrument.tickSize)])).toEqual(
      [[false, 'BTC/USDT', '0.01']],
    )
  })

  it('are inferred from the finest decimals of prices and sizes, and marked', async () => {
    const raws = [
      '{"e":"trade","s":"PEPEUSDT","t":1,"T":1,"m":true,"M":true,"p":"0.00001230","q":"1000.00"}',
      '{"e":"depthUpdate","E":1,"s":"PEPEUSDT","U":1,"u":1,"b":[["0.00001229","10.50"]],"a":[]}',
      '{"lastUpdateId":1,"bids":[["0.0000122","1"]],"asks":[["1","0.1"]]}',
      '{"broken',
    ]
    const capture = await aCapture('pepe', raws)
    const [found] = await instrumentsOf([capture])
    expect(found?.inferred).toBe(true)
    expect(found?.instrument).toMatchObject({ symbol: 'PEPE/USDT', base: 'PEPE', quote: 'USDT', kind: 'spot' })
    const { tickSize, lotSize, quantityStep } = found?.instrument ?? {}
    expect([tickSize, lotSize, quantityStep].map(String)).toEqual(['0.00000001', '0.1', '0.1'])
    const decode = binanceDecoder({
      venue: 'binance',
      instruments: found ? [found.instrument] : [],
      symbol: 'PEPEUSDT',
    })
    expect(decode(raws[0] ?? '', 1).data).toMatchObject({ priceTicks: 1230, sizeLots: 10_000 })
    expect(decode(raws[2] ?? '', 1).data).toMatchObject({ bidTicks: [1220], askLots: [1] })
  })
})

it.each([
  ['BTCUSDT', 'BTC', 'USDT', 'BTC/USDT'],
  ['ETHBTC', 'ETH', 'BTC', 'ETH/BTC'],
  ['BTCFDUSD', 'BTC', 'FDUSD', 'BTC/FDUSD'],
  ['BTCUSD_PERP', 'BTC', 'USD', 'BTC/USD'],
  ['BTCUSD_240927', 'BTC', 'USD', 'BTC/USD-240927'],
  ['1000SHIBUSDC', '1000SHIB', 'USDC', '1000SHIB/USDC'],
  ['USDT', 'USDT', 'UNKNOWN', 'USDT/UNKNOWN'],
  ['XYZABC', 'XYZABC', 'UNKNOWN', 'XYZABC/UNKNOWN'],
])('splits %s into %s and %s', (venueSymbol, base, quote, symbol) => {
  expect(splitSymbol(venueSymbol)).toEqual({ base, quote, symbol })
})
