/** How the three Binance markets differ. The simulated market speaks as spot does.
 *
 *  |             | book ticker          | depth           | trade | snapshot                |
 *  | spot        | no type, no time     | E; U, u         | T     | no time, no symbol      |
 *  | USD-M       | type, T              | T; U, u, pu     | T     | T, no symbol            |
 *  | COIN-M      | type, T, pair (`ps`) | T; U, u, pu, ps | T     | T, `symbol` and `pair`  |
 *  `T` is when the matching engine did it, `E` when the message left. */

export interface Dialect {
  /** Depth names the last id of the message before it, book tickers and snapshots have a time. */
  readonly futures: boolean
}

export const dialects: Readonly<Record<string, Dialect>> = {
  binance: { futures: false },
  simulated: { futures: false },
  'binance-usdm': { futures: true },
  'binance-coinm': { futures: true },
}
