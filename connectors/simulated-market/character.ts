/** How each simulated symbol behaves: its prices, its liquidity and its moods.
 *
 *  The value that the market looks for walks at random and is pulled back to its anchor, so that it neither dies out nor
 *  runs away over days. A mood changes how it walks for a few seconds:
 *
 *  | mood      | walks              | lasts   | next                                   |
 *  | calm      | as usual           | 4-15 s  | burst 50 %, reversion 30 %, storm 20 % |
 *  | burst     | with a strong drift | 4-12 s | reversion 60 %, calm 40 %              |
 *  | reversion | back to its anchor | 5-15 s  | calm 60 %, burst 40 %                  |
 *  | storm     | three times as wild | 3-8 s  | calm 50 %, reversion 50 %              |
 *
 *  The moves are those of a lively minute, not of an average one: a strategy meets a trend and a return within seconds. */

export type MoodName = 'calm' | 'burst' | 'reversion' | 'storm'

export interface Mood {
  /** Multiplies the usual volatility. */
  readonly wildness: number
  /** Largest drift, as a fraction of price per second; the drawn one is at least half of it, up or down. */
  readonly drift: number
  /** Share of the distance to the anchor that is made good per second. */
  readonly pull: number
  readonly seconds: readonly [least: number, most: number]
  /** What follows, each with its share; they add up to 1. */
  readonly next: readonly (readonly [MoodName, number])[]
}

export const moods: Readonly<Record<MoodName, Mood>> = {
  calm: {
    wildness: 1,
    drift: 0,
    pull: 0.002,
    seconds: [4, 15],
    next: [
      ['burst', 0.5],
      ['reversion', 0.3],
      ['storm', 0.2],
    ],
  },
  burst: {
    wildness: 1.5,
    drift: 3e-4,
    pull: 0.002,
    seconds: [4, 12],
    next: [
      ['reversion', 0.6],
      ['calm', 0.4],
    ],
  },
  reversion: {
    wildness: 1,
    drift: 0,
    pull: 0.12,
    seconds: [5, 15],
    next: [
      ['calm', 0.6],
      ['burst', 0.4],
    ],
  },
  storm: {
    wildness: 3,
    drift: 0,
    pull: 0.01,
    seconds: [3, 8],
    next: [
      ['calm', 0.5],
      ['reversion', 0.5],
    ],
  },
}

/** Volatility of the value in a calm second, as a fraction of price. */
export const CALM_VOLATILITY = 8e-5

export interface Character {
  /** `BTCUSDT` */
  readonly venueSymbol: string
  readonly priceDecimals: number
  readonly sizeDecimals: number
  /** The anchor, in ticks. */
  readonly anchorTicks: number
  /** Usual distance between two levels, in ticks; about the spread. */
  readonly gapTicks: number
  /** What usually rests on a level. */
  readonly levelLots: number
}

export const characters: readonly Character[] = [
  {
    venueSymbol: 'BTCUSDT',
    priceDecimals: 2,
    sizeDecimals: 5,
    anchorTicks: 6_000_000,
    gapTicks: 40,
    levelLots: 40_000,
  },
  { venueSymbol: 'ETHUSDT', priceDecimals: 2, sizeDecimals: 4, anchorTicks: 260_000, gapTicks: 3, levelLots: 60_000 },
  { venueSymbol: 'SOLUSDT', priceDecimals: 2, sizeDecimals: 3, anchorTicks: 15_000, gapTicks: 1, levelLots: 80_000 },
]
