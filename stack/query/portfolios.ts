/** The portfolios of a log and what they trade, as `config` last said. */
import type { LimitsSet, PortfolioOpened } from '@tideway/schemas'
import { type ReadableLog, readableEvent, recordsOf } from './readable-log.ts'

export interface ListedPortfolio {
  readonly name: string
  readonly opened: PortfolioOpened
  /** As configured; commands may have changed them since. */
  readonly limits: LimitsSet | undefined
}

/** In the order of their names. */
export async function listedPortfolios(log: ReadableLog): Promise<ListedPortfolio[]> {
  const opened = new Map<string, PortfolioOpened>()
  const limits = new Map<string, LimitsSet>()
  for await (const record of recordsOf(log, 'config', 0)) {
    const event = readableEvent('config', record)
    if (event?.type === 'PortfolioOpened') opened.set(event.key, event.data)
    if (event?.type === 'LimitsSet') limits.set(event.key, event.data)
  }
  return [...opened]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, data]) => ({ name, opened: data, limits: limits.get(name) }))
}

/** Symbols that a portfolio trades, in the order of their names. */
export function symbolsOf({ strategies }: PortfolioOpened): string[] {
  return [...new Set(strategies.flatMap(({ symbols }) => symbols))].sort()
}
