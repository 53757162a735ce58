/** Order flow at the best prices: what one change of them adds to the imbalance.
 *
 *  Cont, Kukanov, Stoikov, "The Price Impact of Order Book Events", Journal of Financial Econometrics 12, 2014, eq. 2-3:
 *    e = 1[bid >= bid'] bidLots - 1[bid <= bid'] bidLots' - 1[ask <= ask'] askLots + 1[ask >= ask'] askLots'
 *  where a prime marks the state before. Above 0 where buyers press. In lots. */
export function orderFlowOf(
  bidTicksBefore: number,
  bidLotsBefore: number,
  askTicksBefore: number,
  askLotsBefore: number,
  bidTicks: number,
  bidLots: number,
  askTicks: number,
  askLots: number,
): number {
  let flow = 0
  if (bidTicks >= bidTicksBefore) flow += bidLots
  if (bidTicks <= bidTicksBefore) flow -= bidLotsBefore
  if (askTicks <= askTicksBefore) flow -= askLots
  if (askTicks >= askTicksBefore) flow += askLotsBefore
  return flow
}
