/** Whether a depth message follows on what a book knows.
 *
 *  Binance USD-M and COIN-M name the last id of the message before (`pu`); spot numbers every change, so that the next
 *  message starts at the last id + 1. A message may reach back before the known id: it carries final sizes. */

/** `previousUpdateId` -1 says that the venue gives none. */
export function follows(known: number, firstUpdateId: number, previousUpdateId: number): boolean {
  return previousUpdateId >= 0 ? previousUpdateId <= known : firstUpdateId <= known + 1
}
