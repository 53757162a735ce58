import { describe, expect, it } from 'vitest'
import {
  createAtr,
  createBollinger,
  createEma,
  createMacd,
  createRsi,
  createSma,
  createVwap,
  foldAtr,
  foldBollinger,
  foldMacd,
  foldRsi,
  foldSma,
  foldSmoothed,
  foldVwap,
} from './index.ts'
import { publishedTable, tablesThere } from './testing/published.ts'

/** The tables print seven significant digits, computed from prices that were rounded to as many: a value may be off by
 *  half a unit of that digit twice, of the magnitude that it was computed from (prices, or 100 for a percentage). */
const PRECISION = 5e-7

/** Every cell, the empty ones too: where the table has no value yet, neither has the indicator. */
function expectPublished(values: readonly number[], published: readonly number[], scale: number): void {
  expect(values.map(Number.isNaN)).toEqual(published.map(Number.isNaN))
  expectWherePublished(values, published, scale)
}

function expectWherePublished(values: readonly number[], published: readonly number[], scale: number): void {
  const cells = published.flatMap((cell, row) => (Number.isNaN(cell) ? [] : [{ row, cell }]))
  const wrong = cells.filter(({ row, cell }) => !(Math.abs((values[row] ?? Number.NaN) - cell) <= PRECISION * scale))
  expect(cells.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
}

describe.skipIf(!tablesThere)('published tables (skipped where ../shared/data/indicators is missing)', () => {
  const dow = tablesThere ? publishedTable('spy_with_indicators.txt') : () => []
  const closes = dow('Close')
  const price = Math.max(...closes)

  it('simple moving average of 14', () => {
    const state = createSma(14)
    expectPublished(
      closes.map(close => foldSma(state, close)),
      dow('SMA14'),
      price,
    )
  })

  it('exponential moving average of 14, seeded with the simple one', () => {
    const state = createEma(14)
    expectPublished(
      closes.map(close => foldSmoothed(state, close)),
      dow('EMA14'),
      price,
    )
  })

  it('MACD of 12 and 26', () => {
    const state = createMacd(12, 26, 9)
    expectPublished(
      closes.map(close => foldMacd(state, close)),
      dow('MACD 12 26'),
      price,
    )
  })

  it("Wilder's relative strength index of 14", () => {
    const state = createRsi(14)
    expectPublished(
      closes.map(close => foldRsi(state, close)),
      dow('RSI 14 Wilder'),
      100,
    )
  })

  it('average true range of 14', () => {
    const table = publishedTable('spy_atr_wilder.txt')
    const [high, low, close] = ['High', 'Low', 'Close'].map(table) as [number[], number[], number[]]
    const state = createAtr(14)
    const values = close.map((each, row) => foldAtr(state, high[row] ?? 0, low[row] ?? 0, each))
    expectPublished(values, table('Average True Range 14'), 200)
  })

  it('Bollinger bands of 20 and two population deviations', () => {
    const table = publishedTable('spy_bollinger_bands.txt')
    const state = createBollinger(20, 2)
    const bands = table('Close').map(close => {
      foldBollinger(state, close)
      return { ...state }
    })
    const column = (band: 'upper' | 'middle' | 'lower') => bands.map(each => each[band])
    expectPublished(column('middle'), table('Moving Average 20'), 200)
    expectPublished(column('upper'), table('Bollinger Bands® 20 2 Top'), 200)
    expectPublished(column('lower'), table('Bollinger Bands® 20 2 Bottom'), 200)
  })

  it('MACD of 12 and 26 with its signal of 9; the table starts fifteen years after its first bar', () => {
    const table = publishedTable('spy_with_macd.txt')
    const state = createMacd(12, 26, 9)
    const rows = table('Close').map(close => {
      foldMacd(state, close)
      return { ...state }
    })
    const column = (name: 'value' | 'signal' | 'histogram') => rows.map(each => each[name])
    expectWherePublished(column('value'), table('MACD'), 200)
    expectWherePublished(column('signal'), table('Signal'), 200)
    expectWherePublished(column('histogram'), table('Histogram'), 200)
  })

  it('volume-weighted average price of 50 bars, a bar at the mean of its four prices', () => {
    const table = publishedTable('spy_with_vwap.txt')
    const volume = table('Volume')
    const prices = ['Open', 'High', 'Low', 'Close'].map(table)
    const state = createVwap(50)
    const values = volume.map((each, row) => {
      const mean = prices.reduce((sum, column) => sum + (column[row] ?? 0), 0) / 4
      return foldVwap(state, mean * each, each)
    })
    expectPublished(values, table('Moving VWAP 50'), 200)
  })
})
