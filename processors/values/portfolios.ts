/** Portfolios by name, as `config` opens them; the last opening counts. */
import { Decimal, type PortfolioOpened, type View } from '@tideway/schemas'

type SavedPortfolio = Omit<PortfolioOpened, 'cash'> & { readonly cash: string }

export const portfolios: View<Map<string, PortfolioOpened>> = {
  name: 'portfolios',
  version: 1,
  reads: ['config'],
  empty: () => new Map(),
  fold(state, event) {
    if (event.type === 'PortfolioOpened') state.set(event.key, event.data)
  },
  save: state => [...state].map(([name, opened]) => [name, { ...opened, cash: opened.cash.toString() }]),
  load: saved =>
    new Map(
      (saved as readonly [string, SavedPortfolio][]).map(([name, opened]) => [
        name,
        { ...opened, cash: new Decimal(opened.cash) },
      ]),
    ),
}
