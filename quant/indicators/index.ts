/** Indicators, each a fold over plain state: `create...` makes it, `fold...` adds a value in constant time and returns
 *  the indicator, NaN until warm. */
export { type Atr, createAtr, foldAtr } from './atr.ts'
export { type Bollinger, createBollinger, foldBollinger } from './bollinger.ts'
export { createMacd, foldMacd, type Macd } from './macd.ts'
export { createRsi, foldRsi, type Rsi } from './rsi.ts'
export { createSma, foldSma, type Sma } from './sma.ts'
export { createEma, createWilder, foldSmoothed, type Smoothed, smoothedValue } from './smoothed.ts'
export { createVariance, foldVariance, populationVariance, type Variance } from './variance.ts'
export { createVwap, foldVwap, type Vwap } from './vwap.ts'
