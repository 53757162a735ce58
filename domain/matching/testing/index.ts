export { type LevelBook, levelBook } from './level-book.ts'
export { aMarketOrder, anOrder, told } from './orders.ts'
