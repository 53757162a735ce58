/** What a replay puts on config before the first message: the instruments of the captures, and ten portfolios with
 *  limits that trade them, so that every shard of a small layout has work.
 *
 *  O1  The names leave no shard of two or of five empty.
 *  O2  Inverse instruments are listed, and traded by nobody: their accounting is not that of cash and quantity. */
import {
  Decimal,
  type InstrumentListed,
  type LimitsSet,
  type PortfolioOpened,
  type StrategyAssigned,
} from '@tideway/schemas'

export interface OpenedPortfolio {
  readonly name: string
  readonly opened: PortfolioOpened
  readonly limits: LimitsSet
}

export interface Opening {
  readonly instruments: readonly InstrumentListed[]
  readonly portfolios: readonly OpenedPortfolio[]
}

/** From quick to slow, each trading by the next strategy in turn. */
export const portfolioNames = [
  'alder',
  'aspen',
  'beech',
  'birch',
  'fir',
  'hazel',
  'larch',
  'oak',
  'rowan',
  'yew',
] as const

/** What the portfolios trade by in turn, where nobody says otherwise. */
export const defaultStrategies = ['momentum', 'mean-reversion'] as const

export const defaultLimits: LimitsSet = {
  maxPositionNotional: new Decimal(25_000),
  maxOrderNotional: new Decimal(5_000),
  priceCollar: new Decimal('0.01'),
  maxDailyLoss: new Decimal(2_000),
  maxOpenOrders: 20,
}

const OPENING_CASH = new Decimal(100_000)
const LATENCY_MICROS = 5_000

export function openingOf(
  instruments: readonly InstrumentListed[],
  strategies: readonly string[] = defaultStrategies,
): Opening {
  const currency = currencyOf(instruments)
  const traded = instruments.filter(({ kind, settle }) => kind !== 'inverse' && settle === currency)
  const symbols = traded.map(({ venue, symbol }) => `${venue}:${symbol}`).sort()
  return {
    instruments,
    portfolios: portfolioNames.map((name, at) => ({
      name,
      limits: defaultLimits,
      opened: {
        account: 'paper',
        currency,
        cash: OPENING_CASH,
        latencyMicros: LATENCY_MICROS * (1 + (at % 3)),
        strategies: symbols.length === 0 ? [] : assigned(strategies, at, symbols),
      },
    })),
  }
}

/** How choosy a portfolio is beside the first of its strategy: what it waits for, and how long after an order. */
const PACES = [1, 1.25, 1.5, 2, 3]

const pacedParameters: Readonly<Record<string, (pace: number) => Readonly<Record<string, number>>>> = {
  momentum: pace => ({ enter: pace, cooldownSeconds: 5 * pace }),
  'mean-reversion': pace => ({ enter: 2 + pace, cooldownSeconds: 5 * pace, patienceSeconds: 30 * pace }),
}

function assigned(strategies: readonly string[], at: number, symbols: readonly string[]): StrategyAssigned[] {
  const name = strategies[at % strategies.length]
  if (name === undefined) return []
  const pace = PACES[Math.floor(at / strategies.length) % PACES.length] ?? 1
  return [{ name, symbols, parameters: pacedParameters[name]?.(pace) ?? {} }]
}

/** The asset in which most of the tradable instruments settle; the first by name of equals. */
function currencyOf(instruments: readonly InstrumentListed[]): string {
  const counts = new Map<string, number>()
  for (const { kind, settle } of instruments) if (kind !== 'inverse') counts.set(settle, (counts.get(settle) ?? 0) + 1)
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return most?.[0] ?? 'USDT'
}
