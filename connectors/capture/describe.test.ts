import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeCapture } from './describe.ts'
import { aFile, aLine } from './testing/a-capture.ts'

describe('whose messages a capture holds', () => {
  const rows: readonly [venue: string, symbol: string, content: string][] = [
    ['binance', 'BTCUSDT', '{"e":"depthUpdate","s":"BTCUSDT","U":1,"u":2}'],
    ['binance', 'BTCUSDT', '{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"1","A":"1"}'],
    ['binance', 'BTCUSDT', '{"e":"trade","s":"BTCUSDT","M":true}'],
    ['binance-usdm', 'BTCUSDT', '{"e":"depthUpdate","s":"BTCUSDT","pu":1}'],
    ['binance-usdm', 'BTCUSDT', '{"e":"bookTicker","s":"BTCUSDT"}'],
    ['binance-usdm', 'BTCUSDT', '{"e":"trade","s":"BTCUSDT","X":"MARKET"}'],
    ['binance-coinm', 'BTCUSD_PERP', '{"e":"depthUpdate","s":"BTCUSD_PERP","ps":"BTCUSD","pu":1}'],
    ['binance-coinm', 'BTCUSD_PERP', '{"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD"}'],
    ['binance-coinm', 'BTCUSD_PERP', '{"lastUpdateId":1,"symbol":"BTCUSD_PERP","pair":"BTCUSD","bids":[],"asks":[]}'],
    ['binance-coinm', 'BTCUSD_240927', '{"e":"trade","s":"BTCUSD_240927","X":"MARKET"}'],
  ]
  it.each(rows)('%s %s from %s', async (venue, venueSymbol, raw) => {
    const snapshot = aLine(1, '{"lastUpdateId":1,"bids":[],"asks":[]}')
    const wrapped = aLine(2, `{"stream":"x","data":${raw}}`)
    expect(await describeCapture(aFile(snapshot + wrapped))).toMatchObject({ venue, venueSymbol, firstTime: 1 })
  })

  it('asks for a header where nothing tells', async () => {
    const path = aFile(aLine(1, '{"lastUpdateId":1,"bids":[],"asks":[]}'))
    await expect(describeCapture(path)).rejects.toMatchObject({ code: 'unknown-venue' })
    const said = `0 {"tideway":"capture","venue":"binance","symbol":"BTCUSDT","version":1}\n${readFileSync(path, 'utf8')}`
    expect(await describeCapture(aFile(said))).toMatchObject({ source: 'binance-btcusdt', firstTime: 1 })
  })

  it('names the feed by venue and symbol, never by path', async () => {
    const perpetual = aLine(1, '{"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD"}')
    expect((await describeCapture(aFile(perpetual))).source).toBe('binance-coinm-btcusd')
  })
})
