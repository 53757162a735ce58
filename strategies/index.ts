/** The built-in strategies: examples to start from, not advice. */
import type { StrategyDefinition } from '@tideway/processors/strategy'
import { meanReversion } from './mean-reversion.ts'
import { momentum } from './momentum.ts'

export { meanReversion } from './mean-reversion.ts'
export { momentum } from './momentum.ts'

export const builtInStrategies: readonly StrategyDefinition[] = [momentum, meanReversion]
