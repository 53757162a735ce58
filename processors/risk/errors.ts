/** A limit or command that risk cannot take: correct the event and send it again. */
export class RiskError extends Error {
  override readonly name = 'RiskError'
}
