import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { directionOf } from '@tideway/domain'
import { amount } from '@tideway/domain/testing'
import { Decimal } from '@tideway/schemas'
import { describe, expect, it } from 'vitest'
import { afterFill, averagePrice, FLAT, type Position } from './average-cost.ts'

const oracle = '../shared/data/fills/hyperliquid_fills_sample.csv.gz'

interface Row {
  readonly coin: string
  /** What the venue says that was held before. */
  readonly start: Decimal
  readonly before: Position
  readonly after: Position
  readonly price: Decimal
  /** Signed. */
  readonly change: Decimal
  readonly venueRealised: Decimal
}

/** Perpetuals only: their positions chain from zero; spot is a sample. */
function foldedRows(): Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(oracle)).toString('utf8').trim().split(/\r?\n/)
  const columns = header.split(',')
  const held = new Map<string, Position>()
  return lines.flatMap(line => {
    const cells = line.split(',')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const coin = cell('Coin')
    if (coin.startsWith('@')) return []
    const account = `${cell('Account')} ${coin}`
    const before = held.get(account) ?? FLAT
    const side = cell('Side') === 'BUY' ? 'buy' : 'sell'
    const [price, quantity, fee] = [amount(cell('Execution Price')), amount(cell('Size Tokens')), amount(cell('Fee'))]
    const after = afterFill(before, { side, price, quantity, fee })
    held.set(account, after)
    const change = quantity.times(directionOf(side))
    return [
      {
        coin,
        start: amount(cell('Start Position')),
        before,
        after,
        price,
        change,
        venueRealised: amount(cell('Closed PnL')),
      },
    ]
  })
}

/** The venue cuts its average price after a few decimals, as many for each coin: what it realises differs from ours by
 *  what was cut off, times the size. With the same cut, ours must be the venue's. */
function furthestOff(rows: readonly Row[], decimals: number): number {
  const off = rows.map(({ before, change, price, venueRealised }) => {
    const cut = averagePrice(before).toDecimalPlaces(decimals, Decimal.ROUND_DOWN)
    return change.neg().times(price.minus(cut)).minus(venueRealised).abs().toNumber()
  })
  return Math.max(...off)
}

describe.skipIf(!existsSync(oracle))(`real fills and the profit that their venue computed (needs ${oracle})`, () => {
  const rows = existsSync(oracle) ? foldedRows() : []
  const isClosing = ({ before, change }: Row) =>
    !before.quantity.isZero() && before.quantity.isNegative() !== change.isNegative()
  const closing = rows.filter(isClosing)
  const coins = [...new Set(closing.map(({ coin }) => coin))].sort()

  it('give the positions that the venue says, fill by fill', () => {
    expect(rows).toHaveLength(1873)
    for (const { start, before } of rows) expect(before.quantity.eq(start)).toBe(true)
  })

  it('realise nothing while a position grows, as the venue says', () => {
    const growing = rows.filter(row => !isClosing(row))
    for (const { before, after, venueRealised } of growing) {
      expect([after.realised.eq(before.realised), venueRealised.isZero()]).toEqual([true, true])
    }
  })

  it.each(coins)('realise on %s what the venue says, to the decimals that it keeps of its average price', coin => {
    const closed = closing.filter(row => row.coin === coin)
    const off = [2, 3, 4, 5, 6, 7].map(decimals => furthestOff(closed, decimals))
    expect(Math.min(...off)).toBeLessThan(0.002)
  })

  it('realise what the venue says to one in a thousand, before any cut', () => {
    let ours = amount(0)
    let theirs = amount(0)
    for (const { before, after, venueRealised } of rows) {
      ours = ours.plus(after.realised.minus(before.realised).abs())
      theirs = theirs.plus(venueRealised.abs())
    }
    expect(ours.div(theirs).minus(1).abs().toNumber()).toBeLessThan(0.001)
  })
})
