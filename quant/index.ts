export { Book, type BookSide } from './book/book.ts'
export type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from './book/messages.ts'
export { loadBook, type SavedBook, saveBook } from './book/saved-book.ts'
export {
  advanceFeatures,
  createFeatures,
  type Features,
  featureVector,
  foldBook,
  foldTrade,
  STEP_MICROS,
} from './features/features.ts'
export { type FeatureName, featureNames } from './features/names.ts'
export * from './indicators/index.ts'
export { createRing, isFull, pushRing, type Ring, ringAt } from './ring.ts'
export { logRatio } from './statistics/log-ratio.ts'
export { createRollingSum, foldRollingSum, type RollingSum } from './statistics/rolling-sum.ts'
export { createRealisedVolatility, foldRealisedVolatility, type RealisedVolatility } from './volatility/realised.ts'
