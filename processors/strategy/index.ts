/** What the author of a strategy imports. */
export { buy, type Decision, exit, goLong, goShort, sell } from './decision.ts'
export {
  defineStrategy,
  type Holding,
  type Moment,
  type Sense,
  type StrategyDefinition,
  type StrategySource,
} from './definition.ts'
export { StrategyError } from './errors.ts'
