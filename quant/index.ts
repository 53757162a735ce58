export { Book, type BookSide } from './book/book.ts'
export type { DepthMessage, LevelsMessage, QuoteMessage, SnapshotMessage } from './book/messages.ts'
export { loadBook, type SavedBook, saveBook } from './book/saved-book.ts'
export { type FeatureName, featureNames } from './features/names.ts'
