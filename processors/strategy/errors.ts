/** A strategy that cannot be: its definition, its assignment or its answer is wrong. Fix the file or the event. */
export class StrategyError extends Error {
  override readonly name = 'StrategyError'
  readonly strategy: string

  constructor(strategy: string, problem: string) {
    super(`strategy ${strategy}: ${problem}`)
    this.strategy = strategy
  }
}
