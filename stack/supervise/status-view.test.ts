import { Decimal } from '@tideway/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PortfolioStatus, Status } from '../engine/status.ts'
import { painted, table } from './paint.ts'
import { lineOf, netResult, screenOf, type View } from './status-view.ts'
import { clockTime, duration, grouped, instant, money, quantity, rate, signedMoney } from './text.ts'

const aPortfolio = (portfolio: string, changes: Partial<PortfolioStatus> = {}): PortfolioStatus => ({
  ...{ portfolio, equity: '100012.345', realised: '20.5', unrealised: '-3.155', fees: '5', halted: false },
  positions: [{ symbol: 'simulated:BTC/USDT', quantity: '0.01666', averagePrice: '60019.49' }],
  ...changes,
})
const stages = ['book', 'candles', 'features', 'strategy', 'risk', 'execution', 'portfolio', 'venue-sim']
const aStatus = (changes: Partial<Status> = {}): Status => ({
  ...{ time: 1_700_000_000_000_000, uptimeSeconds: 3723, ticksPerSecond: 312.4, lagRecords: 7, orders: 42, fills: 51 },
  ...{ stages: stages.map(stage => ({ stage, foldedPerSecond: 312, emittedPerSecond: 2.5 })), deadLetters: 0 },
  ...{ latencyMillis: { p50: 12.4, p99: 31 }, residentBytes: 180e6 },
  portfolios: ['alder', 'aspen', 'beech', 'birch', 'fir', 'hazel', 'larch', 'oak'].map(name => aPortfolio(name)),
  ...changes,
})
const opened = { pid: 7, url: 'http://127.0.0.1:9464', folder: '.tideway/log', incarnation: 'x' }
const aView = (changes: Partial<View> = {}): View => ({
  ...{ home: '.tideway', opened: { ...opened, layout: { partitions: 4, shards: 2 } }, status: aStatus(), warnings: [] },
  ...changes,
})

describe('the screen', () => {
  it('shows rates, lag, latency, orders, memory, every stage and every portfolio', () => {
    const text = screenOf(aView(), 100, 30, false).join('\n')
    for (const part of [
      ...stages,
      ...['ticks 312/s', 'lag 7', 'p50 12 ms p99 31 ms', 'orders 42', 'fills 51', 'memory 180 MB', 'up 1:02:03'],
      ...['alder', '100 012.34', '+12.34', '0.01666 BTC/USDT', 'http://127.0.0.1:9464/metrics'],
    ])
      expect(text).toContain(part)
  })

  it('fits any terminal, with and without colours', () => {
    const sizes = fc.tuple(fc.integer({ min: 10, max: 200 }), fc.integer({ min: 3, max: 60 }), fc.boolean())
    fc.assert(
      fc.property(sizes, fc.boolean(), ([columns, rows, colours], waits) => {
        const warnings = ['a warning that is longer than most terminals are wide'.repeat(4)]
        const view = aView(waits ? { waiting: 'The engine ended (SIGKILL).', warnings } : { warnings })
        const lines = screenOf(view, columns, rows, colours)
        expect(lines.length).toBeLessThanOrEqual(rows)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
        for (const line of lines) expect(line.replace(/\u001b\[\d+m/g, '').length).toBeLessThanOrEqual(columns)
      }),
    )
  })

  it('shows portfolios before stages where rows are few, and says how many more there are', () => {
    const text = screenOf(aView(), 80, 16, false).join('\n')
    expect(text).toContain('alder')
    expect(text).toMatch(/and \d more/)
  })

  it('says what it waits for, before there is an engine and after one has died', () => {
    expect(screenOf({ home: 'x', warnings: [] }, 80, 24, false).join('\n')).toContain('Starting')
    const { status: _, ...restoring } = aView()
    expect(screenOf(restoring, 80, 24, false).join('\n')).toContain('Restoring')
    expect(screenOf({ ...restoring, waiting: 'It ended.' }, 80, 24, false).join('\n')).toContain('It ended.')
  })

  it('marks a halted portfolio', () => {
    const halted = aStatus({ portfolios: [aPortfolio('alder', { halted: true, positions: [] })] })
    expect(screenOf(aView({ status: halted }), 100, 24, false).join('\n')).toContain('halted')
  })
})

describe('the line', () => {
  it('sums up what the screen shows', () => {
    expect(lineOf(aStatus())).toBe(
      '22:13:20  ticks/s 312  lag 7  p50 12 ms  p99 31 ms  orders 42  fills 51  positions 8  PnL +98.76' +
        '  equity 800 098.76  dead letters 0  memory 180 MB',
    )
    expect(lineOf(aStatus({ latencyMillis: undefined, portfolios: [] }))).toContain('p50 -  p99 -')
  })

  it('counts fees against the result', () => {
    expect(netResult(aPortfolio('a')).toFixed()).toBe('12.345')
    expect(netResult(aPortfolio('a', { realised: '', unrealised: '', fees: '' })).toFixed()).toBe('0')
  })
})

describe('numbers and times as text', () => {
  it.each([
    [grouped(1_234_567), '1 234 567'],
    [grouped('-1234.5678'), '-1 234.5678'],
    [grouped(999), '999'],
    [rate(0), '0'],
    [rate(2.54), '2.5'],
    [rate(3177), '3 177'],
    [money(''), '-'],
    [money('1234.565'), '1 234.56'],
    [signedMoney(new Decimal('5')), '+5.00'],
    [signedMoney(new Decimal('-0.004')), '0.00'],
    [quantity('0.016660000'), '0.01666'],
    [duration(59.9), '0:00:59'],
    [duration(90_061), '25:01:01'],
    [instant(1_700_000_000_123_456), '2023-11-14T22:13:20.123456Z'],
    [clockTime(1_700_000_000_123_456), '22:13:20'],
  ])('%s', (text, wanted) => expect(text).toBe(wanted))
})

describe('a line of pieces', () => {
  it('is painted piece by piece, and cut without cutting a colour', () => {
    expect(painted(['a', ['b', 'red']], 10, true)).toBe('a\u001b[31mb\u001b[39m')
    expect(painted(['a', ['b', 'red']], 10, false)).toBe('ab')
    expect(painted(['abcdef', ['ghij', 'red']], 8, true)).toBe('abcdef..')
    expect(painted(['abc', ['defgh', 'red']], 6, true)).toBe('abc\u001b[31md\u001b[39m..')
  })
  it('is one of a table, with numbers to the right', () => {
    const lines = table(
      [
        ['name', 'n'],
        ['a', ['100', 'red']],
        ['bcdef', '7'],
      ],
      [1],
    )
    expect(lines.map(line => painted(line, 80, false))).toEqual(['name     n', 'a      100', 'bcdef    7'])
  })
})
