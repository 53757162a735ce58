/** A fill that cannot be accounted for: it is set aside, the books stay as they are. */
export type PortfolioErrorCode =
  | 'not-open' // open the portfolio, then replay the fill
  | 'unknown-instrument' // list the instrument, then replay the fill
  | 'unsupported' // an accounting or a fee asset that is not there yet

export class PortfolioError extends Error {
  override readonly name = 'PortfolioError'
  readonly code: PortfolioErrorCode

  constructor(code: PortfolioErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
