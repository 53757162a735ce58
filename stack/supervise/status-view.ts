/** The status of the engine as lines: one screen of it, or one line of it. */
import { Decimal } from '@tideway/schemas'
import type { PortfolioStatus, StageStatus, Status } from '../engine/status.ts'
import type { Opened } from './messages.ts'
import { type Line, type Piece, painted, table } from './paint.ts'
import { clockTime, duration, grouped, megabytes, money, plural, quantity, rate, signedMoney } from './text.ts'

/** What a supervisor knows. */
export interface View {
  readonly home: string
  readonly opened?: Opened
  readonly status?: Status
  /** Why there is no engine at the moment. */
  readonly waiting?: string
  /** The last lines that the engine wrote, for what they warn of. */
  readonly warnings: readonly string[]
}

const WARNINGS = 3
/** Rows that portfolios get before stages do: a head, four of them, and how many more there are. */
const PORTFOLIO_ROWS = 6
/** Narrower than this, positions have no room beside their portfolio. */
const WIDE = 70

/** A screen of `rows` lines at most, none wider than `columns`. */
export function screenOf(view: View, columns: number, rows: number, colours: boolean): string[] {
  const { opened, status, warnings } = view
  const top = [...titleOf(view, columns), [], ...(status ? [...numbersOf(status, columns), []] : [])]
  const bottom: Line[] = warnings.slice(-WARNINGS).map((line): Line => [[` ${line}`, 'yellow']])
  const room = rows - top.length - bottom.length
  // A low screen shows who has what before it shows every stage.
  const stages = status ? [...stagesOf(status.stages, columns).slice(0, Math.max(1, room - PORTFOLIO_ROWS)), []] : []
  const portfolios = status ? portfoliosOf(status.portfolios, columns, Math.max(2, room - stages.length)) : []
  const waiting: Line[] = !status && !view.waiting ? [[opened ? ' Restoring ...' : ' Starting ...']] : []
  return [...top, ...waiting, ...stages, ...portfolios, ...bottom]
    .slice(0, rows)
    .map(line => painted(line, columns, colours))
}

function titleOf({ home, opened, status, waiting }: View, columns: number): Line[] {
  const up = status ? `up ${duration(status.uptimeSeconds)}  ` : ''
  const right = `${up}Ctrl-C stops `
  const left = ' Tideway, trading on paper'
  const space = ' '.repeat(Math.max(2, columns - left.length - right.length))
  const lines: Line[] = [[[left, 'bold'], space, [right, 'dim']]]
  if (opened) {
    const { layout, pid, url } = opened
    const shape = `${plural(layout.partitions, 'partition')}, ${plural(layout.shards, 'shard')}`
    lines.push([[` log in ${home}, ${shape}; engine ${pid}; metrics ${url}/metrics`, 'dim']])
  }
  if (waiting) lines.push([[` ${waiting}`, 'red']])
  return lines
}

function numbersOf(status: Status, columns: number): Line[] {
  const { latencyMillis: latency, deadLetters } = status
  const cells: Line[] = [
    [' ticks ', [`${rate(status.ticksPerSecond)}/s`, 'cyan']],
    [' lag ', [grouped(status.lagRecords), 'cyan']],
    [' tick to order ', [latency ? `p50 ${latency.p50.toFixed(0)} ms p99 ${latency.p99.toFixed(0)} ms` : '-', 'cyan']],
    [' orders ', [grouped(status.orders), 'cyan']],
    [' fills ', [grouped(status.fills), 'cyan']],
    [' dead letters ', [grouped(deadLetters), deadLetters > 0 ? 'red' : 'cyan']],
    [' memory ', [megabytes(status.residentBytes), 'cyan']],
  ]
  return flowed(cells, columns)
}

/** As many cells on a line as fit. */
function flowed(cells: readonly Line[], columns: number): Line[] {
  const lines: Piece[][] = []
  let width = Number.POSITIVE_INFINITY
  for (const cell of cells) {
    const needed = cell.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece : piece[0]).length, 1)
    if (width + needed > columns) {
      lines.push([])
      width = 0
    }
    lines.at(-1)?.push(...cell, ' ')
    width += needed
  }
  return lines
}

/** Cells of one width, so that numbers stay where they are while they change. */
function stagesOf(stages: readonly StageStatus[], columns: number): Line[] {
  const cells = stages.map(({ stage, foldedPerSecond, emittedPerSecond }): Line => {
    const numbers = `${rate(foldedPerSecond).padStart(7)} in/s ${rate(emittedPerSecond).padStart(6)} out/s`
    return [` ${stage.padEnd(10)}`, [numbers, 'cyan'], ' ']
  })
  return flowed(cells, columns)
}

function portfoliosOf(portfolios: readonly PortfolioStatus[], columns: number, rows: number): Line[] {
  const isWide = columns >= WIDE
  const shown = portfolios.length < rows ? portfolios : portfolios.slice(0, Math.max(0, rows - 2))
  const head: Piece[] = [
    [' portfolio', 'dim'],
    ['equity', 'dim'],
    ['PnL', 'dim'],
    ...(isWide ? [['fees', 'dim'] as const, ['positions', 'dim'] as const] : []),
  ]
  const body = shown.map((portfolio): Piece[] => [
    ` ${portfolio.portfolio}`,
    money(portfolio.equity),
    resultOf(portfolio),
    ...(isWide ? [money(portfolio.fees), positionsOf(portfolio)] : []),
  ])
  const more = portfolios.length - shown.length
  return [...table([head, ...body], [1, 2, 3]), ...(more > 0 ? [[[` and ${more} more`, 'dim']] as const] : [])]
}

/** What was won or lost since opening, fees taken off. */
export function netResult({ realised, unrealised, fees }: PortfolioStatus): Decimal {
  const of = (text: string) => new Decimal(text === '' ? 0 : text)
  return of(realised).plus(of(unrealised)).minus(of(fees))
}

function resultOf(portfolio: PortfolioStatus): Piece {
  const net = netResult(portfolio)
  return net.isZero() ? '0.00' : [signedMoney(net), net.gt(0) ? 'green' : 'red']
}

function positionsOf({ halted, positions }: PortfolioStatus): Piece {
  const held = positions.map(({ symbol, quantity: amount }) => `${quantity(amount)} ${symbol.replace(/^[^:]*:/, '')}`)
  if (halted) return [['halted', ...held].join('  '), 'red']
  return held.join('  ')
}

/** One line for a log or a pipe. */
export function lineOf(status: Status): string {
  const { portfolios, latencyMillis: latency } = status
  const sum = (amounts: readonly Decimal[]) => amounts.reduce((total, each) => total.plus(each), new Decimal(0))
  const equity = sum(portfolios.map(each => new Decimal(each.equity === '' ? 0 : each.equity)))
  const held = portfolios.reduce((total, { positions }) => total + positions.length, 0)
  const halted = portfolios.filter(each => each.halted).length
  return [
    clockTime(status.time),
    `ticks/s ${rate(status.ticksPerSecond)}`,
    `lag ${grouped(status.lagRecords)}`,
    latency ? `p50 ${latency.p50.toFixed(0)} ms  p99 ${latency.p99.toFixed(0)} ms` : 'p50 -  p99 -',
    `orders ${grouped(status.orders)}`,
    `fills ${grouped(status.fills)}`,
    `positions ${held}`,
    `PnL ${signedMoney(sum(portfolios.map(netResult)))}`,
    `equity ${grouped(equity.toFixed(2))}`,
    `dead letters ${grouped(status.deadLetters)}`,
    `memory ${megabytes(status.residentBytes)}`,
    ...(halted > 0 ? [`halted ${halted}`] : []),
  ].join('  ')
}
