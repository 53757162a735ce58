export {
  cancel,
  type Engine,
  emptyEngine,
  isIdle,
  nothing,
  OPEN_ORDERS_MAX,
  onBook,
  onTrade,
  openOrders,
  submit,
} from './engine.ts'
export { type Fee, feeOf } from './fee.ts'
export { MatchingError, type NewOrder, type Outcome } from './order.ts'
export { PRINT_DELAY_MICROS, type RestingOrder } from './queue-position.ts'
export type { BookSide, RecordedBook } from './recorded-book.ts'
export { TAKEN_LEVELS_MAX, type TakenLevel } from './taken-liquidity.ts'
