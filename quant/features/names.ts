/** The feature vector, in its order; NaN until warm. Places are never reused: a new feature goes to the end.
 *
 *  return1s, return10s  log return of mid over the last 1 s and 10 s
 *  volatility           root mean square of the 100 ms log returns of the last 10 s, scaled to one second
 *  spread               (ask - bid) / mid
 *  imbalance            (bids - asks) / (bids + asks), lots of the best five levels, in [-1, 1]
 *  microprice           (microprice - mid) / mid; microprice = (bid * askLots + ask * bidLots) / (bidLots + askLots)
 *  orderFlowImbalance   lots, over the last second (Cont, Kukanov, Stoikov 2014)
 *  tradeIntensity       trades per second, weighted by 0.9 per 100 ms of age
 *  vwapDistance         (mid - vwap) / vwap, vwap over the last 60 s
 *  rsi                  Wilder's, 0 to 100, 14 mids of 500 ms
 *  emaFast, emaSlow     of mid in ticks, 20 and 100 samples of 100 ms */
export const featureNames = [
  'return1s',
  'return10s',
  'volatility',
  'spread',
  'imbalance',
  'microprice',
  'orderFlowImbalance',
  'tradeIntensity',
  'vwapDistance',
  'rsi',
  'emaFast',
  'emaSlow',
] as const

export type FeatureName = (typeof featureNames)[number]
