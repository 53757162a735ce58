/** Questions to a log: what it holds, why an order happened, what was set aside. */
export {
  deadLetter,
  deadLetters,
  deadLetterTopics,
  eventOfLetter,
  type ListedLetter,
} from './dead-letters.ts'
export { type Found, findEvent, type Missing, offsetAt } from './find.ts'
export {
  type CauseNode,
  type Lineage,
  type LineageBounds,
  lineageBounds,
  lineageOf,
  type OrderStory,
  orderOf,
} from './lineage.ts'
export { type BecameOrder, orderOfCommand } from './order-of-command.ts'
export { type ListedPortfolio, listedPortfolios, symbolsOf } from './portfolios.ts'
export { eventsOfKey, type ReadableLog, readableEvent, recordsOf } from './readable-log.ts'
export { listedInstruments, type Resend, type ResendOptions, resendOf } from './replay-letter.ts'
export { type LogState, logState, type TopicState, type WriterState } from './topics.ts'
