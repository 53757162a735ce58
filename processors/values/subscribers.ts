/** Who trades what: the portfolios of each symbol and the symbols of each portfolio, folded from config.
 *
 *  S1  An answer is the same array until the next change, so that a task may keep what it derived from it.
 *  S2  Names are in code-unit order, whatever the order in which portfolios were opened. */
import type { View } from '@tideway/schemas'

export interface Subscribers {
  readonly bySymbol: Map<string, readonly string[]>
  readonly byPortfolio: Map<string, readonly string[]>
  all: readonly string[]
}

export const subscribers: View<Subscribers> = {
  name: 'subscribers',
  version: 1,
  reads: ['config'],
  empty: () => ({ bySymbol: new Map(), byPortfolio: new Map(), all: [] }),
  save: state => [...state.byPortfolio],
  load(saved) {
    const state: Subscribers = { bySymbol: new Map(), byPortfolio: new Map(), all: [] }
    for (const [portfolio, symbols] of saved as [string, readonly string[]][]) subscribe(state, portfolio, symbols)
    return state
  },
  fold(state, event) {
    if (event.type !== 'PortfolioOpened') return
    subscribe(state, event.key, sorted(event.data.strategies.flatMap(({ symbols }) => symbols)))
  },
}

function subscribe(state: Subscribers, portfolio: string, symbols: readonly string[]): void {
  for (const symbol of state.byPortfolio.get(portfolio) ?? []) {
    state.bySymbol.set(
      symbol,
      (state.bySymbol.get(symbol) ?? []).filter(each => each !== portfolio),
    )
  }
  for (const symbol of symbols) state.bySymbol.set(symbol, sorted([...(state.bySymbol.get(symbol) ?? []), portfolio]))
  state.byPortfolio.set(portfolio, symbols)
  state.all = sorted([...state.byPortfolio.keys()])
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
