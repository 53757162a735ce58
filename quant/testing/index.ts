/** For tests: plain twins of the fast folds, builders of messages, recorded market data. */
export { aDepth, aQuote, aSnapshot, type Level, type Sides as BookSides } from '../book/testing/messages.ts'
export { PlainBook } from '../book/testing/plain-book.ts'
export { type Depths, PlainFeatures } from '../features/testing/plain-features.ts'
export { type CaptureName, captureNames, capturesThere, type RecordedMessage, recordedMessages } from './captures.ts'
