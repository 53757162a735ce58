export * from './instrument/instrument.ts'
export type { BookSide, RecordedBook } from './matching/recorded-book.ts'
export { fromNumber, type RoundingMode } from './money/from-number.ts'
